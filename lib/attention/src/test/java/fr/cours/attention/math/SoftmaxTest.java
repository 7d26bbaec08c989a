package fr.cours.attention.math;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.normal;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** La boucle vectorielle contre la boucle simple, et toutes deux contre ND4J. */
class SoftmaxTest {
    private static final HiddenKeys ALL_VISIBLE = (batch, query, hidden, m) -> false;

    @Test
    void thisRunTestsTheVectors() {
        // Les options de test chargent le module : sans vecteurs, la comparaison ne comparerait rien. De 19 à 21, l'API
        // ne lit plus les tampons et pas encore, sans essai à activer, les segments.
        int java = Runtime.version().feature();
        assertThat(ComputePath.hasVectors()).isEqualTo(java <= 18 || java >= 22);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 15, 16, 17, 31, 64, 257})
    void equalToThePlainLoopAndToNd4j(int m) {
        INDArray scores = normal(m, 2, 3, 4, m).muli(5);
        INDArray fast = scores.dup();
        INDArray plain = scores.dup();
        Softmax.overKeys(fast, ALL_VISIBLE);
        ComputePath.plain(() -> {
            Softmax.overKeys(plain, ALL_VISIBLE);
            return null;
        });
        assertClose(fast, plain, 1e-6);
        // Celui d'ND4J, mais en double : en float32 il s'écarte du vrai plus que le nôtre.
        INDArray exact = Nd4j.nn().softmax(scores.castTo(DataType.DOUBLE), 3);
        assertClose(fast, exact.castTo(DataType.FLOAT), 1e-6);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 16, 40})
    void equalUnderRandomMasks(int m) {
        boolean[][] rows = new boolean[5][m];
        Random random = new Random(m);
        for (boolean[] row : rows) {
            for (int key = 0; key < m; key++) {
                row[key] = random.nextInt(3) > 0;
            }
        }
        Arrays.fill(rows[4], true);
        HiddenKeys mask = (batch, query, hidden, some) -> {
            System.arraycopy(rows[query], 0, hidden, 0, m);
            return true;
        };
        INDArray scores = normal(m, 1, 2, 5, m).muli(10);
        INDArray fast = scores.dup();
        Softmax.overKeys(fast, mask);
        INDArray plain = scores.dup();
        ComputePath.plain(() -> {
            Softmax.overKeys(plain, mask);
            return null;
        });
        assertClose(fast, plain, 1e-6);
        assertThat(fast.slice(0).slice(0).slice(4).sumNumber().doubleValue()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {16, 17, 31, 50, 257}) // au moins un vecteur : en deçà, la boucle simple se comparerait à elle-même
    void gradientEqualToThePlainLoop(int m) {
        assertThat(m).isGreaterThanOrEqualTo(ComputePath.hasVectors() ? Lanes.COUNT : 0);
        INDArray weights = normal(m, 1, 2, 3, m);
        Softmax.overKeys(weights, ALL_VISIBLE);
        INDArray upstream = normal(m + 1, 1, 2, 3, m);
        INDArray fast = upstream.dup();
        Softmax.backward(weights, fast);
        INDArray plain = upstream.dup();
        ComputePath.plain(() -> {
            Softmax.backward(weights, plain);
            return null;
        });
        assertClose(fast, plain, 1e-6);
    }

    /** Un objet par vecteur, et le softmax irait deux fois moins vite : c'est ce qu'évitent {@link Lanes} et dontinline. */
    @Test
    void hotRowsAllocateNoVector() {
        var memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        INDArray ragged =
                normal(1, 8, 1, 64, 50); // d'abord des lignes qui finissent entre deux vecteurs, puis des entières
        for (int pass = 0; pass < 400; pass++) {
            Softmax.overKeys(ragged, ALL_VISIBLE);
        }
        INDArray scores = normal(1, 8, 1, 64, 64);
        long perRow = Long.MAX_VALUE;
        for (int round = 0; perRow > 500 && round < 100; round++) { // C2 compile à côté, quand il peut
            long before = memory.getCurrentThreadAllocatedBytes();
            for (int pass = 0; pass < 50; pass++) {
                Softmax.overKeys(scores, ALL_VISIBLE);
            }
            perRow = (memory.getCurrentThreadAllocatedBytes() - before) / (50 * 8 * 64);
        }
        assertThat(perRow).as("octets par ligne").isLessThanOrEqualTo(500);
    }

    @Test
    void exponentialIsGoodOverItsWholeRange() {
        int m = 2048;
        INDArray scores = Nd4j.create(1, 1, 1, m);
        double sum = 0;
        for (int key = 0; key < m; key++) {
            scores.putScalar(key, -key * 0.06f); // de 0 à −123 : jusque sous le plus petit float
            sum += Math.exp(-key * 0.06f);
        }
        INDArray weights = scores.dup();
        Softmax.overKeys(weights, ALL_VISIBLE);
        for (int key = 0; key < m; key++) {
            double expected = Math.exp(scores.getFloat(key)) / sum;
            double tolerance = scores.getFloat(key) < -86 ? 1e-36 : 1e-6 * expected;
            assertThat(Math.abs(weights.getFloat(key) - expected)).isLessThanOrEqualTo(tolerance);
        }
    }
}
