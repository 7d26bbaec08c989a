package fr.cours.attention.layers;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.cours.attention.math.ComputePath;
import fr.cours.attention.training.Loss;
import fr.cours.attention.training.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** De la mémoire rendue, des vues décalées, des tailles immenses : ce qui tuait la JVM ou répondait faux. */
class UnusableInputTest {
    private static final AttentionMask NONE = AttentionMask.none();

    /** Chaque porte par où un tableau entre. */
    private static List<ThrowingCallable> doors(INDArray bad) {
        INDArray good = normal(1, 2, 3, 4);
        return List.of(
                () -> new ScaledDotProductAttention().forward(bad, good, good, NONE),
                () -> new ScaledDotProductAttention().forward(good, bad, good, NONE),
                () -> new ScaledDotProductAttention().forward(good, good, bad, NONE),
                () -> new BlockwiseAttention().forward(bad, good, good, NONE),
                () -> new LinearAttention().forward(good, bad, good, NONE),
                () -> SparseAttention.window(1).forward(good, good, bad, NONE),
                () -> new MultiHeadAttention(4, 2, 1).forward(good, bad, bad, NONE),
                () -> new EncoderBlock("", 4, 2, 8, 0, new Random(1)).forward(Tape.NONE, bad, NONE),
                () -> new Dense("dense", 4, 3, new Random(1)).forward(bad),
                () -> new FeedForward("ffn.", 4, 8, new Random(1)).forward(Tape.NONE, bad),
                () -> new LayerNorm("norm", 4).forward(Tape.NONE, bad),
                () -> new Lstm("lstm", 4, 3, false, new Random(1)).forward(Tape.NONE, bad),
                () -> new Dropout(0.5, 1).forward(new Tape(), bad),
                () -> new Dropout(0, 1).forward(Tape.NONE, bad),
                () -> MeanPooling.forward(Tape.NONE, bad, new int[] {1, 2}),
                () -> PositionalEncoding.add(Tape.NONE, bad, PositionalEncoding.sinusoidal(3, 4)),
                () -> new Parameter("p", bad),
                () -> new Tape().add(bad, good),
                () -> new Tape().add(good, bad),
                () -> new Tape().scale(bad, 2),
                () -> new Tape().reshape(bad, 6, 4),
                () -> new Tape().concatenate(0, good, bad),
                () -> Loss.categoricalCrossEntropy(bad, new int[6]));
    }

    @Test
    void aClosedArrayIsRefusedAtEveryDoor() {
        INDArray closed = normal(2, 2, 3, 4);
        closed.close();
        for (ThrowingCallable door : doors(closed)) {
            assertThatThrownBy(door)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[2, 3, 4] déjà fermé (close)");
        }
    }

    @Test
    void aMissingArrayAndAnotherTypeAreRefusedAtEveryDoor() {
        for (ThrowingCallable door : doors(null)) {
            assertThatThrownBy(door)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("valeur absente (null)");
        }
        for (ThrowingCallable door : doors(Nd4j.ones(DataType.DOUBLE, 2, 3, 4))) {
            assertThatThrownBy(door)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("DOUBLE")
                    .hasMessageContaining("attendu FLOAT");
        }
    }

