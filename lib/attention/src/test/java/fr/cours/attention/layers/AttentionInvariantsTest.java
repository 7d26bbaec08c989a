package fr.cours.attention.layers;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.bits;
import static fr.cours.attention.Tensors.normal;
import static org.assertj.core.api.Assertions.assertThat;

import fr.cours.attention.math.ComputePath;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Ce qui est vrai de toute attention, quels que soient les nombres. */
class AttentionInvariantsTest {
    private final ScaledDotProductAttention attention = new ScaledDotProductAttention();

    private AttentionOutput self(INDArray x, AttentionMask mask) {
        return attention.forward(x, x, x, mask);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 16, 17, 40, 131})
    void rowsSumToOne(int n) {
        INDArray weights = self(normal(n, 3, n, 8), AttentionMask.none()).weights();
        assertClose(weights.sum(2), Nd4j.ones(3, n), 1e-5);
        assertThat(weights.minNumber().doubleValue()).isGreaterThanOrEqualTo(0);
    }

    @Test
    void hiddenWeightsAreExactlyZero() {
        int n = 37;
        Random random = new Random(3);
        boolean[][] hidden = new boolean[n][n];
        for (boolean[] row : hidden) {
            for (int key = 0; key < n; key++) {
                row[key] = random.nextBoolean();
            }
        }
        AttentionMask mask = AttentionMask.of(hidden).and(AttentionMask.padding(new int[] {n, 20}, n));
        INDArray weights = self(normal(3, 2, n, 8), mask).weights();
        for (int example = 0; example < 2; example++) {
            for (int query = 0; query < n; query++) {
                for (int key = 0; key < n; key++) {
                    float weight = weights.getFloat(example, query, key);
                    if (hidden[query][key] || (example == 1 && key >= 20)) {
                        assertThat(weight).isZero();
                    } else {
                        assertThat(weight).isPositive();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 20})
    void rowHiddenWholeGivesZeros(int n) {
        boolean[][] hidden = new boolean[n][n];
        Arrays.fill(hidden[1], true);
        AttentionOutput result = self(normal(4, 2, n, 8), AttentionMask.of(hidden));
        for (int example = 0; example < 2; example++) {
            assertThat(bits(result.weights().slice(example).slice(1))).containsOnly(0f);
            assertThat(bits(result.output().slice(example).slice(1))).containsOnly(0f);
            assertThat(result.weights().slice(example).slice(0).sumNumber().doubleValue())
                    .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-5));
        }
    }

    @Test
    void emptyExampleGivesZeros() {
        AttentionOutput result = self(normal(5, 2, 6, 4), AttentionMask.padding(new int[] {0, 6}, 6));
        assertThat(bits(result.output().slice(0))).containsOnly(0f);
        assertThat(bits(result.output().slice(1))).doesNotContain(0f);
    }

    @Test
    void causalPrefixIgnoresTheFuture() {
        INDArray x = normal(6, 1, 12, 16);
        INDArray changed = x.dup();
        changed.get(NDArrayIndex.all(), NDArrayIndex.interval(7, 12), NDArrayIndex.all())
                .muli(-3);
        MultiHeadAttention layer = new MultiHeadAttention(16, 4, 6);
        INDArray before = layer.forward(x, x, x, AttentionMask.causal(12)).output();
        INDArray after = layer.forward(changed, changed, changed, AttentionMask.causal(12))
                .output();
        for (int query = 0; query < 7; query++) {
            assertClose(after.slice(0).slice(query), before.slice(0).slice(query), 1e-6);
        }
        assertThat(after.slice(0).slice(7).distance2(before.slice(0).slice(7))).isGreaterThan(0.01);
    }

    @Test
    void permutingTokensPermutesOutputs() {
        int[] order = {4, 0, 3, 1, 2};
        INDArray x = normal(7, 1, 5, 16);
        INDArray permuted = Nd4j.create(1, 5, 16);
        for (int i = 0; i < order.length; i++) {
            permuted.slice(0).putRow(i, x.slice(0).getRow(order[i]));
        }
        MultiHeadAttention layer = new MultiHeadAttention(16, 4, 7);
        INDArray output = layer.forward(x, x, x, AttentionMask.none()).output();
        INDArray moved = layer.forward(permuted, permuted, permuted, AttentionMask.none())
                .output();
        for (int i = 0; i < order.length; i++) {
            assertClose(moved.slice(0).getRow(i), output.slice(0).getRow(order[i]), 1e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 33})
    void hugeScoresNeitherOverflowNorLeak(int n) {
        INDArray q = Nd4j.zeros(1, n, 1);
        INDArray k = Nd4j.zeros(1, n, 1);
        for (int i = 0; i < n; i++) {
            q.putScalar(0, i, 0, 1e3);
            k.putScalar(0, i, 0, i == 2 ? 1e3 : -1e3);
        }
        INDArray values = normal(8, 1, n, 3);
        boolean[][] hidden = new boolean[n][n];
        for (boolean[] row : hidden) {
            row[2] = true; // le seul score de +1e6 est caché ; les autres valent −1e6
        }
        AttentionOutput open = attention.forward(q, k, values, AttentionMask.none());
        AttentionOutput masked = attention.forward(q, k, values, AttentionMask.of(hidden));
        for (int i = 0; i < n; i++) {
            assertThat(open.weights().getFloat(0, i, 2)).isEqualTo(1f);
            assertThat(masked.weights().getFloat(0, i, 2)).isZero();
            assertThat(masked.weights().getFloat(0, i, 0)).isCloseTo(1f / (n - 1), within(1e-6f));
        }
    }

    private static org.assertj.core.data.Offset<Float> within(float tolerance) {
        return org.assertj.core.data.Offset.offset(tolerance);
    }

    @Test
    void rank3AndRank4Agree() {
        INDArray q = normal(9, 6, 5, 8);
        INDArray k = normal(10, 6, 7, 8);
        INDArray v = normal(11, 6, 7, 3);
        AttentionOutput rank3 = attention.forward(q, k, v, AttentionMask.none());
        AttentionOutput rank4 = attention.forward(
                q.reshape(2, 3, 5, 8), k.reshape(2, 3, 7, 8), v.reshape(2, 3, 7, 3), AttentionMask.none());
        assertThat(rank4.output().shape()).containsExactly(2, 3, 5, 3);
        assertThat(rank4.weights().shape()).containsExactly(2, 3, 5, 7);
        assertThat(bits(rank4.output())).isEqualTo(bits(rank3.output()));
        assertThat(bits(rank4.weights())).isEqualTo(bits(rank3.weights()));
    }

    @Test
    void aMaskHoldsForEveryHead() {
        INDArray x = normal(12, 2, 3, 5, 8);
        INDArray weights = self(x, AttentionMask.padding(new int[] {2, 5}, 5)).weights();
        for (int head = 0; head < 3; head++) {
            assertThat(weights.getFloat(0, head, 4, 2)).isZero();
            assertThat(weights.getFloat(1, head, 4, 2)).isPositive();
        }
    }

    @Test
    void returnedArraysAreNeverChangedByALaterCall() {
        MultiHeadAttention layer = new MultiHeadAttention(32, 4, 13);
        INDArray x = normal(13, 2, 9, 32);
        AttentionOutput first = layer.forward(x, x, x, AttentionMask.none());
        float[] output = bits(first.output());
        float[] weights = bits(first.weights());
        for (int i = 0; i < 20; i++) {
            INDArray other = normal(14 + i, 2, 9, 32);
            layer.forward(other, other, other, AttentionMask.causal(9));
        }
        assertThat(bits(first.output())).isEqualTo(output);
        assertThat(bits(first.weights())).isEqualTo(weights);
    }

    @Test
    void argumentsAreNotChanged() {
        INDArray q = normal(15, 2, 5, 8);
        INDArray k = normal(16, 2, 6, 8);
        INDArray v = normal(17, 2, 6, 8);
        float[][] before = {bits(q), bits(k), bits(v)};
        Tape tape = new Tape();
        INDArray output = attention.forward(tape, q, k, v, AttentionMask.none()).output();
        tape.backward(output, normal(18, 2, 5, 8), List.of());
        assertThat(new float[][] {bits(q), bits(k), bits(v)}).isDeepEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 150})
    void plainAndFastPathsAgree(int n) {
        INDArray x = normal(20 + n, 2, n, 64);
        MultiHeadAttention layer = new MultiHeadAttention(64, 8, 20);
        AttentionMask mask = AttentionMask.causal(n).and(AttentionMask.padding(new int[] {n, n / 2}, n));
        AttentionOutput fast = layer.forward(x, x, x, mask);
        AttentionOutput plain = ComputePath.plain(() -> layer.forward(x, x, x, mask));
        assertClose(fast.output(), plain.output(), 1e-5);
        assertClose(fast.weights(), plain.weights(), 1e-5);
    }

    @Test
    void viewsAndColumnMajorArraysGiveTheSameResult() {
        INDArray x = normal(30, 2, 6, 8);
        INDArray wide = Nd4j.concat(2, normal(31, 2, 6, 3), x, normal(32, 2, 6, 2));
        INDArray view = wide.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(3, 11));
        INDArray transposed = x.permute(2, 1, 0).dup('c').permute(2, 1, 0);
        AttentionOutput expected = self(x, AttentionMask.none());
        assertClose(self(view, AttentionMask.none()).output(), expected.output(), 1e-6);
        assertClose(self(x.dup('f'), AttentionMask.none()).output(), expected.output(), 1e-6);
        assertClose(self(transposed, AttentionMask.none()).output(), expected.output(), 1e-6);
    }

    @Test
    void sameSeedSameBits() {
        INDArray x = normal(33, 2, 50, 64);
        AttentionOutput first = new MultiHeadAttention(64, 4, 42).forward(x, x, x, AttentionMask.none());
        // Assez de fois pour que le compilateur à chaud ait pris le relais de l'interpréteur.
        for (int i = 0; i < 300; i++) {
            AttentionOutput again = new MultiHeadAttention(64, 4, 42).forward(x, x, x, AttentionMask.none());
            if (i % 100 == 99) {
                assertThat(bits(again.output())).isEqualTo(bits(first.output()));
                assertThat(bits(again.weights())).isEqualTo(bits(first.weights()));
            }
        }
        AttentionOutput other = new MultiHeadAttention(64, 4, 43).forward(x, x, x, AttentionMask.none());
        assertThat(bits(other.output())).isNotEqualTo(bits(first.output()));
    }

    @Test
    void handExample() {
        // Trois mots, des nombres assez petits pour le papier : le deuxième ressemble au premier.
        INDArray x = Nd4j.createFromArray(new float[][][] {{{1, 0}, {1, 1}, {0, 2}}});
        AttentionOutput result = new ScaledDotProductAttention(1).forward(x, x, x, AttentionMask.none());
        double e = Math.E;
        double sum = e + e + 1; // scores du premier mot : 1, 1, 0
        assertClose(
                result.weights().slice(0).slice(0),
                Nd4j.createFromArray((float) (e / sum), (float) (e / sum), (float) (1 / sum)),
                1e-6);
    }

    @Test
    void parametersAreCountedAsInTheOriginal() {
        // 4 projections de 512 × 512, biais compris.
        assertThat(new MultiHeadAttention(512, 8, 1).parameterCount()).isEqualTo(4L * (512 * 512 + 512));
        assertThat(new MultiHeadAttention(768, 12, 1).parameterCount()).isEqualTo(2_362_368);
        assertThat(new MultiHeadAttention(8, 2, 1).parameters())
                .extracting(Parameter::name)
                .containsExactly(
                        "wq.kernel",
                        "wq.bias",
                        "wk.kernel",
                        "wk.bias",
                        "wv.kernel",
                        "wv.bias",
                        "dense.kernel",
                        "dense.bias");
    }
}
