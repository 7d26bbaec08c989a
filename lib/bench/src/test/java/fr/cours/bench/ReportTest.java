package fr.cours.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Le tableau, à partir de ce que des JVM ont écrit. */
class ReportTest {
    private static final Work WORK = new Work(Work.Kind.ATTENTION, 8, 64, 64, 0);
    private static final String TITLE = "| attention, sortie et poids : 8 × 64 × 64 | 2 | ";

    @TempDir
    private Path directory;

    private Measurements measurements;

    @BeforeEach
    void nobodyHasMeasured() {
        measurements = new Measurements(directory);
    }

    /** Ce qu'une JVM laisse : ses résultats, et son temps en µs. */
    private void measured(String contender, double time, float... result) throws IOException {
        Samples.write(directory.resolve(contender + "-2").resolve(WORK.name()), List.of(result));
        Path csv = directory.resolve("jvm.csv");
        Files.writeString(csv, "temps;" + WORK.name() + ";" + time + "\nversion;" + contender + " 1.0\n");
        measurements.add(contender, 2, csv);
    }

    private boolean write() throws IOException {
        return new Report(measurements, List.of(WORK), List.of(2), true).write(directory);
    }

    private String row() throws IOException {
        return Files.readAllLines(directory.resolve("mesures.md")).get(2);
    }

    @Test
    void equalResultsGiveTheirTimesAndTheRatioToTheBest() throws IOException {
        measured("cours", 1500, 1, 2);
        measured("tensorflow", 2000, 1, 2);
        measured("pytorch", 12_345, 1, 2.0001f);
        assertThat(write()).isTrue();
        assertThat(row()).isEqualTo(TITLE + "1,50 | 2,00 | 12,3 | 0,75 | 5e-05 |");
        assertThat(directory.resolve("rapports.png")).isNotEmptyFile();
        assertThat(Files.readAllLines(directory.resolve("mesures.csv"))).hasSize(4);
        assertThat(Files.readString(directory.resolve("mesures.md"))).contains("- pytorch 1.0", "forme courte");
    }

    @Test
    void unequalResultsAreRefused() throws IOException {
        measured("cours", 1500, 1, 2);
        measured("tensorflow", 10, 1, 2.01f);
        measured("pytorch", 3000, 1, 2);
        assertThat(write()).isFalse();
        assertThat(row()).isEqualTo(TITLE + "1,50 | résultats différents (5e-03) | 3,00 | 0,50 | 5e-03 |");
    }

    @Test
    void ourOwnNanIsRefusedWhoeverAgrees() throws IOException {
        measured("cours", 1500, 1, Float.NaN);
        measured("tensorflow", 2000, 1, Float.NaN);
        measured("pytorch", 3000, 1, 2);
        assertThat(write()).isFalse();
        assertThat(row())
                .isEqualTo(
                        TITLE + "1,50 | résultats différents (Infinity) | résultats différents (Infinity) | – | – |");
        assertThat(directory.resolve("rapports.png")).doesNotExist();
    }

    @Test
    void whoFailedIsNamed() throws IOException {
        measured("cours", 250, 1, 2);
        measured("pytorch", 1000, 1, 2);
        assertThat(write()).isFalse();
        assertThat(row()).isEqualTo(TITLE + "0,250 | échec | 1,00 | 0,25 | 0e+00 |");
    }

    @Test
    void nothingIsComparedWhenWeFailed() throws IOException {
        measured("tensorflow", 2000, 1, 2);
        assertThat(write()).isFalse();
        assertThat(row()).isEqualTo(TITLE + "échec | 2,00 | échec | – | – |");
    }
}
