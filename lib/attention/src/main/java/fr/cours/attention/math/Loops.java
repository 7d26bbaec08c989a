package fr.cours.attention.math;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Les boucles élément par élément de l'entraînement, sur place.
 *
 * <p>Chacune existe deux fois : ici en boucle simple, que l'on lit, et dans {@link VectorLoops} par l'API Vector, qui
 * traite 8 ou 16 nombres à la fois. Un test les compare.
 */
public final class Loops {
    /** En deçà, passer la main à un autre fil coûte plus que le calcul. */
    private static final int WORTH_SHARING = 200_000;

    private Loops() {}

    /**
     * {@code y ← max(x, 0)}.
     *
     * @param x un tableau contigu
     * @param y de la même forme, contigu, rempli ; {@code x} lui-même si l'on veut
     */
    public static void relu(INDArray x, INDArray y) {
        Memory.bytes(x, y, (input, output) -> {
            int done = input.vectors() == null ? 0 : VectorLoops.relu(input.vectors(), output.vectors(), input.limit());
            for (int at = done; at < input.limit(); at += Float.BYTES) {
                output.putFloat(at, Math.max(input.getFloat(at), 0));
            }
        });
    }

    /**
     * Gradient de relu : {@code dx ← dy} où {@code y > 0}, 0 ailleurs.
     *
     * @param y ce que {@link #relu} a rendu
     * @param dy le gradient de la sortie, contigu
     * @param dx de la même forme, contigu, rempli ; {@code dy} lui-même si l'on veut
     */
    public static void reluBackward(INDArray y, INDArray dy, INDArray dx) {
        Memory.bytes(y, dy, dx, (output, from, to) -> {
            int done = output.vectors() == null
                    ? 0
                    : VectorLoops.reluBackward(output.vectors(), from.vectors(), to.vectors(), output.limit());
            for (int at = done; at < from.limit(); at += Float.BYTES) {
                to.putFloat(at, output.getFloat(at) > 0 ? from.getFloat(at) : 0);
            }
        });
    }

    /**
     * {@code x⊙factors}, dans un tableau neuf.
     *
     * @param x un tableau contigu
     * @param factors un facteur par nombre, dans l'ordre des lignes
     * @return de la forme de {@code x}
     */
    public static INDArray multiply(INDArray x, float[] factors) {
        INDArray y = Blank.of(x.shape());
        Memory.bytes(x, y, (input, output) -> {
            int done = input.vectors() == null ? 0 : VectorLoops.multiply(input.vectors(), factors, output.vectors());
            for (int at = done; at < input.limit(); at += Float.BYTES) {
                output.putFloat(at, input.getFloat(at) * factors[at / Float.BYTES]);
            }
        });
        return y;
    }

    /**
     * Un pas d'Adam (Kingma et Ba, 2015, algorithme 1) à décroissance des poids découplée (Loshchilov et Hutter, 2019).
     *
     * @param value les valeurs, modifiées
     * @param gradient leur gradient
     * @param m premier moment, modifié
     * @param v second moment, modifié
     * @param rows les lignes à changer, {@code null} pour toutes
     * @param step les constantes du pas
     */
    public static void adam(INDArray value, INDArray gradient, INDArray m, INDArray v, int[] rows, AdamStep step) {
        int width = (int) value.size(value.rank() - 1) * Float.BYTES;
        int size = Math.toIntExact(value.length());
        int shares = size < WORTH_SHARING ? 1 : Parallel.threads();
        Memory.bytes(value, gradient, m, v, (p, g, first, second) -> {
            if (rows != null) {
                for (int row : rows) {
                    adam(p, g, first, second, step, row * width, (row + 1) * width);
                }
                return;
            }
            Parallel.run(shares, share -> {
                int from = bound(size, share, shares);
                adam(p, g, first, second, step, from, bound(size, share + 1, shares));
            });
        });
    }

    private static int bound(int size, int share, int shares) {
        return (int) ((long) size * share / shares) * Float.BYTES;
    }

    private static void adam(Floats p, Floats g, Floats first, Floats second, AdamStep step, int from, int to) {
        float beta1 = step.beta1();
        float beta2 = step.beta2();
        int done = p.vectors() == null
                ? from
                : VectorLoops.adam(p.vectors(), g.vectors(), first.vectors(), second.vectors(), step, from, to);
        for (int at = done; at < to; at += Float.BYTES) {
            float gi = step.gradientScale() * g.getFloat(at);
            float mi = beta1 * first.getFloat(at) + (1 - beta1) * gi;
            float vi = beta2 * second.getFloat(at) + (1 - beta2) * gi * gi;
            first.putFloat(at, mi);
            second.putFloat(at, vi);
            float change = step.rate() * mi / ((float) Math.sqrt(vi) + step.epsilon());
            p.putFloat(at, (1 - step.decay()) * p.getFloat(at) - change);
        }
    }

    /**
     * Les constantes d'un pas d'Adam.
     *
     * @param gradientScale facteur du gradient : 1, ou moins quand sa norme est écrêtée
     * @param beta1 mémoire du premier moment
     * @param beta2 mémoire du second moment
     * @param rate taux d'apprentissage, corrections de biais comprises
     * @param epsilon ajouté à la racine du second moment
     * @param decay part des valeurs perdue à ce pas
     */
    public record AdamStep(float gradientScale, float beta1, float beta2, float rate, float epsilon, float decay) {}
}
