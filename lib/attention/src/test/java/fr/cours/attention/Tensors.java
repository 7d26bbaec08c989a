package fr.cours.attention;

import static org.assertj.core.api.Assertions.assertThat;

import fr.cours.attention.math.RandomTensors;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Ce que les tests font aux tableaux. */
public final class Tensors {
    private Tensors() {}

    public static INDArray normal(long seed, long... shape) {
        System.out.println("graine " + seed);
        return RandomTensors.normal(new Random(seed), shape);
    }

    /** Même forme, et écart d'au plus {@code tolerance} partout. */
    public static void assertClose(INDArray actual, INDArray expected, double tolerance) {
        // Une tolérance tirée d'un tableau qui déborde accepterait tout.
        assertThat(tolerance).isNotNegative().isFinite();
        assertThat(actual.shape()).isEqualTo(expected.shape());
        float[] a = actual.dup('c').data().asFloat();
        float[] e = expected.dup('c').data().asFloat();
        for (int i = 0; i < e.length; i++) {
            // La négation refuse aussi NaN, que toute comparaison laisserait passer.
            if (!(Math.abs(a[i] - e[i]) <= tolerance)) {
                throw new AssertionError(
                        "élément " + i + " : trouvé " + a[i] + ", attendu " + e[i] + " à " + tolerance);
            }
        }
    }

    /** La tolérance des gradients : relative au plus grand élément du tableau attendu. */
    public static void assertGradientClose(INDArray actual, INDArray expected) {
        assertClose(actual, expected, 1e-4 * expected.amaxNumber().doubleValue() + 1e-6);
    }

    public static float[] bits(INDArray array) {
        return array.dup('c').data().asFloat();
    }
}
