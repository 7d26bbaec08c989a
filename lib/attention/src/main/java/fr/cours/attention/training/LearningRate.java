package fr.cours.attention.training;

import fr.cours.attention.math.Arguments;

/** Le taux d'apprentissage au fil des pas. */
@FunctionalInterface
public interface LearningRate {
    /**
     * Le taux d'un pas.
     *
     * @param step le pas, à partir de 0
     * @param total le nombre de pas prévus
     * @return le taux
     */
    double at(int step, int total);

    /**
     * Un taux qui ne change pas.
     *
     * @param rate le taux
     * @return ce taux, toujours
     */
    static LearningRate constant(double rate) {
        return (step, total) -> rate;
    }

    /**
     * Une montée droite, puis une descente en cosinus jusqu'à 0 (Loshchilov et Hutter, 2017, éq. 5).
     *
     * @param peak le taux au sommet
     * @param warmup part des pas que dure la montée, de 0 à 1
     * @return le taux au fil des pas
     * @throws IllegalArgumentException si {@code warmup} sort de ces bornes
     */
    static LearningRate warmupCosine(double peak, double warmup) {
        Arguments.check(warmup >= 0 && warmup <= 1, "warmup", warmup, "une part de 0 à 1");
        return (step, total) -> {
            double climb = warmup * total;
            if (step + 1 < climb) {
                return peak * (step + 1) / climb;
            }
            return peak * 0.5 * (1 + Math.cos(Math.PI * (step + 1 - climb) / (total - climb + 1)));
        };
    }
}
