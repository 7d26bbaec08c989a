package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Le contrôle des longueurs vraies d'un lot de phrases complétées. */
final class Lengths {
    private Lengths() {}

    /** Une longueur par exemple de {@code x [batch, n, d]}, chacune de 0 à n. */
    static void check(int[] lengths, INDArray x) {
        if (lengths == null || lengths.length != x.size(0)) {
            throw Arguments.refused(
                    "lengths", lengths == null ? null : lengths.length, x.size(0) + " longueurs, une par exemple");
        }
        check(lengths, x.size(1));
    }

    /** Au moins une longueur, chacune de 0 à n. */
    static void check(int[] lengths, long n) {
        if (lengths == null || lengths.length == 0) {
            throw Arguments.empty("lengths", "une longueur par exemple du lot");
        }
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 0 || lengths[i] > n) {
                throw Arguments.refused("lengths", lengths[i] + " pour l'exemple " + i, "de 0 à " + n);
            }
        }
    }
}
