package fr.cours.attention.training;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LossTest {
    @Test
    void knownValues() {
        assertThat(Loss.binaryCrossEntropy(Nd4j.zeros(4, 1), new int[] {0, 1, 1, 0})
                        .value())
                .isCloseTo(Math.log(2), within(1e-6));
        assertThat(Loss.categoricalCrossEntropy(Nd4j.zeros(2, 7), new int[] {3, 6})
                        .value())
                .isCloseTo(Math.log(7), within(1e-6));
    }

    @Test
    void stableFarFromZero() {
        INDArray far = Nd4j.createFromArray(new float[][] {{1000}, {-1000}});
        assertThat(Loss.binaryCrossEntropy(far, new int[] {1, 0}).value()).isZero();
        assertThat(Loss.binaryCrossEntropy(far, new int[] {0, 1}).value()).isCloseTo(1000, within(1e-3));
        INDArray classes = Nd4j.createFromArray(new float[][] {{1000, -1000, 0}});
        assertThat(Loss.categoricalCrossEntropy(classes, new int[] {1}).value()).isCloseTo(2000, within(1e-2));
    }

    @Test
    void numericGradients() {
        INDArray z = normal(1, 3, 1);
        int[] labels = {1, 0, 1};
        INDArray logits = normal(2, 4, 5);
        int[] classes = {2, Loss.IGNORED, 0, 4};
        assertClose(
                Loss.binaryCrossEntropy(z, labels).gradient(),
                numeric(z, x -> Loss.binaryCrossEntropy(x, labels).value()),
                1e-4);
        assertClose(
                Loss.categoricalCrossEntropy(logits, classes).gradient(),
                numeric(logits, x -> Loss.categoricalCrossEntropy(x, classes).value()),
                1e-3);
    }

    @Test
    void onePositionIsOneRow() {
        INDArray rows = normal(3, 6, 4);
        int[] labels = {2, Loss.IGNORED, 0, 3, 1, Loss.IGNORED};
        Loss flat = Loss.categoricalCrossEntropy(rows, labels);
        Loss byPosition = Loss.categoricalCrossEntropy(rows.reshape(2, 3, 4), labels);
        assertThat(byPosition.value()).isEqualTo(flat.value());
        assertThat(byPosition.gradient()).isEqualTo(flat.gradient().reshape(2, 3, 4));
        assertThat(flat.gradient().getRow(1).amaxNumber().doubleValue()).isZero();
    }

    private static INDArray numeric(INDArray x, ToDoubleFunction<INDArray> loss) {
        INDArray gradient = Nd4j.create(x.shape());
        for (int i = 0; i < x.length(); i++) {
            INDArray above = x.dup();
            INDArray below = x.dup();
            above.putScalar(i, x.getFloat(i) + 1e-2f);
            below.putScalar(i, x.getFloat(i) - 1e-2f);
            gradient.putScalar(i, (loss.applyAsDouble(above) - loss.applyAsDouble(below)) / 2e-2);
        }
        return gradient;
    }

    @Test
    void badLabels() {
        assertThatThrownBy(() -> Loss.binaryCrossEntropy(Nd4j.zeros(2, 1), new int[] {0, 2}))
                .hasMessage("labels : trouvé 2 pour l'exemple 1, attendu 0 ou 1");
        assertThatThrownBy(() -> Loss.binaryCrossEntropy(Nd4j.zeros(2, 1), new int[] {0}))
                .hasMessage("logits : trouvé [2, 1] pour 1 étiquettes, attendu [1, 1]");
        assertThatThrownBy(() -> Loss.categoricalCrossEntropy(Nd4j.zeros(1, 3), new int[] {3}))
                .hasMessage("labels : trouvé 3 à la ligne 0, attendu de 0 à 2, ou -1 pour ne pas compter");
        assertThatThrownBy(() -> Loss.categoricalCrossEntropy(Nd4j.zeros(1, 3), new int[] {-1}))
                .hasMessage("labels : aucune étiquette ne compte, attendu une au moins");
    }

    @Test
    void badLogits() {
        int[] one = {0};
        assertThatThrownBy(() -> Loss.binaryCrossEntropy(null, one))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("logits : valeur absente (null), attendu [batch, 1]");
        assertThatThrownBy(() -> Loss.categoricalCrossEntropy(null, one))
                .hasMessage("logits : valeur absente (null), attendu [lignes, classes] ou [batch, n, classes]");
        assertThatThrownBy(() -> Loss.categoricalCrossEntropy(Nd4j.zeros(3), one))
                .hasMessage("logits : trouvé [3], attendu [lignes, classes] ou [batch, n, classes]");
        assertThatThrownBy(() -> Loss.binaryCrossEntropy(Nd4j.zeros(1, 2), one))
                .hasMessage("logits : trouvé [1, 2] pour 1 étiquettes, attendu [1, 1]");
        assertThatThrownBy(() -> Loss.binaryCrossEntropy(Nd4j.zeros(1, 1), null))
                .hasMessage("labels : valeur absente (null), attendu une étiquette par ligne");
        INDArray broken = Nd4j.createFromArray(new float[][] {{1, Float.NaN}});
        assertThatThrownBy(() -> Loss.categoricalCrossEntropy(broken, one))
                .hasMessage("logits : NaN à la position [0, 1], attendu des nombres finis");
        INDArray infinite = Nd4j.createFromArray(new float[][] {{Float.NEGATIVE_INFINITY}});
        assertThatThrownBy(() -> Loss.binaryCrossEntropy(infinite, one))
                .hasMessage("logits : −∞ à la position [0, 0], attendu des nombres finis");
    }
}
