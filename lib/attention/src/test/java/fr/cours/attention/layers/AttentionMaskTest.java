package fr.cours.attention.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Ce qu'un masque répond quand on lui demande ce qu'il cache ; ce qu'il fait aux poids est dans les invariants. */
class AttentionMaskTest {
    /** Les lignes d'un exemple, une par requête : # cachée, . visible. */
    private static String[] rows(AttentionMask mask, int batch, int n, int m) {
        String[] rows = new String[n];
        for (int query = 0; query < n; query++) {
            StringBuilder row = new StringBuilder();
            for (int key = 0; key < m; key++) {
                row.append(mask.isHidden(batch, query, key) ? '#' : '.');
            }
            rows[query] = row.toString();
        }
        return rows;
    }

    @Test
    void none() {
        assertThat(rows(AttentionMask.none(), 7, 2, 3)).containsExactly("...", "...");
    }

    @Test
    void padding() {
        AttentionMask mask = AttentionMask.padding(new int[] {3, 0, 4}, 4);
        assertThat(rows(mask, 0, 2, 4)).containsExactly("...#", "...#");
        assertThat(rows(mask, 1, 2, 4)).containsExactly("####", "####");
        assertThat(rows(mask, 2, 2, 4)).containsExactly("....", "....");
    }

    @Test
    void causal() {
        assertThat(rows(AttentionMask.causal(3), 5, 3, 3)).containsExactly(".##", "..#", "...");
    }

    @Test
    void of() {
        boolean[][] hidden = {{true, false, true}, {false, false, false}};
        AttentionMask mask = AttentionMask.of(hidden);
        hidden[1][0] = true; // le masque a sa copie
        assertThat(rows(mask, 0, 2, 3)).containsExactly("#.#", "...");
    }

    @Test
    void window() {
        assertThat(rows(AttentionMask.window(4, 1), 0, 4, 4)).containsExactly("..##", "...#", "#...", "##..");
    }

    @Test
    void strided() {
        assertThat(rows(AttentionMask.strided(5, 2), 0, 5, 5))
                .containsExactly(".#.#.", "#.#.#", ".#.#.", "#.#.#", ".#.#.");
    }

    @Test
    void andHidesWhatEitherHides() {
        AttentionMask both = AttentionMask.causal(3).and(AttentionMask.padding(new int[] {3, 1}, 3));
        assertThat(rows(both, 0, 3, 3)).containsExactly(".##", "..#", "...");
        assertThat(rows(both, 1, 3, 3)).containsExactly(".##", ".##", ".##");
        assertThat(rows(AttentionMask.none().and(both), 1, 3, 3)).isEqualTo(rows(both, 1, 3, 3));
        AttentionMask three = both.and(
                AttentionMask.of(new boolean[][] {{true, false, false}, {false, true, false}, {false, false, false}}));
        assertThat(rows(three, 0, 3, 3)).containsExactly("###", ".##", "...");
    }

    @Test
    void ranksOutsideTheMask() {
        AttentionMask mask = AttentionMask.causal(3).and(AttentionMask.padding(new int[] {3, 1}, 3));
        refused(() -> mask.isHidden(2, 0, 0), "batch : trouvé 2, attendu de 0 à 1");
        refused(() -> mask.isHidden(-1, 0, 0), "batch : trouvé -1, attendu de 0 à 1");
        refused(() -> mask.isHidden(0, 3, 0), "query : trouvé 3, attendu de 0 à 2");
        refused(() -> mask.isHidden(0, 0, 3), "key : trouvé 3, attendu de 0 à 2");
        AttentionMask padding = AttentionMask.padding(new int[] {1}, 2);
        assertThat(padding.isHidden(0, 1000, 1)).isTrue(); // vaut pour toute requête
        refused(() -> padding.isHidden(0, -1, 0), "query : trouvé -1, attendu au moins 0");
        refused(() -> AttentionMask.none().isHidden(0, 0, -2), "key : trouvé -2, attendu au moins 0");
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
