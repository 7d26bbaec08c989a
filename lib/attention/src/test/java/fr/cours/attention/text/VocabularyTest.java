package fr.cours.attention.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class VocabularyTest {
    private static final List<List<String>> SENTENCES =
            List.of(List.of("b", "a", "c", "a"), List.of("c", "d", "a"), List.of());

    @Test
    void byFrequencyThenByName() {
        Vocabulary vocabulary = Vocabulary.of(SENTENCES, 100, 1);
        assertThat(vocabulary.size()).isEqualTo(6);
        assertThat(List.of(vocabulary.word(0), vocabulary.word(1))).containsExactly("<vide>", "<inconnu>");
        assertThat(List.of(vocabulary.word(2), vocabulary.word(3), vocabulary.word(4), vocabulary.word(5)))
                .containsExactly("a", "c", "b", "d");
        assertThat(vocabulary.encode(List.of("a", "z", "d"), 10)).containsExactly(2, 1, 5);
        assertThat(vocabulary.encode(List.of("a", "z", "d"), 2)).containsExactly(2, 1);
        assertThat(vocabulary.contains("z")).isFalse();
    }

    @Test
    void limits() {
        assertThat(Vocabulary.of(SENTENCES, 3, 1).size()).isEqualTo(3);
        assertThat(Vocabulary.of(SENTENCES, 100, 2).contains("b")).isFalse();
        assertThatThrownBy(() -> Vocabulary.of(SENTENCES, 2, 1)).hasMessage("maxSize : trouvé 2, attendu au moins 3");
        assertThatThrownBy(() -> Vocabulary.of(null, 10, 1)).hasMessageContaining("sentences : valeur absente (null)");
        assertThatThrownBy(() -> Vocabulary.of(SENTENCES, 10, 1).word(6)).hasMessage("id : trouvé 6, attendu de 0 à 5");
        assertThatThrownBy(() -> Vocabulary.of(SENTENCES, 10, 1).encode(List.of("a"), 0))
                .hasMessage("maxLength : trouvé 0, attendu au moins 1");
    }

    @Test
    void paddingCompletesWithZeros() {
        PaddedBatch batch = Vocabulary.pad(List.of(new int[] {5, 6, 7}, new int[] {8}, new int[0]));
        assertThat(batch.ids()).isDeepEqualTo(new int[][] {{5, 6, 7}, {8, 0, 0}, {0, 0, 0}});
        assertThat(batch.lengths()).containsExactly(3, 1, 0);
        assertThatThrownBy(() -> Vocabulary.pad(List.of())).hasMessage("sentences : vide, attendu au moins une phrase");
    }

    @Test
    void eachIdentifierLeadsBackToItsWord() {
        Vocabulary vocabulary = Vocabulary.of(List.of(List.of("<vide>", "<inconnu>", "<vide>", "é", "e", "É")), 100, 1);
        assertThat(vocabulary.size()).isEqualTo(5);
        for (int id = 0; id < vocabulary.size(); id++) {
            assertThat(vocabulary.id(vocabulary.word(id))).isEqualTo(id);
        }
        assertThat(vocabulary.id("jamais vu")).isEqualTo(Vocabulary.UNKNOWN);
    }

    @Test
    void theOrderOfTheSentencesDoesNotMatter() {
        List<List<String>> reversed = new ArrayList<>(SENTENCES);
        Collections.reverse(reversed);
        Vocabulary one = Vocabulary.of(SENTENCES, 100, 1);
        Vocabulary other = Vocabulary.of(reversed, 100, 1);
        for (int id = 0; id < one.size(); id++) {
            assertThat(other.word(id)).isEqualTo(one.word(id));
        }
    }

    @Test
    void emptyAndAbsent() {
        Vocabulary empty = Vocabulary.of(List.of(), 100, 1);
        assertThat(empty.size()).isEqualTo(2);
        assertThat(empty.encode(List.of("a"), 5)).containsExactly(1);
        assertThat(empty.encode(List.of(), 5)).isEmpty();
        assertThatThrownBy(() -> empty.word(-1)).hasMessage("id : trouvé -1, attendu de 0 à 1");
        assertThatThrownBy(() -> empty.id(null)).hasMessage("word : valeur absente (null), attendu un mot");
        assertThatThrownBy(() -> empty.encode(null, 5)).hasMessageStartingWith("tokens : valeur absente (null)");
        assertThatThrownBy(() -> Vocabulary.of(SENTENCES, 10, 0))
                .hasMessage("minFrequency : trouvé 0, attendu au moins 1");
        assertThatThrownBy(() -> Vocabulary.of(Arrays.asList(List.of("a"), null), 10, 1))
                .hasMessageStartingWith("sentences : valeur absente (null)");
        assertThatThrownBy(() -> Vocabulary.of(List.of(Arrays.asList("a", null)), 10, 1))
                .hasMessageStartingWith("sentences : valeur absente (null)");
        assertThat(Vocabulary.pad(List.of(new int[0], new int[0])).ids()).isDeepEqualTo(new int[][] {{0}, {0}});
        assertThatThrownBy(() -> Vocabulary.pad(null)).hasMessageStartingWith("sentences : valeur absente (null)");
        assertThatThrownBy(() -> Vocabulary.pad(Arrays.asList(new int[1], null)))
                .hasMessageStartingWith("sentences : valeur absente (null)");
    }

    @Test
    void whatIsPaddedIsACopy() {
        int[] sentence = {5, 6};
        PaddedBatch batch = Vocabulary.pad(List.of(sentence));
        sentence[0] = 9;
        assertThat(batch.ids()[0]).containsExactly(5, 6);
    }
}
