package fr.cours.attention.layers;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.assertGradientClose;
import static fr.cours.attention.Tensors.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.cours.attention.math.ComputePath;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Les gradients contre la différence finie, et les règles du fil. */
class GradientTest {
    /** Compare un gradient à la différence centrée de {@code Σ sortie·poids}, élément par élément. */
    static void assertNumeric(INDArray value, INDArray gradient, INDArray upstream, Supplier<INDArray> output) {
        float step = 1e-2f;
        INDArray numeric = Nd4j.create(DataType.FLOAT, value.shape());
        INDArray flat = value.reshape(-1);
        for (long i = 0; i < value.length(); i++) {
            float at = flat.getFloat(i);
            flat.putScalar(i, at + step);
            double above = dot(output.get(), upstream);
            flat.putScalar(i, at - step);
            double below = dot(output.get(), upstream);
            flat.putScalar(i, at);
            numeric.reshape(-1).putScalar(i, (above - below) / (2 * step));
        }
        double largest = numeric.amaxNumber().doubleValue();
        assertThat(largest).isPositive();
        assertClose(gradient, numeric, 5e-3 * largest + 1e-4); // refuse NaN, que amaxNumber ne voit pas
    }

    private static double dot(INDArray a, INDArray b) {
        return a.castTo(DataType.DOUBLE)
                .mul(b.castTo(DataType.DOUBLE))
                .sumNumber()
                .doubleValue();
    }

