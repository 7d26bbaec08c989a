package fr.cours.course.data;

import static org.assertj.core.api.Assertions.assertThat;

import fr.cours.attention.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Les traductions sont ce que dit la notice : notebooks/donnees/LISEZMOI.md. */
class TranslationsTest {
    private static final Path FILE = Path.of("..", "..", "notebooks", "donnees", "traductions.tsv");
    private static final Set<String> AUXILIARIES = Set.of("do", "does");

    @Test
    void everyLinkJoinsAWordToOneOfItsTranslations() throws IOException {
        List<String> lines = Files.readAllLines(FILE);
        assertThat(lines.get(0)).isEqualTo("francais\tanglais\talignement");
        Set<List<String>> sentences = new HashSet<>();
        Map<String, Set<String>> translations = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] columns = line.split("\t");
            List<String> french = Tokenizer.tokens(columns[0]);
            List<String> english = Tokenizer.tokens(columns[1]);
            assertThat(sentences.add(french)).as(line).isTrue();
            assertThat(List.of(french.size(), english.size())).as(line).allMatch(n -> n >= 2 && n <= 10);
            Map<Integer, StringBuilder> said = new TreeMap<>();
            Set<Integer> linked = new HashSet<>();
            for (String link : columns[2].split(" ")) {
                String[] ends = link.split("-");
                String word = english.get(Integer.parseInt(ends[1]));
                said.computeIfAbsent(Integer.parseInt(ends[0]), i -> new StringBuilder())
                        .append(word)
                        .append(' ');
                linked.add(Integer.parseInt(ends[1]));
            }
            assertThat(said.keySet()).as(line).hasSize(french.size());
            for (int word = 0; word < english.size(); word++) {
                assertThat(linked.contains(word)).as(line).isNotEqualTo(AUXILIARIES.contains(english.get(word)));
            }
            said.forEach((i, words) -> translations
                    .computeIfAbsent(french.get(i), f -> new HashSet<>())
                    .add(words.toString().strip()));
        }
        assertThat(sentences).hasSize(540).contains(List.of("je", "mange"));
        assertThat(translations.get("la")).containsExactlyInAnyOrder("the", "her");
        assertThat(translations.get("une")).containsExactlyInAnyOrder("a", "an");
        assertThat(translations.get("regarde")).containsExactlyInAnyOrder("look at", "looks at");
        assertThat(translations.get("noire")).containsExactly("black");
        assertThat(translations.get("pas")).containsExactly("not");
        assertThat(translations.values()).allMatch(found -> found.size() <= 2);
    }
}
