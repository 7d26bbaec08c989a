package fr.cours.attention.training;

import static fr.cours.attention.Tensors.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fr.cours.attention.layers.Layer;
import fr.cours.attention.layers.Parameter;
import fr.cours.attention.layers.Tape;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Ce que deviennent les gradients : Adam, l'écrêtage, la décroissance. */
class OptimizationTest {
    /** Deux paramètres dont chaque exemple impose le gradient. */
    private static final class Imposed implements Layer {
        private final Parameter matrix =
                new Parameter("matrice", Nd4j.ones(1, 1).muli(2));
        private final Parameter bias = new Parameter("biais", Nd4j.ones(1).muli(2));

        Loss loss(Tape tape, float[] gradients) {
            INDArray output = Nd4j.zeros(1, 1);
            tape.record(
                    "imposé",
                    () -> {
                        matrix.receiveGradient(tape).addi(gradients[0]);
                        bias.receiveGradient(tape).addi(gradients[1]);
                    },
                    output);
            return new Loss(0, output, Nd4j.ones(1, 1));
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(matrix, bias);
        }

        float[] values() {
            return new float[] {matrix.value().getFloat(0), bias.value().getFloat(0)};
        }
    }

    private static float[] trained(UnaryOperator<Trainer<float[]>> settings, float[]... gradients) {
        Imposed model = new Imposed();
        Trainer<float[]> trainer = new Trainer<float[]>(model, (tape, batch) -> model.loss(tape, batch.get(0)))
                .batchSize(1)
                .learningRate(LearningRate.constant(0.1));
        settings.apply(trainer).fit(List.of(gradients));
        return model.values();
    }

    /** Un pas d'Adam ne dépend pas de l'échelle, deux pas si : le premier gradient pèse encore sur le second. */
    @Test
    void clippingShortensTheStepOnlyWhenNeeded() {
        float[] large = {30, 40}; // norme 50, pour les deux paramètres ensemble
        float[] small = {0.8f, -0.6f}; // norme 1
        float[] shortened = {0.6f, 0.8f};
        float[] clipped = trained(trainer -> trainer.clipNorm(1), large, small);
        float[] expected = trained(trainer -> trainer, shortened, small);
        float[] free = trained(trainer -> trainer, large, small);
        for (int i = 0; i < 2; i++) {
            assertThat(clipped[i]).isCloseTo(expected[i], within(1e-5f));
            assertThat(clipped[i]).isNotCloseTo(free[i], within(1e-3f));
        }
        // Une norme que rien ne dépasse ne change pas un bit.
        assertThat(trained(trainer -> trainer.clipNorm(51), large, small)).isEqualTo(free);
    }

    @Test
    void weightDecayPullsMatricesOnly() {
        float[] gradients = {1, 1};
        float[] free = trained(trainer -> trainer, gradients);
        float[] decayed = trained(trainer -> trainer.weightDecay(0.3), gradients);
        assertThat(decayed[0]).isCloseTo(free[0] - 0.1f * 0.3f * 2, within(1e-6f)); // taux · part · valeur
        assertThat(decayed[1]).isEqualTo(free[1]);
    }

    @Test
    void firstStepOfAdam() {
        Parameter parameter = new Parameter("p", Nd4j.ones(1, 2));
        Adam adam = new Adam(List.of(parameter), 0.5);
        parameter.receiveGradient(Tape.NONE).assign(Nd4j.createFromArray(new float[][] {{3, -4}}));
        assertThat(adam.gradientNorm()).isCloseTo(5, within(1e-6));
        adam.step(0.1, 1);
        // Le taux contre le signe du gradient, et 0,1 · 0,5 de décroissance.
        assertThat(bits(parameter.value())).containsExactly(new float[] {0.95f - 0.1f, 0.95f + 0.1f}, within(1e-5f));
        adam.close();
        assertThatThrownBy(() -> adam.step(0.1, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ont été rendus");
        for (double decay : new double[] {-1, Double.NaN}) {
            assertThatThrownBy(() -> new Adam(List.of(parameter), decay))
                    .hasMessage("weightDecay : trouvé " + decay + ", attendu 0 ou plus");
        }
    }
}
