package fr.cours.attention.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
