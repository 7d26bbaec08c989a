package fr.cours.attention.math;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * La normalisation de lignes et son gradient, sur place.
 *
 * <p>Une ligne se fait en trois visites : sa moyenne, sa variance, son écriture. De chacune, {@link VectorNormalization}
 * fait ce qui remplit des vecteurs, et la boucle simple le reste ; sans API Vector, elle fait tout. Un test les compare.
 */
public final class Normalization {
    private static final int BYTES = Float.BYTES;

    private final float[] gamma;
    private final float[] beta;
    private final float epsilon;
    private final VectorNormalization vectors; // null : boucles simples
    private final int bound; // combien de nombres d'une ligne vont par vecteurs

    /**
     * Une normalisation de lignes de {@code d} nombres.
     *
     * @param gamma {@code [d]}
     * @param beta {@code [d]}
     * @param epsilon ajouté à la variance
     */
    public Normalization(INDArray gamma, INDArray beta, float epsilon) {
        this.gamma = gamma.toFloatVector();
        this.beta = beta.toFloatVector();
        this.epsilon = epsilon;
        vectors = ComputePath.useVectors() ? new VectorNormalization(this.gamma, this.beta) : null;
        bound = vectors == null ? 0 : vectors.bound();
    }

    /**
     * {@code x̂ ← (x − moyenne)/√(variance + epsilon)}, puis {@code out ← gamma⊙x̂ + beta}.
     *
     * @param x {@code [lignes, d]} contigu ; remplacé par {@code x̂}
     * @param out {@code [lignes, d]} contigu, rempli
     * @return {@code 1/√(variance + epsilon)} de chaque ligne
     */
    public float[] forward(INDArray x, INDArray out) {
        int d = gamma.length;
        float[] inverse = new float[(int) (x.length() / d)];
        Memory.bytes(x, out, (from, to) -> {
            for (int row = 0; row < inverse.length; row++) {
                int offset = row * d * BYTES;
                float mean = from.getFloat(offset) + sum(from, offset) / d;
                inverse[row] = (float) (1 / Math.sqrt(squares(from, offset, mean) / d + epsilon));
                write(from, offset, mean, inverse[row], to);
            }
        });
        return inverse;
    }

    /** La somme de ce qui dépasse le premier nombre : une ligne constante a exactement sa moyenne, si grande soit-elle. */
    private float sum(Floats x, int offset) {
        float first = x.getFloat(offset);
        float sum = bound > 0 ? vectors.sum(x.vectors(), offset, first) : 0;
        for (int i = bound; i < gamma.length; i++) {
            sum += x.getFloat(offset + i * BYTES) - first;
        }
        return sum;
    }

    private float squares(Floats x, int offset, float mean) {
        float sum = bound > 0 ? vectors.squares(x.vectors(), offset, mean) : 0;
        for (int i = bound; i < gamma.length; i++) {
            float centered = x.getFloat(offset + i * BYTES) - mean;
            sum += centered * centered;
        }
        return sum;
    }

    private void write(Floats x, int offset, float mean, float inverse, Floats out) {
        if (bound > 0) {
            vectors.write(x.vectors(), offset, mean, inverse, out.vectors());
        }
        for (int i = bound; i < gamma.length; i++) {
            int at = offset + i * BYTES;
            float normalized = (x.getFloat(at) - mean) * inverse;
            x.putFloat(at, normalized);
            out.putFloat(at, gamma[i] * normalized + beta[i]);
        }
    }

    /**
     * Le gradient de {@link #forward}. Avec {@code h = gamma⊙gradient}, ligne par ligne :
     * {@code gradient ← inverse·(h − moyenne(h) − x̂·moyenne(h⊙x̂))}.
     *
     * @param normalized {@code x̂}, tel que {@link #forward} l'a laissé
     * @param inverse ce que {@link #forward} a rendu
     * @param gradient celui de la sortie, {@code [lignes, d]} contigu ; remplacé par celui de l'entrée
     * @param dGamma {@code [d]}, où s'ajoute le gradient de gamma
     * @param dBeta {@code [d]}, où s'ajoute le gradient de beta
     */
    public void backward(INDArray normalized, float[] inverse, INDArray gradient, INDArray dGamma, INDArray dBeta) {
        int d = gamma.length;
        float[] sumGamma = dGamma.toFloatVector();
        float[] sumBeta = dBeta.toFloatVector();
        Memory.bytes(normalized, gradient, dGamma, dBeta, (x, g, toGamma, toBeta) -> {
            for (int row = 0; row < inverse.length; row++) {
                int offset = row * d * BYTES;
                float mean = sumH(x, g, offset, sumBeta, false) / d;
                float meanX = sumH(x, g, offset, sumGamma, true) / d;
                writeBackward(x, g, offset, inverse[row], mean, meanX);
            }
            toGamma.asFloatBuffer().put(sumGamma);
            toBeta.asFloatBuffer().put(sumBeta);
        });
    }

    /** {@code Σ gamma⊙gradient}, ou {@code Σ gamma⊙gradient⊙x̂} ; ajoute en passant le gradient (ou gradient⊙x̂) à {@code into}. */
    private float sumH(Floats x, Floats g, int offset, float[] into, boolean timesX) {
        float sum = bound > 0 ? vectors.sumH(x.vectors(), g.vectors(), offset, into, timesX) : 0;
        for (int i = bound; i < gamma.length; i++) {
            float part = g.getFloat(offset + i * BYTES) * (timesX ? x.getFloat(offset + i * BYTES) : 1);
            into[i] += part;
            sum += gamma[i] * part;
        }
        return sum;
    }

    private void writeBackward(Floats x, Floats g, int offset, float inverse, float mean, float meanX) {
        if (bound > 0) {
            vectors.writeBackward(x.vectors(), g.vectors(), offset, inverse, mean, meanX);
        }
        for (int i = bound; i < gamma.length; i++) {
            int at = offset + i * BYTES;
            g.putFloat(at, inverse * (gamma[i] * g.getFloat(at) - mean - x.getFloat(at) * meanX));
        }
    }
}
