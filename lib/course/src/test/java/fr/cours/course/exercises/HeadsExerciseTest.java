package fr.cours.course.exercises;

import static fr.cours.course.exercises.MaskExerciseTest.assertDiagnosed;
import static org.assertj.core.api.Assertions.assertThat;

import fr.cours.attention.layers.AttentionMask;
import fr.cours.attention.layers.MultiHeadAttention;
import fr.cours.attention.layers.ScaledDotProductAttention;
import fr.cours.attention.training.Loss;
import fr.cours.course.exercises.Verdict.State;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HeadsExerciseTest {
    private final HeadsExercise exercise = new HeadsExercise();

    /** Somme des f(p) : une écriture à la main, comme celle d'un lecteur. */
    private static double sum(double[] weights, java.util.function.DoubleUnaryOperator f) {
        double sum = 0;
        for (double weight : weights) {
            sum += f.applyAsDouble(weight);
        }
        return sum;
    }

    private static double xlogx(double p) {
        return p == 0 ? 0 : p * Math.log(p);
    }

    private static double[] soft(double[] scores, double divisor, double shift, double after) {
        double[] weights = new double[scores.length];
        double total = 0;
        for (int i = 0; i < scores.length; i++) {
            weights[i] = Math.exp(scores[i] / divisor - shift / divisor);
            total += weights[i];
        }
        for (int i = 0; i < scores.length; i++) {
            weights[i] /= after == 0 ? 1 : total * after;
        }
        return weights;
    }

    private static double top(double[] scores) {
        double top = scores[0];
        for (double score : scores) {
            top = Math.max(top, score);
        }
        return top;
    }

    @Test
    void predict() {
        assertDiagnosed(
                exercise.predict(new double[] {0, 2.0794415}),
                () -> exercise.predict(new double[] {2.0794415, 0}),
                () -> exercise.predict(new double[] {0, 3}),
                () -> exercise.predict(new double[] {1, 2.0794415}),
                () -> exercise.predict(new double[] {0, 8}),
                () -> exercise.predict(new double[] {0, 0.125}),
                () -> exercise.predict(new double[] {0, 1}),
                () -> exercise.predict(new double[] {0.5, 2.08}),
                () -> exercise.predict(new double[] {0}));
    }

    /** Le corrigé écrit 2,08 ; et une prédiction fausse se corrige en y repensant, sans que la bonne valeur soit dite. */
    @Test
    void aPredictionIsJudgedToTheHundredthAndItsAnswerIsNotTold() {
        for (double hot : new double[] {2.08, 2.079, 2.0794415, Math.log(8)}) {
            assertThat(exercise.predict(new double[] {0, hot}).state()).isEqualTo(State.DONE);
        }
        for (double[] wrong : new double[][] {{0, 2.07}, {0, 2.1}, {2, 5}, {}, {0, Double.NaN}}) {
            Verdict verdict = exercise.predict(wrong);
            assertThat(verdict.state()).isEqualTo(State.WRONG);
            assertThat(verdict.sentence()).doesNotContain("2.07", "2.08", "2,08", "ln 8");
        }
    }

    @Test
    void entropy() {
        assertDiagnosed(
                exercise.entropy(w -> -sum(w, HeadsExerciseTest::xlogx)),
                () -> exercise.entropy(w -> sum(w, HeadsExerciseTest::xlogx)),
                () -> exercise.entropy(w -> -sum(w, HeadsExerciseTest::xlogx) / 0.6931472),
                () -> exercise.entropy(w -> -sum(w, p -> p == 0 ? 0 : p * Math.log10(p))),
                () -> exercise.entropy(w -> -sum(w, HeadsExerciseTest::xlogx) / Math.log(w.length)),
                () -> exercise.entropy(w -> -sum(w, p -> p * Math.log(p))),
                () -> exercise.entropy(w -> sum(w, p -> p * Math.log(p))),
                () -> exercise.entropy(w -> -sum(w, p -> p * Math.log(p) / Math.log(2))),
                () -> exercise.entropy(w -> -sum(w, p -> p * Math.log10(p))),
                () -> exercise.entropy(w -> -sum(w, p -> p > 0.01 ? p * Math.log(p) : 0)));
        for (double least : new double[] {0.1, 0.001}) {
            assertThat(exercise.entropy(w -> -sum(w, p -> p > least ? p * Math.log(p) : 0))
                            .sentence())
                    .contains("petits poids");
        }
    }

    @Test
    void temperature() {
        assertDiagnosed(
                exercise.temperature((s, t) -> soft(s, t, top(s), 1)),
                () -> exercise.temperature((s, t) -> soft(s, 1 / t, top(s), 1)),
                () -> exercise.temperature((s, t) -> soft(s, 1, top(s), 1)),
                () -> exercise.temperature((s, t) -> soft(s, t, 0, 1)),
                () -> exercise.temperature((s, t) -> soft(s, t, top(s), 0)),
                () -> exercise.temperature((s, t) -> soft(s, 1, top(s), t)));
        assertThat(exercise.temperature(HeadsExerciseTest::byTheLayer).sentence())
                .contains("la bibliothèque");
    }

    private static double[] byTheLayer(double[] scores, double temperature) {
        INDArray keys = Nd4j.createFromArray(scores)
                .castTo(org.nd4j.linalg.api.buffer.DataType.FLOAT)
                .reshape(1, scores.length, 1);
        INDArray one = Nd4j.ones(org.nd4j.linalg.api.buffer.DataType.FLOAT, 1, 1, 1);
        return new ScaledDotProductAttention(temperature)
                .forward(one, keys, keys, AttentionMask.none())
                .weights()
                .slice(0)
                .getRow(0)
                .toDoubleVector();
    }

    /** Une recherche pas à pas, d'un autre genre que celle de la vérification. */
    private static double walk(double[] scores, double wanted) {
        double temperature = 0.01;
        double factor = 2;
        while (factor > 1 + 1e-7) {
            double next = temperature * factor;
            if (-sum(soft(scores, next, top(scores), 1), HeadsExerciseTest::xlogx) < wanted) {
                temperature = next;
            } else {
                factor = Math.sqrt(factor);
            }
        }
        return temperature;
    }

    @Test
    void wantedTemperature() {
        assertDiagnosed(
                exercise.wanted(HeadsExerciseTest::walk),
                () -> exercise.wanted((s, h) -> 1 / walk(s, h)),
                () -> exercise.wanted((s, h) -> h),
                () -> exercise.wanted((s, h) -> walk(s, h * 0.693147180)),
                () -> exercise.wanted((s, h) -> walk(s, h / 2)),
                () -> exercise.wanted((s, h) -> -sum(soft(s, 1, top(s), 1), HeadsExerciseTest::xlogx)),
                () -> exercise.wanted((s, h) -> bisect(s, h, 60, true)),
                () -> exercise.wanted((s, h) -> bisect(s, h, 10, false)));
    }

    private static double bisect(double[] scores, double wanted, int rounds, boolean wrongHalf) {
        double cold = 1e-3;
        double hot = 1e3;
        for (int round = 0; round < rounds; round++) {
            double middle = Math.sqrt(cold * hot);
            boolean small = -sum(soft(scores, middle, top(scores), 1), HeadsExerciseTest::xlogx) < wanted;
            if (small != wrongHalf) {
                cold = middle;
            } else {
                hot = middle;
            }
        }
        return hot;
    }

    private static INDArray byLoops(INDArray x, int heads) {
        int depth = (int) x.size(2) / heads;
        INDArray split = Nd4j.create(x.size(0), heads, x.size(1), depth);
        for (int b = 0; b < x.size(0); b++) {
            for (int i = 0; i < x.size(1); i++) {
                for (int d = 0; d < x.size(2); d++) {
                    split.putScalar(new int[] {b, d / depth, i, d % depth}, x.getFloat(b, i, d));
                }
            }
        }
        return split;
    }

    @Test
    void split() {
        assertDiagnosed(
                exercise.split(HeadsExerciseTest::byLoops),
                () -> exercise.split((x, h) -> x.reshape(x.size(0), h, x.size(1), x.size(2) / h)),
                () -> exercise.split((x, h) -> x.reshape(x.size(0), x.size(1), h, x.size(2) / h)),
                () -> exercise.split((x, h) -> byLoops(x, h).permute(1, 0, 2, 3)),
                () -> exercise.split((x, h) ->
                        x.reshape(x.size(0), x.size(1), x.size(2) / h, h).permute(0, 3, 1, 2)),
                () -> exercise.split((x, h) -> byLoops(x, h).permute(0, 1, 3, 2)),
                () -> exercise.split((x, h) -> byLoops(x.addi(1), h)));
    }

    @Test
    void join() {
        assertDiagnosed(
                exercise.join(x -> Nd4j.concat(
                        2,
                        x.get(all(), at(0), all(), all()),
                        x.get(all(), at(1), all(), all()),
                        x.get(all(), at(2), all(), all()))),
                () -> exercise.join(x -> x.reshape(2, 4, 6)),
                () -> exercise.join(x -> x.permute(0, 2, 3, 1).dup('c').reshape(2, 4, 6)),
                () -> exercise.join(x -> x.mean(1)),
                () -> exercise.join(x -> x.sum(1)),
                () -> exercise.join(x -> null == x
                        ? x
                        : Nd4j.concat(
                                2,
                                x.get(all(), at(2), all(), all()),
                                x.get(all(), at(1), all(), all()),
                                x.get(all(), at(0), all(), all()))));
    }

    private static org.nd4j.linalg.indexing.INDArrayIndex all() {
        return org.nd4j.linalg.indexing.NDArrayIndex.all();
    }

    private static org.nd4j.linalg.indexing.INDArrayIndex at(int head) {
        return org.nd4j.linalg.indexing.NDArrayIndex.point(head);
    }

    @Test
    void parameters() {
        assertDiagnosed(
                exercise.parameters((d, h) -> 4 * d * (d + 1)),
                () -> exercise.parameters((d, h) -> 4 * d * d),
                () -> exercise.parameters((d, h) -> 3 * d * (d + 1)),
                () -> exercise.parameters((d, h) -> 4 * d * (d + 1) * h),
                () -> exercise.parameters((d, h) -> 4 * d * (d + 1) / h),
                () -> exercise.parameters((d, h) -> 4 * 2 * d * d));
        assertThat(exercise.parameters((d, h) -> (int) new MultiHeadAttention(d, h, 1).parameterCount())
                        .state())
                .isEqualTo(State.DONE);
    }

    /** Compte à la main, par le plus grand logit de {@code sign}·ligne. */
    private static double[] counts(INDArray logits, int[] expected, int sign) {
        double right = 0;
        double judged = 0;
        for (int i = 0; i < expected.length; i++) {
            int best = 0;
            for (int c = 1; c < logits.size(1); c++) {
                best = sign * logits.getFloat(i, c) > sign * logits.getFloat(i, best) ? c : best;
            }
            judged += expected[i] == Loss.IGNORED ? 0 : 1;
            right += best == expected[i] ? 1 : 0;
        }
        return new double[] {right, judged};
    }

    private static double share(INDArray logits, int[] expected, int sign) {
        double[] counts = counts(logits, expected, sign);
        return counts[0] / counts[1];
    }

    private static double bestLine(INDArray logits, int[] expected) {
        int[] said = logits.argMax(0).toIntVector();
        double right = 0;
        double judged = 0;
        for (int i = 0; i < expected.length; i++) {
            judged += expected[i] == Loss.IGNORED ? 0 : 1;
            right += said[i] == expected[i] ? 1 : 0;
        }
        return right / judged;
    }

    @Test
    void accuracy() {
        assertDiagnosed(
                exercise.accuracy((l, e) -> share(l, e, 1)),
                () -> exercise.accuracy((l, e) -> counts(l, e, 1)[0] / e.length),
                () -> exercise.accuracy((l, e) -> 1 - share(l, e, 1)),
                () -> exercise.accuracy((l, e) -> 100 * share(l, e, 1)),
                () -> exercise.accuracy((l, e) -> (double) ((int) counts(l, e, 1)[0] / (int) counts(l, e, 1)[1])),
                () -> exercise.accuracy((l, e) -> share(l, e, -1)),
                () -> exercise.accuracy(HeadsExerciseTest::bestLine));
        assertThat(exercise.accuracy(HeadsExerciseTest::bestLine).sentence()).contains("argMax(0)", "erreur");
        assertThat(exercise.accuracy((l, e) -> bestLine(l, new int[9])).sentence())
                .doesNotContain("argMax(0)");
        assertThat(exercise.accuracy((l, e) -> 0.0).sentence()).contains("toujours la même");
    }

    @Test
    void aConstantIsRecognized() {
        assertThat(exercise.entropy(w -> 0.0).sentence()).contains("toujours la même");
        assertThat(exercise.wanted((s, h) -> 1.0).sentence()).contains("toujours la même");
        assertThat(exercise.parameters((d, h) -> 288).sentence()).contains("toujours la même");
    }

    @Test
    void nothingIsWritten() {
        assertThat(exercise.predict(null).state()).isEqualTo(State.TODO);
        assertThat(exercise.entropy(w -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.temperature((s, t) -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.wanted((s, h) -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.split((x, h) -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.join(x -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.parameters((d, h) -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.accuracy((l, e) -> null).state()).isEqualTo(State.TODO);
    }
}
