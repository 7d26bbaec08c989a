package fr.cours.attention.math;

import java.nio.ByteBuffer;
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
        ByteBuffer input = Memory.bytes(x);
        ByteBuffer output = Memory.bytes(y);
        int done = ComputePath.useVectors() ? VectorLoops.relu(input, output) : 0;
        for (int at = done; at < input.limit(); at += Float.BYTES) {
            output.putFloat(at, Math.max(input.getFloat(at), 0));
        }
        Memory.keep(x, y);
    }

    /**
     * Gradient de relu : {@code dx ← dy} où {@code y > 0}, 0 ailleurs.
     *
     * @param y ce que {@link #relu} a rendu
     * @param dy le gradient de la sortie, contigu
     * @param dx de la même forme, contigu, rempli ; {@code dy} lui-même si l'on veut
     */
    public static void reluBackward(INDArray y, INDArray dy, INDArray dx) {
        ByteBuffer output = Memory.bytes(y);
        ByteBuffer from = Memory.bytes(dy);
        ByteBuffer to = Memory.bytes(dx);
        int done = ComputePath.useVectors() ? VectorLoops.reluBackward(output, from, to) : 0;
        for (int at = done; at < from.limit(); at += Float.BYTES) {
            to.putFloat(at, output.getFloat(at) > 0 ? from.getFloat(at) : 0);
        }
        Memory.keep(y, dy, dx);
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
        ByteBuffer input = Memory.bytes(x);
        ByteBuffer output = Memory.bytes(y);
        int done = ComputePath.useVectors() ? VectorLoops.multiply(input, factors, output) : 0;
        for (int at = done; at < input.limit(); at += Float.BYTES) {
            output.putFloat(at, input.getFloat(at) * factors[at / Float.BYTES]);
        }
        Memory.keep(x, y);
        return y;
    }

    /**
     * Normalise chaque ligne : {@code x̂ ← (x − moyenne)/√(variance + epsilon)}, puis {@code out ← gamma⊙x̂ + beta}.
     *
     * @param x {@code [lignes, d]} contigu ; remplacé par {@code x̂}
     * @param gamma {@code [d]}
     * @param beta {@code [d]}
     * @param epsilon ajouté à la variance
     * @param out {@code [lignes, d]} contigu, rempli
     * @return {@code 1/√(variance + epsilon)} de chaque ligne
     */
    public static float[] normalize(INDArray x, INDArray gamma, INDArray beta, float epsilon, INDArray out) {
        int d = (int) gamma.length();
        float[] inverse = new float[(int) (x.length() / d)];
        ByteBuffer memory = Memory.bytes(x);
        ByteBuffer target = Memory.bytes(out);
        float[] g = gamma.toFloatVector();
        float[] b = beta.toFloatVector();
        for (int row = 0; row < inverse.length; row++) {
            int offset = row * d * Float.BYTES;
            inverse[row] = ComputePath.useVectors()
                    ? VectorLoops.normalizeRow(memory, offset, g, b, epsilon, target)
                    : normalizeRow(memory, offset, g, b, epsilon, target);
        }
        Memory.keep(x, out);
        return inverse;
    }

    private static float normalizeRow(
            ByteBuffer x, int offset, float[] gamma, float[] beta, float epsilon, ByteBuffer out) {
        int d = gamma.length;
        float mean = 0;
        for (int i = 0; i < d; i++) {
            mean += x.getFloat(offset + i * Float.BYTES);
        }
        mean /= d;
        float variance = 0;
        for (int i = 0; i < d; i++) {
            float centered = x.getFloat(offset + i * Float.BYTES) - mean;
            variance += centered * centered;
        }
        float inverse = (float) (1 / Math.sqrt(variance / d + epsilon));
        for (int i = 0; i < d; i++) {
            int at = offset + i * Float.BYTES;
            float normalized = (x.getFloat(at) - mean) * inverse;
            x.putFloat(at, normalized);
            out.putFloat(at, gamma[i] * normalized + beta[i]);
        }
        return inverse;
    }

    /**
     * Gradient de {@link #normalize}. Avec {@code h = gamma⊙gradient}, ligne par ligne :
     * {@code gradient ← inverse·(h − moyenne(h) − x̂·moyenne(h⊙x̂))}.
     *
     * @param normalized {@code x̂}, tel que {@link #normalize} l'a laissé
     * @param gamma {@code [d]}
     * @param inverse ce que {@link #normalize} a rendu
     * @param gradient celui de la sortie, {@code [lignes, d]} contigu ; remplacé par celui de l'entrée
     * @param dGamma {@code [d]}, où s'ajoute le gradient de gamma
     * @param dBeta {@code [d]}, où s'ajoute le gradient de beta
     */
    public static void normalizeBackward(
            INDArray normalized, INDArray gamma, float[] inverse, INDArray gradient, INDArray dGamma, INDArray dBeta) {
        ByteBuffer x = Memory.bytes(normalized);
        ByteBuffer g = Memory.bytes(gradient);
        float[] scale = gamma.toFloatVector();
        float[] sumGamma = dGamma.toFloatVector();
        float[] sumBeta = dBeta.toFloatVector();
        for (int row = 0; row < inverse.length; row++) {
            int offset = row * scale.length * Float.BYTES;
            if (ComputePath.useVectors()) {
                VectorLoops.normalizeBackwardRow(x, g, offset, scale, inverse[row], sumGamma, sumBeta);
            } else {
                normalizeBackwardRow(x, g, offset, scale, inverse[row], sumGamma, sumBeta);
            }
        }
        Memory.bytes(dGamma).asFloatBuffer().put(sumGamma);
        Memory.bytes(dBeta).asFloatBuffer().put(sumBeta);
        Memory.keep(normalized, gradient);
    }

    private static void normalizeBackwardRow(
            ByteBuffer x, ByteBuffer g, int offset, float[] gamma, float inverse, float[] dGamma, float[] dBeta) {
        int d = gamma.length;
        float mean = 0;
        float meanX = 0;
        for (int i = 0; i < d; i++) {
            int at = offset + i * Float.BYTES;
            float dy = g.getFloat(at);
            dGamma[i] += dy * x.getFloat(at);
            dBeta[i] += dy;
            mean += gamma[i] * dy / d;
            meanX += gamma[i] * dy * x.getFloat(at) / d;
        }
        for (int i = 0; i < d; i++) {
            int at = offset + i * Float.BYTES;
            g.putFloat(at, inverse * (gamma[i] * g.getFloat(at) - mean - x.getFloat(at) * meanX));
        }
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
        ByteBuffer p = Memory.bytes(value);
        ByteBuffer g = Memory.bytes(gradient);
        ByteBuffer first = Memory.bytes(m);
        ByteBuffer second = Memory.bytes(v);
        if (rows != null) {
            int width = (int) value.size(value.rank() - 1) * Float.BYTES;
            for (int row : rows) {
                adam(p, g, first, second, step, row * width, (row + 1) * width);
            }
        } else {
            int size = p.limit() / Float.BYTES;
            int shares = size < WORTH_SHARING ? 1 : Parallel.threads();
            Parallel.run(
                    shares,
                    share -> adam(
                            p, g, first, second, step, bound(size, share, shares), bound(size, share + 1, shares)));
        }
        Memory.keep(value, gradient, m, v);
    }

    private static int bound(int size, int share, int shares) {
        return (int) ((long) size * share / shares) * Float.BYTES;
    }

    private static void adam(
            ByteBuffer p, ByteBuffer g, ByteBuffer first, ByteBuffer second, AdamStep step, int from, int to) {
        float beta1 = step.beta1();
        float beta2 = step.beta2();
        int done = ComputePath.useVectors() ? VectorLoops.adam(p, g, first, second, step, from, to) : from;
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
