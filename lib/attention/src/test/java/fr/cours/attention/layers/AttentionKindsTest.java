package fr.cours.attention.layers;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

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
        AttentionMask.window(6, 1).fill(0, 3, hidden, 6);
        assertThat(hidden).containsExactly(true, true, false, false, false, true);
        AttentionMask.strided(6, 2).fill(0, 3, hidden, 6);
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
        INDArray x = normal(5, 1, 40, 4).muli(100); // scores jusqu'à 1e4 et plus : chaque softmax choisit une clé
        assertClose(
                new BlockwiseAttention(8).forward(Tape.NONE, x, x, x, NONE).output(),
                dense.forward(x, x, x, NONE).output(),
                1e-5);
        INDArray huge = x.mul(1e20);
        assertThatThrownBy(() -> new BlockwiseAttention(8).forward(Tape.NONE, huge, huge, x, NONE))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageStartingWith("scores : ");
    }

    @Test
    void blockByBlockSeparatesLargeScoresThatAlmostTie() {
        INDArray common = Nd4j.valueArrayOf(new long[] {1, 40, 1}, 150f, DataType.FLOAT);
        INDArray q = Nd4j.concat(2, normal(6, 1, 40, 4), common); // tous les scores sont près de 150²/√5, environ 1e4
        INDArray k = Nd4j.concat(2, normal(7, 1, 40, 4), common);
        INDArray v = normal(8, 1, 40, 3);
        INDArray expected = dense.forward(q, k, v, NONE).output();
        // Un score de d produits porte au plus d + 1 arrondis : c'est l'erreur relative d'un poids, à un facteur 4 près
        // pour deux calculs et deux scores comparés. Un écart de cette taille ne dit rien de l'algorithme.
        double rounding = 6 * Math.scalb(150 * 150 / Math.sqrt(5), -24);
        double tolerance = 4 * rounding * v.amaxNumber().doubleValue();
        assertThat(tolerance).isLessThan(0.06).isGreaterThan(1e-3);
        for (int block : new int[] {1, 8, 40}) {
            assertClose(
                    new BlockwiseAttention(block)
                            .forward(Tape.NONE, q, k, v, NONE)
                            .output(),
                    expected,
                    tolerance);
        }
    }

    private static void assertNumericGradients(Attention kind, AttentionMask mask, int n) {
        INDArray[] x = {normal(31, 2, 2, n, 3), normal(32, 2, 2, n, 3), normal(33, 2, 2, n, 2)};
        INDArray upstream = normal(34, 2, 2, n, 2);
        Tape tape = new Tape();
        tape.backward(kind.forward(tape, x[0], x[1], x[2], mask).output(), upstream, kind.parameters());
        Supplier<INDArray> output =
                () -> kind.forward(Tape.NONE, x[0], x[1], x[2], mask).output();
        for (INDArray input : x) {
            GradientTest.assertNumeric(input, tape.gradient(input), upstream, output);
        }
        for (Parameter parameter : kind.parameters()) {
            GradientTest.assertNumeric(parameter.value(), parameter.gradient(), upstream, output);
        }
    }

    @Test
    void numericGradients() {
        AttentionMask padding = AttentionMask.padding(new int[] {7, 4}, 7);
        assertNumericGradients(SparseAttention.window(2), AttentionMask.causal(7), 7);
        assertNumericGradients(SparseAttention.strided(3), NONE, 7);
        assertNumericGradients(new LinearAttention(), padding, 7);
        assertNumericGradients(new AdaptiveSpanAttention(2, 2, 3, 0.65), padding, 7); // un pas de 0,02 position
    }

    @Test
    void linearEqualsItsQuadraticForm() {
        AttentionMask padding = AttentionMask.padding(new int[] {9, 0}, 9); // tout caché dans le second exemple
        INDArray q = normal(41, 2, 3, 6, 4);
        INDArray k = normal(42, 2, 3, 9, 4);
        INDArray v = normal(43, 2, 3, 9, 5);
        INDArray output =
                new LinearAttention().forward(Tape.NONE, q, k, v, padding).output();
        for (int head = 0; head < 3; head++) {
            INDArray fq = Transforms.elu(q.slice(0).slice(head), true).add(1);
            INDArray fk = Transforms.elu(k.slice(0).slice(head), true).add(1);
            INDArray similarities = fq.mmul(fk.transpose()); // [n, m]
            INDArray weights = similarities.divColumnVector(similarities.sum(1));
            assertClose(output.slice(0).slice(head), weights.mmul(v.slice(0).slice(head)), 1e-5);
        }
        assertThat(output.slice(1).amaxNumber().doubleValue()).isZero();
        assertThatThrownBy(() -> new LinearAttention().forward(Tape.NONE, k, k, v, AttentionMask.causal(9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("mask : trouvé [*, 9, 9], attendu un masque de clés seulement");
    }

    @Test
    void theSpanHidesWhatIsBeyondIt() {
        INDArray x = normal(51, 1, 2, 30, 4);
        AdaptiveSpanAttention near = new AdaptiveSpanAttention(2, 10, 3, 0.2); // z = 2, plus rien à 5
        near.parameters().get(0).value().putScalar(1, 100); // la seconde tête voit tout
        assertThat(near.spans()).containsExactly(new double[] {2, 1000}, within(1e-4));
        INDArray weights = near.forward(Tape.NONE, x, x, x, NONE).weights();
        assertClose(weights.sum(3), Nd4j.ones(DataType.FLOAT, 1, 2, 30), 1e-5);
        assertThat(weights.getFloat(0, 0, 10, 14)).isPositive();
        assertThat(weights.getFloat(0, 0, 10, 15)).isZero();
        assertClose(weights.slice(1, 1), dense.forward(x, x, x, NONE).weights().slice(1, 1), 1e-6);
        assertThatThrownBy(() -> near.forward(Tape.NONE, normal(52, 1, 3, 4, 4), normal(53, 1, 3, 4, 4), x, NONE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AdaptiveSpanAttention(2, 10, 3, -1))
                .hasMessage("initial : trouvé -1.0, attendu un nombre fini, au moins 0");
    }

    @Test
    void multiHeadTakesAnyKind() {
        INDArray x = normal(61, 2, 5, 6);
        INDArray upstream = normal(62, 2, 5, 6);
        MultiHeadAttention usual = new MultiHeadAttention("", 6, 2, new Random(7));
        MultiHeadAttention wide = new MultiHeadAttention("", 6, 2, SparseAttention.window(9), new Random(7));
        Tape tape = new Tape();
        Tape other = new Tape();
        INDArray expected = usual.forward(tape, x, x, x, NONE).output();
        INDArray found = wide.forward(other, x, x, x, NONE).output();
        assertClose(found, expected, 1e-5);
        tape.backward(expected, upstream, usual.parameters());
        other.backward(found, upstream, wide.parameters());
        assertClose(other.gradient(x), tape.gradient(x), 1e-5);

        EncoderBlock block = new EncoderBlock("", 6, 2, new AdaptiveSpanAttention(2, 4, 2, 0.5), 8, 0, new Random(8));
        assertThat(block.parameters()).extracting(Parameter::name).contains("span");
        assertThat(block.forward(Tape.NONE, x, NONE).output().shape()).containsExactly(2, 5, 6);
    }

    /** Les têtes sont des vues du tableau projeté : toute sorte y lit et y écrit ce qu'elle ferait de copies. */
    @Test
    void everyKindReadsAndWritesHeadsInPlace() {
        AttentionMask padding = AttentionMask.padding(new int[] {70, 41}, 70);
        for (Attention kind : List.of(
                new ScaledDotProductAttention(),
                new ScaledDotProductAttention(0.5),
                SparseAttention.window(9),
                SparseAttention.strided(4),
                new LinearAttention(),
                new AdaptiveSpanAttention(3, 20, 4, 0.7),
                new BlockwiseAttention(32))) {
            boolean learns = !(kind instanceof BlockwiseAttention);
            INDArray[] views = new INDArray[3];
            INDArray[] copies = new INDArray[3];
            for (int i = 0; i < 3; i++) {
                views[i] = normal(70 + i, 2, 70, 12).reshape(2, 70, 3, 4).permute(0, 2, 1, 3);
                copies[i] = views[i].dup('c');
            }
            INDArray whole = Nd4j.create(2, 70, 12);
            INDArray into = whole.reshape(2, 70, 3, 4).permute(0, 2, 1, 3);
            Tape tape = learns ? new Tape() : Tape.NONE;
            Attention.Heads heads = new Attention.Heads(views[0], views[1], views[2]);
            Attention.Attended attended = kind.attend(tape, heads, padding, into);
            AttentionOutput expected = kind.forward(tape, copies[0], copies[1], copies[2], padding);
            assertClose(into.dup('c'), expected.output(), 1e-6);
            if (learns) {
                INDArray upstream = normal(80, 2, 70, 12).reshape(2, 70, 3, 4).permute(0, 2, 1, 3);
                tape.backward(expected.output(), upstream.dup('c'), kind.parameters());
                Attention.Heads d = new Attention.Heads(
                        Nd4j.create(2, 70, 12).reshape(2, 70, 3, 4).permute(0, 2, 1, 3),
                        Nd4j.create(2, 70, 12).reshape(2, 70, 3, 4).permute(0, 2, 1, 3),
                        Nd4j.create(2, 70, 12).reshape(2, 70, 3, 4).permute(0, 2, 1, 3));
                attended.backward().apply(tape, upstream, null, d);
                assertClose(d.queries().dup('c'), tape.gradient(copies[0]), 1e-6);
                assertClose(d.keys().dup('c'), tape.gradient(copies[1]), 1e-6);
                assertClose(d.values().dup('c'), tape.gradient(copies[2]), 1e-6);
            }
        }
    }

    @Test
    void gradientThroughTheWeightsOfASpan() {
        AdaptiveSpanAttention kind = new AdaptiveSpanAttention(2, 2, 3, 0.65);
        INDArray[] x = {normal(91, 1, 2, 5, 3), normal(92, 1, 2, 5, 3), normal(93, 1, 2, 5, 2)};
        INDArray upstream = normal(94, 1, 2, 5, 5);
        Tape tape = new Tape();
        tape.backward(kind.forward(tape, x[0], x[1], x[2], NONE).weights(), upstream, kind.parameters());
        Supplier<INDArray> weights = () -> kind.forward(x[0], x[1], x[2], NONE).weights();
        GradientTest.assertNumeric(x[0], tape.gradient(x[0]), upstream, weights);
        GradientTest.assertNumeric(x[1], tape.gradient(x[1]), upstream, weights);
        Parameter span = kind.parameters().get(0);
        GradientTest.assertNumeric(span.value(), span.gradient(), upstream, weights);
    }

    /** L'abandon ne touche que l'entraînement, et seulement la sortie : les poids rendus somment encore à 1. */
    @Test
    void droppedWeightsAreThoseOfTraining() {
        INDArray x = normal(101, 2, 3, 40, 8);
        AttentionMask mask = AttentionMask.causal(40);
        AttentionOutput usual = dense.forward(x, x, x, mask);
        ScaledDotProductAttention dropping = dense.withDropout(0.4, 11);
        assertThat(dropping.forward(x, x, x, mask).output()).isEqualTo(usual.output());
        assertThat(dense.withDropout(0, 1).forward(new Tape(), x, x, x, mask).output())
                .isEqualTo(usual.output());
        AttentionOutput trained = dropping.forward(new Tape(), x, x, x, mask);
        assertThat(trained.weights()).isEqualTo(usual.weights());
        assertThat(trained.output().sub(usual.output()).amaxNumber().doubleValue())
                .isGreaterThan(0.1);
        INDArray sum = Nd4j.zerosLike(usual.output());
        for (int pass = 0; pass < 2000; pass++) {
            sum.addi(dropping.forward(new Tape(), x, x, x, mask).output());
        }
        // L'espérance ne change pas : l'écart d'une moyenne de 2 000 tirages, à cinq écarts types.
        double deviation = Math.sqrt(0.4 / 0.6 / 2000) * x.amaxNumber().doubleValue();
        assertClose(sum.div(2000), usual.output(), 5 * deviation);
        assertThatThrownBy(() -> dense.withDropout(1, 0)).hasMessageStartingWith("rate : trouvé 1.0");
    }

    @Test
    void gradientUnderDroppedWeights() {
        INDArray[] x = {normal(111, 1, 2, 5, 3), normal(112, 1, 2, 6, 3), normal(113, 1, 2, 6, 2)};
        INDArray upstream = normal(114, 1, 2, 5, 2);
        Tape tape = new Tape();
        tape.backward(
                dense.withDropout(0.3, 5).forward(tape, x[0], x[1], x[2], NONE).output(), upstream, List.of());
        // La même graine abandonne les mêmes poids à la première passe de chaque couche neuve.
        Supplier<INDArray> output = () -> dense.withDropout(0.3, 5)
                .forward(new Tape(), x[0], x[1], x[2], NONE)
                .output();
        for (INDArray input : x) {
            GradientTest.assertNumeric(input, tape.gradient(input), upstream, output);
        }
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
