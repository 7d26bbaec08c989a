package fr.cours.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasurementsTest {
    private static final Work WORK = new Work(Work.Kind.ATTENTION, 2, 5, 64, 0);

    @TempDir
    private Path directory;

    @Test
    void theMedianIsTheMiddleWhateverTheOrder() {
        assertThat(Measurements.median(List.of())).isEmpty();
        assertThat(Measurements.median(List.of(7.0))).hasValue(7);
        assertThat(Measurements.median(List.of(9.0, 1.0, 4.0))).hasValue(4);
        assertThat(Measurements.median(List.of(4.0, 1.0, 100.0, 2.0))).hasValue(3);
    }

    /** Trois tours à deux fils, un tour à un fil, et l'autre concurrent : rien ne se mélange. */
    @Test
    void roundsOfOneContenderAndThreadCountAreGathered() throws IOException {
        Measurements measurements = new Measurements(directory);
        for (String time : List.of("30", "10", "20")) {
            measurements.add("cours", 2, file("temps;attention-2x5x64;" + time, "version;Java 17 ; deux fils"));
        }
        measurements.add("cours", 1, file("temps;attention-2x5x64;99", "memoire;attention-2x5x64;3.5"));
        measurements.add("pytorch", 2, file("temps;attention-2x5x64;40"));

        assertThat(measurements.time(WORK, "cours", 2)).hasValue(20);
        assertThat(measurements.time(WORK, "cours", 1)).hasValue(99);
        assertThat(measurements.time(WORK, "pytorch", 2)).hasValue(40);
        assertThat(measurements.time(WORK, "tensorflow", 2)).isEmpty();
        assertThat(measurements.memory(WORK, "cours", 1)).hasValue(3.5);
        assertThat(measurements.memory(WORK, "cours", 2)).isEmpty();
        assertThat(measurements.versions()).containsOnlyKeys("cours").containsEntry("cours", "Java 17 ; deux fils");
        assertThat(measurements.csv())
                .startsWith(
                        "mesure;travail;concurrent;fils;tour;valeur",
                        "temps;attention-2x5x64;cours;2;1;30.0",
                        "temps;attention-2x5x64;cours;2;2;10.0")
                .hasSize(7);
    }

    @Test
    void aTimeThatIsNotANumberIsNotIgnored() throws IOException {
        Path csv = file("temps;attention-2x5x64;vite");
        assertThatThrownBy(() -> new Measurements(directory).add("cours", 1, csv))
                .isInstanceOf(NumberFormatException.class);
    }

    private Path file(String... lines) throws IOException {
        return Files.write(directory.resolve("jvm.csv"), List.of(lines));
    }
}
