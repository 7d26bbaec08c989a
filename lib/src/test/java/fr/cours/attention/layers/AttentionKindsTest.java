package fr.cours.attention.layers;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Les autres attentions, contre celle de l'article. */
class AttentionKindsTest {
    private static final AttentionMask NONE = AttentionMask.none();
    private final ScaledDotProductAttention dense = new ScaledDotProductAttention();

    private void assertSame(Attention kind, int n, AttentionMask equivalent, AttentionMask also) {
        INDArray q = normal(n, 2, 3, n, 5);
        INDArray k = normal(n + 1, 2, 3, n, 5);
        INDArray v = normal(n + 2, 2, 3, n, 4);
        INDArray expected = dense.forward(q, k, v, equivalent.and(also)).output();
        assertClose(kind.forward(Tape.NONE, q, k, v, also).output(), expected, 1e-5);
    }

    private void assertSameGradient(Attention kind, int n, AttentionMask equivalent, AttentionMask also) {
        INDArray[] x = {normal(n, 2, 2, n, 3), normal(n + 1, 2, 2, n, 3), normal(n + 2, 2, 2, n, 4)};
        INDArray upstream = normal(n + 3, 2, 2, n, 4);
        Tape tape = new Tape();
        tape.backward(kind.forward(tape, x[0], x[1], x[2], also).output(), upstream, List.of());
        Tape reference = new Tape();
        reference.backward(
                dense.forward(reference, x[0], x[1], x[2], equivalent.and(also)).output(), upstream, List.of());
        for (INDArray input : x) {
            assertClose(tape.gradient(input), reference.gradient(input), 1e-5);
        }
    }

    @Test
    void theWindowEqualsItsMask() {
        int[] lengths = {150, 37};
        for (int radius : new int[] {1, 7, 80, 500}) {
            SparseAttention window = SparseAttention.window(radius);
            for (int n : new int[] {1, 5, 64, 65, 150}) {
                assertSame(window, n, AttentionMask.window(n, radius), NONE);
            }
            assertSame(window, 150, AttentionMask.window(150, radius), AttentionMask.causal(150));
            assertSame(window, 150, AttentionMask.window(150, radius), AttentionMask.padding(lengths, 150));
        }
        assertSameGradient(SparseAttention.window(9), 150, AttentionMask.window(150, 9), AttentionMask.causal(150));
    }

    @Test
    void theStrideEqualsItsMask() {
        for (int stride : new int[] {1, 3, 8, 40}) {
            SparseAttention strided = SparseAttention.strided(stride);
            for (int n : new int[] {1, 5, 24, 25}) {
                assertSame(strided, n, AttentionMask.strided(n, stride), NONE);
                assertSame(strided, n, AttentionMask.strided(n, stride), AttentionMask.causal(n));
            }
        }
        assertSameGradient(SparseAttention.strided(4), 25, AttentionMask.strided(25, 4), AttentionMask.causal(25));
    }

    @Test
    void theMasksSayWhoSeesWhom() {
        boolean[] hidden = new boolean[6];
        AttentionMask.window(6, 1).fill(0, 3, hidden);
        assertThat(hidden).containsExactly(true, true, false, false, false, true);
        AttentionMask.strided(6, 2).fill(0, 3, hidden);
        assertThat(hidden).containsExactly(true, false, true, false, true, false);
        assertThat(AttentionMask.window(6, 1)).hasToString("[*, 6, 6]");
    }

    @Test
    void blockByBlockIsExact() {
        INDArray q = normal(1, 2, 3, 150, 8);
        INDArray k = normal(2, 2, 3, 97, 8).muli(6); // des scores qui changent souvent de maximum
        INDArray v = normal(3, 2, 3, 97, 5);
        AttentionMask padding = AttentionMask.padding(new int[] {97, 0}, 97); // tout caché dans le second exemple
        for (AttentionMask mask : List.of(NONE, padding)) {
            INDArray expected = dense.forward(q, k, v, mask).output();
            for (int block : new int[] {1, 16, 97, 1000}) {
                AttentionOutput found = new BlockwiseAttention(block).forward(Tape.NONE, q, k, v, mask);
                assertClose(found.output(), expected, 1e-5);
                assertThat(found.weights()).isNull();
            }
        }
        INDArray x = normal(4, 2, 70, 6);
        assertClose(
                new BlockwiseAttention(32)
                        .forward(Tape.NONE, x, x, x, AttentionMask.causal(70))
                        .output(),
                dense.forward(x, x, x, AttentionMask.causal(70)).output(),
                1e-5);
    }

    @Test
    void blockByBlockSurvivesLargeScoresAndRefusesOverflow() {
        INDArray x = normal(5, 1, 40, 4).muli(100); // scores jusqu'à 1e4 et plus
        assertClose(
                new BlockwiseAttention(8).forward(Tape.NONE, x, x, x, NONE).output(),
                dense.forward(x, x, x, NONE).output(),
                1e-3);
        INDArray huge = x.mul(1e20);
        assertThatThrownBy(() -> new BlockwiseAttention(8).forward(Tape.NONE, huge, huge, x, NONE))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageStartingWith("scores : ");
    }

    @Test
    void badArgumentsAreNamed() {
        INDArray x = normal(6, 2, 4, 3);
        assertThatThrownBy(() -> SparseAttention.window(0)).hasMessage("radius : trouvé 0, attendu un entier positif");
        assertThatThrownBy(() -> SparseAttention.strided(-1))
                .hasMessage("stride : trouvé -1, attendu un entier positif");
        assertThatThrownBy(() -> new BlockwiseAttention(0)).hasMessage("block : trouvé 0, attendu un entier positif");
        assertThatThrownBy(() -> AttentionMask.window(0, 1)).hasMessage("n : trouvé 0, attendu un entier positif");
        assertThatThrownBy(() ->
                        SparseAttention.window(1).forward(Tape.NONE, x, normal(7, 2, 5, 3), normal(8, 2, 5, 3), NONE))
                .hasMessage("keys : trouvé [2, 1, 5, 3], attendu autant de clés que de requêtes : 4");
        assertThatThrownBy(() -> new BlockwiseAttention().forward(new Tape(), x, x, x, NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("tape : trouvé un fil qui enregistre");
        assertThatThrownBy(() -> SparseAttention.window(1).forward(Tape.NONE, x, x, x, null))
                .hasMessageStartingWith("mask : valeur absente");
    }
}
