package fr.cours.attention.layers;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.assertGradientClose;
import static fr.cours.attention.Tensors.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fr.cours.attention.math.ComputePath;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** La LSTM : une valeur faite à la main, le remplissage, le sens de lecture, le gradient, les deux chemins. */
class LstmTest {
    private static Lstm lstm(int inputs, int units, boolean reverse) {
        return new Lstm("lstm", inputs, units, reverse, new Random(3));
    }

    private static INDArray forward(Lstm lstm, INDArray x, int... lengths) {
        return lengths.length == 0 ? lstm.forward(Tape.NONE, x) : lstm.forward(Tape.NONE, x, lengths);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Test
    void twoStepsByHand() {
        Lstm lstm = lstm(1, 1, false);
        lstm.parameters().get(0).value().assign(Nd4j.createFromArray(new float[][] {{0.5f, -0.2f, 0.8f, 0.3f}}));
        lstm.parameters().get(1).value().assign(Nd4j.createFromArray(new float[][] {{0.1f, 0.4f, -0.6f, 0.7f}}));
        INDArray h = forward(lstm, Nd4j.createFromArray(new float[][][] {{{2}, {-1}}}));

        double c1 = sigmoid(1) * Math.tanh(1.6); // l'état de départ est nul : l'oubli ne sert pas encore
        double h1 = sigmoid(0.6) * Math.tanh(c1);
        double forget = sigmoid(0.2 + 1 + 0.4 * h1);
        double c2 = forget * c1 + sigmoid(-0.5 + 0.1 * h1) * Math.tanh(-0.8 - 0.6 * h1);
        double h2 = sigmoid(-0.3 + 0.7 * h1) * Math.tanh(c2);
        assertThat((double) h.getFloat(0, 0, 0)).isCloseTo(h1, within(1e-6));
        assertThat((double) h.getFloat(0, 1, 0)).isCloseTo(h2, within(1e-6));
    }

    @Test
    void itsParameters() {
        Lstm lstm = lstm(5, 3, false);
        assertThat(lstm.parameterCount()).isEqualTo(4 * 3 * (5 + 3 + 1));
        assertThat(lstm.parameters().get(2).value().toFloatVector())
                .containsExactly(0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void paddingChangesNothing(boolean reverse) {
        Lstm lstm = lstm(4, 17, reverse);
        INDArray x = normal(5, 2, 6, 4);
        INDArray h = forward(lstm, x, 6, 4);
        INDArray other = x.dup();
        other.get(NDArrayIndex.point(1), NDArrayIndex.interval(4, 6)).assign(9);
        assertThat(forward(lstm, other, 6, 4)).isEqualTo(h);

        INDArray alone = forward(
                lstm,
                x.get(NDArrayIndex.point(1), NDArrayIndex.interval(0, 4)).dup().reshape(1, 4, 4));
        INDArray second = h.slice(1); // [6, 17]
        assertClose(
                second.get(NDArrayIndex.interval(0, 4)).dup(), alone.slice(0).dup(), 1e-6);
        INDArray padded = second.get(NDArrayIndex.interval(4, 6)).dup();
        INDArray carried = reverse ? Nd4j.zeros(17) : second.getRow(3).dup();
        assertClose(padded.getRow(0).dup(), carried, 0);
        assertClose(padded.getRow(1).dup(), carried, 0);
        assertThat(forward(lstm, x, 6, 0).slice(1).amaxNumber().doubleValue()).isZero();
    }

    @Test
    void backwardsIsForwardOnTheReversedSentence() {
        INDArray x = normal(6, 3, 5, 4);
        INDArray turned = Nd4j.create(x.shape());
        for (int t = 0; t < 5; t++) {
            turned.get(NDArrayIndex.all(), NDArrayIndex.point(t))
                    .assign(x.get(NDArrayIndex.all(), NDArrayIndex.point(4 - t)));
        }
        INDArray forward = forward(lstm(4, 8, false), turned);
        INDArray backward = forward(lstm(4, 8, true), x);
        for (int t = 0; t < 5; t++) {
            assertClose(
                    backward.get(NDArrayIndex.all(), NDArrayIndex.point(t)).dup(),
                    forward.get(NDArrayIndex.all(), NDArrayIndex.point(4 - t)).dup(),
                    1e-6);
        }
    }

    @Test
    void thePastDoesNotSeeTheFuture() {
        Lstm lstm = lstm(4, 8, false);
        INDArray x = normal(7, 1, 5, 4);
        INDArray before = forward(lstm, x);
        x.get(NDArrayIndex.point(0), NDArrayIndex.point(4)).assign(3);
        INDArray after = forward(lstm, x);
        assertThat(after.slice(0).get(NDArrayIndex.interval(0, 4)).dup())
                .isEqualTo(before.slice(0).get(NDArrayIndex.interval(0, 4)).dup());
        assertThat(after.slice(0).getRow(4)).isNotEqualTo(before.slice(0).getRow(4));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientUnderPadding(boolean reverse) {
        Lstm lstm = lstm(3, 4, reverse);
        INDArray x = normal(8, 3, 4, 3);
        INDArray upstream = normal(9, 3, 4, 4);
        int[] lengths = {4, 2, 0};
        Supplier<INDArray> output = () -> lstm.forward(Tape.NONE, x, lengths);
        Tape tape = new Tape();
        tape.backward(lstm.forward(tape, x, lengths), upstream, lstm.parameters());
        GradientTest.assertNumeric(x, tape.gradient(x), upstream, output);
        for (Parameter parameter : lstm.parameters()) {
            GradientTest.assertNumeric(parameter.value(), parameter.gradient(), upstream, output);
        }
        assertThat(tape.gradient(x).slice(2).amaxNumber().doubleValue()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 37})
    void bothPathsAgree(int units) {
        INDArray x = normal(10, 2, 7, 5).muli(20); // des portes fermées et ouvertes, pas seulement entrouvertes
        INDArray upstream = normal(11, 2, 7, units);
        Lstm fast = lstm(5, units, false);
        Lstm plain = lstm(5, units, false);
        Tape tape = new Tape();
        INDArray h = fast.forward(tape, x, new int[] {7, 5});
        tape.backward(h, upstream, fast.parameters());
        INDArray dx = ComputePath.plain(() -> {
            Tape other = new Tape();
            INDArray same = plain.forward(other, x, new int[] {7, 5});
            assertClose(h, same, 1e-5);
            other.backward(same, upstream, plain.parameters());
            return other.gradient(x);
        });
        assertGradientClose(tape.gradient(x), dx);
        for (int i = 0; i < 3; i++) {
            assertGradientClose(
                    fast.parameters().get(i).gradient(),
                    plain.parameters().get(i).gradient());
        }
    }

    @Test
    void bothDirections() {
        Lstm there = lstm(3, 4, false);
        Lstm back = new Lstm("retour", 3, 4, true, new Random(4));
        INDArray x = normal(12, 2, 5, 3);
        INDArray upstream = normal(13, 2, 5, 8);
        Tape tape = new Tape();
        INDArray both = tape.concatenate(2, there.forward(tape, x), back.forward(tape, x)); // [2, 5, 8]
        tape.backward(both, upstream, Layer.parametersOf(there, back));
        GradientTest.assertNumeric(
                x, tape.gradient(x), upstream, () -> Nd4j.concat(2, forward(there, x), forward(back, x)));
    }

    @Test
    void badInput() {
        Lstm lstm = lstm(4, 3, false);
        assertRefused(() -> forward(lstm, normal(14, 2, 5, 3)), "x : trouvé [2, 5, 3], attendu [batch, n, 4]");
        assertRefused(() -> forward(lstm, normal(14, 5, 4)), "x : trouvé [5, 4], attendu [batch, n, 4]");
        assertRefused(() -> forward(lstm, null), "x : valeur absente (null), attendu [batch, n, 4]");
        INDArray broken = normal(15, 2, 5, 4);
        broken.putScalar(new long[] {1, 2, 3}, Float.NaN);
        assertRefused(() -> forward(lstm, broken), "x : NaN à la position [1, 2, 3], attendu des nombres finis");
        INDArray x = normal(16, 2, 5, 4);
        assertRefused(() -> forward(lstm, x, 5), "lengths : trouvé 1, attendu 2 longueurs, une par exemple");
        assertRefused(() -> forward(lstm, x, 5, 6), "lengths : trouvé 6 pour l'exemple 1, attendu de 0 à 5");
        assertRefused(() -> lstm(0, 3, false), "inputs : trouvé 0, attendu un entier positif");
        assertRefused(() -> lstm(3, -1, false), "units : trouvé -1, attendu un entier positif");
        assertThat(List.of(
                        lstm.parameters().get(0).name(),
                        lstm.parameters().get(1).name()))
                .containsExactly("lstm.kernel", "lstm.recurrent");
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