    /** Ce qui juge tous les autres doit lui-même pouvoir dire non. */
    @Test
    void aWrongGradientIsRefused() {
        INDArray x = normal(23, 2, 3);
        INDArray upstream = normal(24, 2, 3);
        Supplier<INDArray> twice = () -> x.mul(2);
        assertNumeric(x, upstream.mul(2), upstream, twice);
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY, upstream.getFloat(1, 2) * 2.1f}) {
            INDArray gradient = upstream.mul(2);
            gradient.putScalar(1, 2, wrong);
            assertThatThrownBy(() -> assertNumeric(x, gradient, upstream, twice))
                    .isInstanceOf(AssertionError.class);
        }
        INDArray right = upstream.mul(2);
        for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> assertNumeric(x, right, upstream, () -> x.mul(broken)))
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void attentionUnderAMask() {
        INDArray q = normal(1, 2, 4, 3);
        INDArray k = normal(2, 2, 5, 3);
        INDArray v = normal(3, 2, 5, 2);
        boolean[][] hidden = new boolean[4][5];
        hidden[0][2] = true;
        Arrays.fill(hidden[1], true);
        AttentionMask mask = AttentionMask.of(hidden).and(AttentionMask.padding(new int[] {5, 3}, 5));
        INDArray upstream = normal(4, 2, 4, 2);
        ScaledDotProductAttention attention = new ScaledDotProductAttention();
        Supplier<INDArray> output = () -> attention.forward(q, k, v, mask).output();

        Tape tape = new Tape();
        tape.backward(attention.forward(tape, q, k, v, mask).output(), upstream, List.of());
        assertNumeric(q, tape.gradient(q), upstream, output);
        assertNumeric(k, tape.gradient(k), upstream, output);
        assertNumeric(v, tape.gradient(v), upstream, output);
        assertThat(tape.gradient(q).slice(0).slice(1).amaxNumber().doubleValue())
                .isZero();
    }

    @Test
    void gradientThroughTheWeightsThemselves() {
        INDArray q = normal(5, 1, 2, 3, 4);
        INDArray k = normal(6, 1, 2, 3, 4);
        INDArray v = normal(7, 1, 2, 3, 4);
        INDArray upstream = normal(8, 1, 2, 3, 3);
        ScaledDotProductAttention attention = new ScaledDotProductAttention(0.7);
        Tape tape = new Tape();
        INDArray weights =
                attention.forward(tape, q, k, v, AttentionMask.none()).weights();
        tape.backward(weights, upstream, List.of());
        Supplier<INDArray> output =
                () -> attention.forward(q, k, v, AttentionMask.none()).weights();
        assertNumeric(q, tape.gradient(q), upstream, output);
        assertNumeric(k, tape.gradient(k), upstream, output);
        assertThat(tape.gradient(v).amaxNumber().doubleValue()).isZero();
    }

    @Test
    void denseOnRank2And3() {
        Dense dense = new Dense("dense", 4, 3, new Random(9));
        for (long[] shape : new long[][] {{5, 4}, {2, 3, 4}}) {
            INDArray x = normal(10, shape);
            long[] out = shape.clone();
            out[out.length - 1] = 3;
            INDArray upstream = normal(11, out);
            Tape tape = new Tape();
            tape.backward(dense.forward(tape, x), upstream, dense.parameters());
            assertNumeric(x, tape.gradient(x), upstream, () -> dense.forward(x));
            for (Parameter parameter : dense.parameters()) {
                assertNumeric(parameter.value(), parameter.gradient(), upstream, () -> dense.forward(x));
            }
        }
    }

    @Test
    void multiHeadOnBothPaths() {
        MultiHeadAttention layer = new MultiHeadAttention(6, 3, 12);
        INDArray x = normal(12, 2, 4, 6);
        INDArray upstream = normal(13, 2, 4, 6);
        AttentionMask mask = AttentionMask.causal(4);
        Tape tape = new Tape();
        tape.backward(layer.forward(tape, x, x, x, mask).output(), upstream, layer.parameters());
        assertNumeric(
                x,
                tape.gradient(x),
                upstream,
                () -> layer.forward(x, x, x, mask).output());

        MultiHeadAttention same = new MultiHeadAttention(6, 3, 12);
        INDArray plainGradient = ComputePath.plain(() -> {
            Tape plain = new Tape();
            plain.backward(same.forward(plain, x, x, x, mask).output(), upstream, same.parameters());
            return plain.gradient(x);
        });
        assertGradientClose(tape.gradient(x), plainGradient);
        for (int i = 0; i < layer.parameters().size(); i++) {
            assertGradientClose(
                    layer.parameters().get(i).gradient(),
                    same.parameters().get(i).gradient());
        }
    }

    @Test
    void aParameterSharedByTwoCallsAddsBothGradients() {
        Dense shared = new Dense("partagée", 4, 4, new Random(14));
        INDArray x = normal(14, 3, 4);
        INDArray upstream = normal(15, 3, 4);
        Tape tape = new Tape();
        tape.backward(shared.forward(tape, shared.forward(tape, x)), upstream, shared.parameters());
        for (Parameter parameter : shared.parameters()) {
            assertNumeric(parameter.value(), parameter.gradient(), upstream, () -> shared.forward(shared.forward(x)));
        }
    }

    @Test
    void gradientsStartFromZeroAtEachPass() {
        Dense dense = new Dense("dense", 4, 3, new Random(16));
        INDArray x = normal(16, 5, 4);
        INDArray upstream = normal(17, 5, 3);
        INDArray first = null;
        for (int pass = 0; pass < 2; pass++) {
            Tape tape = new Tape();
            tape.backward(dense.forward(tape, x), upstream, dense.parameters());
            INDArray gradient = dense.parameters().get(0).gradient().dup();
            if (first != null) {
                assertThat(gradient).isEqualTo(first);
            }
            first = gradient;
        }
    }

    @Test
    void aParameterWithoutGradientIsNamed() {
        Dense used = new Dense("utilisée", 4, 4, new Random(18));
        Dense forgotten = new Dense("oubliée", 4, 4, new Random(19));
        INDArray x = normal(18, 3, 4);
        Tape tape = new Tape();
        // L'opération d'ND4J rend un autre tableau : le fil est rompu entre les deux couches.
        INDArray output = used.forward(tape, forgotten.forward(tape, x).mul(2));
        List<Parameter> parameters =
                List.of(used.parameters().get(0), forgotten.parameters().get(0));
        assertThatThrownBy(() -> tape.backward(output, normal(20, 3, 4), parameters))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("oubliée.kernel")
                .hasMessageNotContaining("utilisée");
        forgotten.parameters().get(0).setTrainable(false);
        Tape again = new Tape();
        INDArray retry = used.forward(again, forgotten.forward(again, x).mul(2));
        again.backward(retry, normal(20, 3, 4), parameters);
        assertThat(forgotten.parameterCount()).isEqualTo(4);
    }

    @Test
    void aTapeServesOnce() {
        assertThatThrownBy(() -> new Tape().backward(normal(1, 1, 1), normal(1, 1, 1), List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("le fil est vide");
        Dense dense = new Dense("dense", 2, 2, new Random(21));
        Tape tape = new Tape();
        INDArray output = dense.forward(tape, normal(21, 1, 2));
        assertThatThrownBy(() -> tape.backward(output, normal(22, 2, 2), List.of()))
                .hasMessage("gradient : trouvé [2, 2], attendu [1, 2] comme la valeur");
        assertThat(Tape.NONE.isRecording()).isFalse();
    }
}
