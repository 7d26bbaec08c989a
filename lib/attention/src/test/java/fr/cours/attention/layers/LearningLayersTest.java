package fr.cours.attention.layers;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.assertGradientClose;
import static fr.cours.attention.Tensors.bits;
import static fr.cours.attention.Tensors.normal;
import static fr.cours.attention.layers.GradientTest.assertNumeric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fr.cours.attention.math.ComputePath;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Les couches de l'entraînement : différences finies, les deux chemins, et ce qui leur est propre. */
class LearningLayersTest {
    @Test
    void embeddingAddsTheGradientsOfARepeatedWord() {
        Embedding embedding = new Embedding("table", 6, 3, new Random(1));
        int[][] ids = {{2, 5, 2}, {0, 2, 1}};
        INDArray upstream = normal(1, 2, 3, 3);
        Tape tape = new Tape();
        INDArray output = embedding.forward(tape, ids);
        assertThat(bits(output.slice(0).getRow(0)))
                .isEqualTo(bits(embedding.parameters().get(0).value().getRow(2)));
        tape.backward(output, upstream, embedding.parameters());
        Parameter table = embedding.parameters().get(0);
        assertNumeric(table.value(), table.gradient(), upstream, () -> embedding.forward(Tape.NONE, ids));
        assertThat(bits(table.gradient().getRow(3))).containsOnly(0f);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 16, 37})
    void layerNorm(int d) {
        LayerNorm layer = new LayerNorm("norm", d);
        layer.parameters().get(0).value().assign(normal(2, d));
        layer.parameters().get(1).value().assign(normal(3, d));
        INDArray x = normal(4, 2, 3, d).muli(2).addi(1);
        INDArray upstream = normal(5, 2, 3, d);
        Tape tape = new Tape();
        tape.backward(layer.forward(tape, x), upstream, layer.parameters());
        assertNumeric(x, tape.gradient(x), upstream, () -> layer.forward(Tape.NONE, x));
        for (Parameter parameter : layer.parameters()) {
            assertNumeric(parameter.value(), parameter.gradient(), upstream, () -> layer.forward(Tape.NONE, x));
        }
        List<INDArray> fast = List.of(
                tape.gradient(x),
                layer.parameters().get(0).gradient().dup(),
                layer.parameters().get(1).gradient().dup());
        ComputePath.plain(() -> {
            Tape plain = new Tape();
            plain.backward(layer.forward(plain, x), upstream, layer.parameters());
            assertGradientClose(fast.get(0), plain.gradient(x));
            assertGradientClose(fast.get(1), layer.parameters().get(0).gradient());
            assertGradientClose(fast.get(2), layer.parameters().get(1).gradient());
            return null;
        });
    }

    @Test
    void layerNormCentersAndScalesEveryRow() {
        INDArray y = new LayerNorm("norm", 50)
                .forward(Tape.NONE, normal(6, 4, 50).muli(7).addi(3));
        assertClose(y.mean(1), Nd4j.zeros(4), 1e-5);
        assertClose(y.std(false, 1), Nd4j.ones(4), 1e-4);
        assertThat(bits(new LayerNorm("norm", 8).forward(Tape.NONE, Nd4j.ones(1, 8))))
                .containsOnly(0f);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 33})
    void feedForward(int hidden) {
        FeedForward layer = new FeedForward("ffn.", 4, hidden, new Random(7));
        INDArray x = normal(7, 2, 3, 4);
        INDArray upstream = normal(8, 2, 3, 4);
        Tape tape = new Tape();
        tape.backward(layer.forward(tape, x), upstream, layer.parameters());
        assertNumeric(x, tape.gradient(x), upstream, () -> layer.forward(Tape.NONE, x));
        INDArray plain = ComputePath.plain(() -> {
            Tape other = new Tape();
            other.backward(layer.forward(other, x), upstream, layer.parameters());
            return other.gradient(x);
        });
        assertGradientClose(tape.gradient(x), plain);
    }

    @Test
    void encoderBlock() {
        EncoderBlock block = new EncoderBlock("b.", 6, 2, 9, 0, new Random(9));
        INDArray x = normal(9, 2, 4, 6);
        AttentionMask mask = AttentionMask.padding(new int[] {4, 2}, 4);
        INDArray upstream = normal(10, 2, 4, 6);
        Tape tape = new Tape();
        tape.backward(block.forward(tape, x, mask).output(), upstream, block.parameters());
        assertNumeric(
                x,
                tape.gradient(x),
                upstream,
                () -> block.forward(Tape.NONE, x, mask).output());
        assertThat(block.parameters()).extracting(Parameter::name).doesNotHaveDuplicates();
    }

    @Test
    void meanPoolingLeavesPaddingOut() {
        INDArray x = normal(11, 3, 4, 5);
        int[] lengths = {4, 2, 0};
        INDArray mean = MeanPooling.forward(Tape.NONE, x, lengths);
        assertClose(mean.getRow(0), x.slice(0).mean(0), 1e-6);
        assertClose(mean.getRow(1), x.slice(1).getRows(0, 1).mean(0), 1e-6);
        assertThat(bits(mean.getRow(2))).containsOnly(0f);
        INDArray upstream = normal(12, 3, 5);
        Tape tape = new Tape();
        tape.backward(MeanPooling.forward(tape, x, lengths), upstream, List.of());
        assertNumeric(x, tape.gradient(x), upstream, () -> MeanPooling.forward(Tape.NONE, x, lengths));
        assertThatThrownBy(() -> MeanPooling.forward(Tape.NONE, x, new int[] {1, 2, 5}))
                .hasMessage("lengths : trouvé 5 pour l'exemple 2, attendu de 0 à 4");
        assertThatThrownBy(() -> MeanPooling.forward(Tape.NONE, x, new int[] {1}))
                .hasMessage("lengths : trouvé 1, attendu 3 longueurs, une par exemple");
    }

    @Test
    void dropoutKeepsTheExpectationAndItsSeed() {
        INDArray x = Nd4j.ones(200, 500);
        INDArray once = new Dropout(0.3, 13).forward(new Tape(), x);
        // Moyenne de 100 000 tirages d'écart-type √(0,3/0,7) : 5 écarts-types font 0,0104.
        assertThat(once.meanNumber().doubleValue()).isCloseTo(1, within(0.0104));
        assertThat(once.eq(0).castTo(x.dataType()).meanNumber().doubleValue()).isCloseTo(0.3, within(0.008));
        assertThat(new Dropout(0.3, 13).forward(new Tape(), x)).isEqualTo(once);
        assertThat(new Dropout(0.3, 14).forward(new Tape(), x)).isNotEqualTo(once);
        assertThat(new Dropout(0.3, 13).forward(Tape.NONE, x)).isSameAs(x);
        assertThatThrownBy(() -> new Dropout(1, 0)).hasMessage("rate : trouvé 1.0, attendu de 0 à moins de 1");
    }

    @Test
    void dropoutStopsTheGradientWhereItDropped() {
        INDArray x = normal(15, 4, 6);
        Tape tape = new Tape();
        INDArray y = new Dropout(0.5, 15).forward(tape, x);
        tape.backward(y, Nd4j.ones(4, 6), List.of());
        assertClose(tape.gradient(x).mul(x), y, 1e-6);
    }

    @Test
    void positionsAreAddedToEveryExample() {
        INDArray x = normal(16, 2, 3, 4);
        INDArray positions = PositionalEncoding.sinusoidal(5, 4);
        INDArray upstream = normal(17, 2, 3, 4);
        Tape tape = new Tape();
        INDArray sum = PositionalEncoding.add(tape, x, positions);
        for (int example = 0; example < 2; example++) {
            assertClose(sum.slice(example).sub(x.slice(example)), positions.getRows(0, 1, 2), 1e-6);
        }
        tape.backward(sum, upstream, List.of());
        assertClose(tape.gradient(x), upstream, 0);
        assertThatThrownBy(() -> PositionalEncoding.add(Tape.NONE, normal(18, 2, 6, 4), positions))
                .hasMessage("positions : trouvé [5, 4], attendu [au moins 6, 4] comme x");
    }

    /** Une table ne remet à zéro que les lignes touchées : il ne doit rien rester du lot d'avant. */
    @Test
    void aSecondPassForgetsTheGradientOfTheFirst() {
        Embedding embedding = new Embedding("mots", 6, 4, new Random(17));
        Parameter table = embedding.parameters().get(0);
        for (int[][] ids : new int[][][] {{{1, 2, 2}}, {{4, 5, 5}}}) {
            Tape tape = new Tape();
            INDArray output = embedding.forward(tape, ids);
            tape.backward(output, Nd4j.ones(output.shape()), List.of(table));
        }
        assertThat(table.touchedRows()).containsExactly(4, 5);
        assertThat(table.gradient().sum(1).toFloatVector()).containsExactly(0, 0, 0, 0, 4, 8);
    }
}
