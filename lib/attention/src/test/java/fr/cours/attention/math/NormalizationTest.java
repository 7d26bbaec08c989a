package fr.cours.attention.math;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.normal;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Les visites par vecteurs et leur fin contre la boucle simple, et celle-ci contre la formule. */
class NormalizationTest {
    private static final float EPSILON = 1e-6f;

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 37, 64, 130})
    void equalToThePlainLoopAndToTheFormula(int d) {
        INDArray x = normal(d, 5, d);
        INDArray gamma = normal(d + 1, d);
        INDArray beta = normal(d + 2, d);
        Run fast = new Run(x, gamma, beta);
        Run plain = ComputePath.plain(() -> new Run(x, gamma, beta));
        assertThat(fast.inverse).hasSize(5);
        assertClose(fast.normalized, plain.normalized, 1e-5);
        assertClose(fast.out, plain.out, 1e-5);
        assertClose(fast.gradient, plain.gradient, 1e-4);
        assertClose(fast.dGamma, plain.dGamma, 1e-5);
        assertClose(fast.dBeta, plain.dBeta, 1e-5);
        for (int row = 0; row < 5; row++) {
            INDArray centered = x.getRow(row).sub(x.getRow(row).meanNumber());
            double deviation = Math.sqrt(centered.mul(centered).meanNumber().doubleValue() + EPSILON);
            assertClose(fast.normalized.getRow(row), centered.div(deviation), 1e-5);
        }
        assertClose(fast.out, fast.normalized.mulRowVector(gamma).addRowVector(beta), 1e-5);
    }

    /** Les deux passes, sur des copies. */
    private static final class Run {
        private final INDArray normalized;
        private final INDArray out;
        private final float[] inverse;
        private final INDArray gradient;
        private final INDArray dGamma;
        private final INDArray dBeta;

        Run(INDArray x, INDArray gamma, INDArray beta) {
            normalized = x.dup();
            out = Nd4j.create(x.shape());
            Normalization loop = new Normalization(gamma, beta, EPSILON);
            inverse = loop.forward(normalized, out);
            gradient = normal(9, x.shape());
            dGamma = normal(10, x.size(1)); // ce qui y est déjà s'ajoute
            dBeta = normal(11, x.size(1));
            loop.backward(normalized, inverse, gradient, dGamma, dBeta);
        }
    }
}
