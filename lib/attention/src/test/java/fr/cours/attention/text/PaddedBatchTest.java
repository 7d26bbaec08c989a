package fr.cours.attention.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PaddedBatchTest {
    @Test
    void onlyTheTrailingPaddingIsLeftOut() {
        int[][] ids = {{5, 7, 0, 0}, {5, 0, 7, 0}, {0, 0, 0, 0}, {2, 3, 4, 5}, {}, {5, 1, 0}};
        assertThat(PaddedBatch.lengthsOf(ids)).containsExactly(2, 3, 0, 4, 0, 2);
    }

    @Test
    void whatPadAddedIsFoundAgain() {
        PaddedBatch batch = Vocabulary.pad(List.of(new int[] {4, 2, 3}, new int[] {9}, new int[0]));
        assertThat(PaddedBatch.lengthsOf(batch.ids())).isEqualTo(batch.lengths());
    }

    @Test
    void absentSentences() {
        assertThatThrownBy(() -> PaddedBatch.lengthsOf(null))
                .hasMessage("ids : valeur absente (null), attendu les identifiants de chaque phrase");
        assertThatThrownBy(() -> PaddedBatch.lengthsOf(new int[][] {{1}, null}))
                .hasMessage("ids : valeur absente (null), attendu les identifiants d'une phrase");
    }
}
