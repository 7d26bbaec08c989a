package fr.cours.course.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Le quiz livré est ce que dit sa notice : notebooks/donnees/LISEZMOI.md. */
class ShippedQuizTest {
    @Test
    void twelveQuestionsEachWithOneAnswerThreeReasonsAndASection() throws IOException {
        List<String[]> rows = Files.readAllLines(Path.of("..", "..", "notebooks", "donnees", "quiz.tsv")).stream()
                .map(line -> line.split("\t"))
                .toList();
        assertThat(rows).hasSize(13);
        assertThat(rows.subList(1, 13)).allSatisfy(row -> {
            assertThat(row).hasSize(10).doesNotHaveDuplicates().noneMatch(String::isBlank);
            assertThat(row[1]).isIn("a", "b", "c");
            assertThat(row[8]).matches("(0[1-9]|10)-[a-z0-9-]+\\.ipynb");
            assertThat(row[9]).startsWith(Integer.parseInt(row[8].substring(0, 2)) + ". ");
        });
        for (String letter : List.of("a", "b", "c")) {
            assertThat(rows.subList(1, 13).stream().filter(row -> row[1].equals(letter)))
                    .as("bonnes réponses « %s »", letter)
                    .hasSizeBetween(3, 5);
        }
    }
}
