package fr.cours.course.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.cours.attention.training.Loss;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Le rappel associatif : chaque clé posée une fois, chaque réponse écrite dans la suite. */
class SymbolSequenceTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 8, 16})
    void everyAnswerIsTheValueOfItsKey(int pairs) {
        for (int seed = 0; seed < 50; seed++) {
            SymbolSequence sequence = SymbolSequence.associativeRecall(pairs, 16, new Random(seed));
            Map<Integer, Integer> valueOf = new HashMap<>();
            for (int i = 0; i < pairs; i++) {
                assertThat(sequence.ids()[2 * i]).isBetween(0, 15);
                assertThat(sequence.ids()[2 * i + 1]).isBetween(16, 31);
                assertThat(valueOf.put(sequence.ids()[2 * i], sequence.ids()[2 * i + 1] - 16))
                        .isNull();
            }
            assertThat(Arrays.stream(sequence.labels()).limit(2L * pairs)).containsOnly(Loss.IGNORED);
            for (int at = 2 * pairs; at < 3 * pairs; at++) {
                assertThat(sequence.labels()[at]).isEqualTo(valueOf.remove(sequence.ids()[at]));
            }
            assertThat(valueOf).isEmpty();
        }
    }

    @Test
    void theSeedDecides() {
        int[] first = SymbolSequence.associativeRecall(8, 16, new Random(1)).ids();
        assertThat(SymbolSequence.associativeRecall(8, 16, new Random(1)).ids()).isEqualTo(first);
        assertThat(SymbolSequence.associativeRecall(8, 16, new Random(2)).ids()).isNotEqualTo(first);
    }

    @Test
    void badInput() {
        for (int pairs : new int[] {0, 17}) {
            assertThatThrownBy(() -> SymbolSequence.associativeRecall(pairs, 16, new Random(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("pairs : trouvé " + pairs + ", attendu de 1 à 16, le nombre de clés");
        }
    }
}
