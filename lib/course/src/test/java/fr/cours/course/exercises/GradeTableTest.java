package fr.cours.course.exercises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** Le tableau d'une classe, lu du fichier des verdicts. */
class GradeTableTest {
    private static final String VERDICTS = String.join(
            "\n",
            "zoé\t2.2\tjuste\tÉtape 2 : juste",
            "zoé\t2.1\tfausse\tÉtape 1 : tout est à l'envers ; « vrai » veut dire caché",
            "ali\t2.1\tjuste\tÉtape 1 : juste",
            "ali\t2.2\tarrêtée\tarrêté après 600 s",
            "léo\tcopie\tillisible\tce n’est pas un carnet",
            "mia\t2.1\tà compléter\tÉtape 1 : à compléter",
            "");

    @TempDir
    private Path folder;

    private Table read(String verdicts) throws IOException {
        return GradeTable.read(Files.writeString(folder.resolve("verdicts.tsv"), verdicts));
    }

    private static List<String> row(Table table, int row) {
        return table.columns().stream().map(column -> column.getString(row)).toList();
    }

    @Test
    void aRowForEachPupilAColumnForEachStep() throws IOException {
        Table table = GradeTable.byPupil(read(VERDICTS));
        assertThat(table.columnNames()).containsExactly("élève", "2.1", "2.2", "copie", "justes");
        assertThat(table.rowCount()).isEqualTo(4);
        assertThat(row(table, 0)).containsExactly("zoé", "✘", "✔", "", "1");
        assertThat(row(table, 1)).containsExactly("ali", "✔", "arrêtée", "", "1");
    }

    @Test
    void aStepAPupilDoesNotHaveIsAnEmptyCell() throws IOException {
        Table table = GradeTable.byPupil(read(VERDICTS));
        assertThat(row(table, 2)).containsExactly("léo", "", "", "illisible", "0");
        assertThat(row(table, 3)).containsExactly("mia", "…", "", "", "0");
    }

    @Test
    void theSentenceKeepsItsTabulations() throws IOException {
        assertThat(row(read("a;b\t2.1\tfausse\t\"juste\"\t…\n"), 0))
                .containsExactly("a;b", "2.1", "fausse", "\"juste\"\t…");
    }

    @Test
    void anUnknownStateIsShownAsItIs() throws IOException {
        Table table = GradeTable.byPupil(read("ali\t2.1\tétrange\tx\n"));
        assertThat(row(table, 0)).containsExactly("ali", "étrange", "0");
    }

    @Test
    void aLineWithoutItsFourCellsIsRefused() {
        assertThatThrownBy(() -> read("ali\t2.1\tjuste\tx\nzoé\t2.1\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ligne 2 : trouvé 2 case(s), attendu élève, étape, état, phrase");
    }

    @Test
    void theProgramPrintsTheTable() throws IOException {
        Path verdicts = Files.writeString(folder.resolve("verdicts.tsv"), VERDICTS);
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            GradeTable.main(new String[] {verdicts.toString()});
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .anyMatch(line -> line.matches(" *zoé *\\| *✘ *\\| *✔ *\\| *\\| *1 *\\|"));
    }
}