    /** Ce qui naît dans un pas d'entraînement meurt avec lui : le garder sans copie se dit, au lieu de lire autre chose. */
    @Test
    void whatATrainingStepMadeIsRefusedAfterIt() {
        Dense dense = new Dense("dense", 4, 3, new Random(3));
        List<INDArray> kept = new ArrayList<>();
        List<INDArray> copies = new ArrayList<>();
        new Trainer<Integer>(dense, (tape, batch) -> {
                    INDArray logits = dense.forward(tape, normal(4, 2, 4));
                    kept.add(logits);
                    copies.add(logits.detach());
                    return Loss.categoricalCrossEntropy(logits, new int[] {0, 2});
                })
                .epochs(4)
                .fit(List.of(1, 2, 3));
        Dense next = new Dense("suite", 3, 2, new Random(4));
        assertThatThrownBy(() -> next.forward(kept.get(kept.size() - 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("né dans un pas d'entraînement fini");
        assertThat(next.forward(copies.get(0)).shape()).containsExactly(2, 2);
    }

    /** Une part d'un grand tableau, qui ne commence pas à son début. */
    @Test
    void aViewThatStartsFurtherIsLikeItsCopy() {
        INDArray view = normal(5, 64, 5, 8).get(NDArrayIndex.interval(16, 48), NDArrayIndex.all(), NDArrayIndex.all());
        assertThat(view.offset()).isPositive();
        INDArray copy = view.dup('c');
        for (Attention kind : List.of(
                new ScaledDotProductAttention(),
                new BlockwiseAttention(2),
                new LinearAttention(),
                SparseAttention.window(2),
                SparseAttention.strided(2),
                new AdaptiveSpanAttention(1, 3, 2, 0.5))) {
            INDArray expected = kind.forward(copy, copy, copy, NONE).output();
            assertClose(kind.forward(view, view, view, NONE).output(), expected, 1e-6);
            INDArray plain =
                    ComputePath.plain(() -> kind.forward(view, view, view, NONE).output());
            assertClose(plain, expected, 1e-5);
        }
        Dense dense = new Dense("dense", 8, 3, new Random(6));
        assertClose(ComputePath.plain(() -> dense.forward(view)), dense.forward(copy), 1e-5);
    }

    @Test
    void immenseWindowsAndStridesSeeWhatTheyShould() {
        INDArray x = normal(7, 2, 70, 4);
        INDArray all = new ScaledDotProductAttention().forward(x, x, x, NONE).output();
        for (int radius : new int[] {70, 1 << 30, Integer.MAX_VALUE}) {
            assertClose(SparseAttention.window(radius).forward(x, x, x, NONE).output(), all, 1e-5);
            AttentionMask mask = AttentionMask.window(70, radius);
            assertClose(new ScaledDotProductAttention().forward(x, x, x, mask).output(), all, 1e-6);
        }
        for (int stride : new int[] {70, 1 << 30, Integer.MAX_VALUE}) { // chacun ne voit que soi
            assertClose(SparseAttention.strided(stride).forward(x, x, x, NONE).output(), x, 1e-5);
            AttentionMask mask = AttentionMask.strided(70, stride);
            assertClose(new ScaledDotProductAttention().forward(x, x, x, mask).output(), x, 1e-6);
        }
    }

    /** {@code elu(x) + 1} perdait e^−18 ; une somme nulle ne peut plus vouloir dire que tout est caché. */
    @Test
    void linearAttentionKeepsSmallFeatures() {
        INDArray q = Nd4j.create(new float[] {0}, new long[] {1, 1, 1}, 'c');
        INDArray v = Nd4j.create(new float[] {1, 3}, new long[] {1, 2, 1}, 'c');
        INDArray k = Nd4j.create(new float[] {-18, -18}, new long[] {1, 2, 1}, 'c');
        assertThat(new LinearAttention().forward(q, k, v, NONE).output().getFloat(0))
                .isEqualTo(2);
        INDArray tiny = Nd4j.create(new float[] {-200, -200}, new long[] {1, 2, 1}, 'c');
        assertThatThrownBy(() -> new LinearAttention().forward(q, tiny, v, NONE))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("sous le plus petit float");
        AttentionMask hidden = AttentionMask.padding(new int[] {0}, 2);
        assertThat(new LinearAttention().forward(q, tiny, v, hidden).output().getFloat(0))
                .isZero();
    }

    @Test
    void aConstantRowIsNormalizedToBetaOnBothPaths() {
        for (int d : new int[] {5, 96, 384}) {
            for (float value : new float[] {0, 1000.1f, 123456.7f, -3e7f}) {
                INDArray x = Nd4j.valueArrayOf(new long[] {3, d}, value, DataType.FLOAT);
                LayerNorm norm = new LayerNorm("norm", d);
                norm.parameters().get(1).value().assign(0.25);
                assertClose(norm.forward(Tape.NONE, x), Nd4j.valueArrayOf(new long[] {3, d}, 0.25, DataType.FLOAT), 0);
                INDArray plain = ComputePath.plain(() -> norm.forward(Tape.NONE, x));
                assertClose(plain, Nd4j.valueArrayOf(new long[] {3, d}, 0.25, DataType.FLOAT), 0);
            }
        }
    }

    /** En deçà de 0, la portée ne change plus rien : son gradient est nul. */
    @Test
    void aNegativeSpanHasNoGradient() {
        AdaptiveSpanAttention kind = new AdaptiveSpanAttention(2, 4, 3, 0.3);
        kind.parameters().get(0).value().putScalar(0, -0.5);
        INDArray x = normal(8, 1, 2, 9, 3);
        Tape tape = new Tape();
        tape.backward(kind.forward(tape, x, x, x, NONE).output(), normal(9, 1, 2, 9, 3), kind.parameters());
        INDArray gradient = kind.parameters().get(0).gradient();
        assertThat(gradient.getFloat(0)).isZero();
        assertThat(Math.abs(gradient.getFloat(1))).isPositive();
    }

    /** La même couche nommée deux fois est partagée : elle compte et apprend une fois. */
    @Test
    void aLayerNamedTwiceCountsOnce() {
        Dense shared = new Dense("partagée", 3, 3, new Random(10));
        assertThat(Layer.parametersOf(shared, shared)).isEqualTo(shared.parameters());
        Layer twice = () -> List.of(
                shared.parameters().get(0),
                shared.parameters().get(1),
                shared.parameters().get(0));
        assertThat(twice.parameterCount()).isEqualTo(12);
        Dense once = new Dense("partagée", 3, 3, new Random(10));
        for (int parts : new int[] {1, 2}) {
            train(twice, shared, parts);
            train(once, once, parts);
            assertClose(
                    shared.parameters().get(0).value(), once.parameters().get(0).value(), 0);
        }
    }

    private static void train(Layer model, Dense dense, int parts) {
        new Trainer<Integer>(
                        model,
                        (tape, batch) -> Loss.categoricalCrossEntropy(
                                dense.forward(tape, normal(11, batch.size(), 3)),
                                batch.stream().mapToInt(i -> i % 3).toArray()))
                .clipNorm(0.05)
                .parts(parts)
                .fit(List.of(0, 1, 2, 3));
    }
}
