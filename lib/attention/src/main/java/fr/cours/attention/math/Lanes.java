package fr.cours.attention.math;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Ce dont sont faites les boucles des classes {@code Vector…} : lire, sommer, prendre l'exponentielle.
 *
 * <p>À part, parce qu'une méthode qui rend un vecteur doit être fondue dans son appelant : sinon chaque vecteur devient un
 * objet, et le calcul va deux fois moins vite. C2 y renonce dans une méthode devenue trop grosse ; l'option
 * {@code dontinline} de {@code jvm-options} garde donc chaque boucle des classes {@code Vector…} pour elle-même.
 */
final class Lanes {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final int COUNT = FLOATS.length();

    // exp(x) = 2ⁿ·exp(r), n l'entier le plus proche de x/ln 2, |r| ≤ ln 2 / 2 ; exp(r) par le polynôme de Cephes.
    private static final float LOWEST = -88.03f; // juste sous −127·ln 2 : exp(x) n'y est plus un float normal
    private static final float LOG2_E = 1.44269504f;
    private static final float ROUND = 12582912f; // 1,5·2²³ : l'ajouter arrondit, l'entier est dans les bits bas
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float C0 = 1.9875691500e-4f;
    private static final float C1 = 1.3981999507e-3f;
    private static final float C2 = 8.3334519073e-3f;
    private static final float C3 = 4.1665795894e-2f;
    private static final float C4 = 1.6666665459e-1f;
    private static final float C5 = 5.0000001201e-1f;

    private Lanes() {}

    static FloatVector load(float[] array, int at) {
        return FloatVector.fromArray(FLOATS, array, at);
    }

    /** La somme des voies, une moitié sur l'autre : toujours dans cet ordre, ce que {@code reduceLanes} ne promet pas. */
    static float sum(FloatVector lanes) {
        float[] sums = lanes.toArray();
        for (int half = COUNT / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; lane++) {
                sums[lane] += sums[lane + half];
            }
        }
        return sums[0];
    }

    /**
     * exp(x) pour x ≤ 88 ; exactement 0 quand c'est trop petit : l'exposant déborde de ses bits, l'entier est négatif. Un
     * NaN peut y devenir 0 : le softmax l'a vu en cherchant le plus grand score.
     */
    static FloatVector expOrZero(FloatVector x) {
        return exp(x.max(LOWEST)).reinterpretAsInts().max(0).reinterpretAsFloats();
    }

    /** exp(x) pour x de −87,33 à 88 : celle de l'API rend d'autres bits avant et après compilation à chaud. */
    static FloatVector exp(FloatVector x) {
        FloatVector rounded = x.fma(LOG2_E, ROUND);
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = n.fma(broadcast(FLOATS, -LN2_LOW), n.fma(broadcast(FLOATS, -LN2_HIGH), x));
        FloatVector p = r.fma(C0, C1)
                .fma(r, broadcast(FLOATS, C2))
                .fma(r, broadcast(FLOATS, C3))
                .fma(r, broadcast(FLOATS, C4))
                .fma(r, broadcast(FLOATS, C5));
        FloatVector y = p.mul(r).fma(r, r).add(1);
        IntVector power = rounded.reinterpretAsInts().lanewise(LSHL, 23);
        return y.reinterpretAsInts().add(power).reinterpretAsFloats();
    }

    /** σ si le facteur est 1, tanh s'il est 2 : tanh(x) = 2σ(2x) − 1. Au-delà de ±30, un float n'y voit plus de différence. */
    static FloatVector sigmoid(FloatVector x, float factor) {
        FloatVector e = exp(x.mul(-factor).max(-30).min(30)); // bornée : elle ne déborde pas
        return broadcast(FLOATS, factor).div(e.add(1)).sub(factor - 1);
    }
}
