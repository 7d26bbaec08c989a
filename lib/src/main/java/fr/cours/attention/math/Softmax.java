package fr.cours.attention.math;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Le softmax des scores d'attention, sur place : masque et normalisation en une visite par ligne.
 *
 * <p>Les deux en un parce que la mémoire est lente : une ligne de scores reste en cache pendant qu'on la lit deux fois
 * et qu'on l'écrit. La boucle simple est à côté de la boucle vectorielle ({@link VectorSoftmax}) ; un test les compare.
 */
public final class Softmax {
    private Softmax() {}

    /**
     * {@code scores ← softmax(scores)} le long des clés ; une clé cachée a exactement le poids 0, une ligne cachée
     * tout entière vaut 0 partout.
     *
     * @param scores {@code [batch, heads, n, m]} contigu, modifié
     * @param mask les clés cachées
     * @throws ArithmeticException si un score visible n'est pas un nombre fini
     */
    public static void overKeys(INDArray scores, HiddenKeys mask) {
        ByteBuffer memory = Memory.bytes(scores);
        int batch = (int) scores.size(0);
        int heads = (int) scores.size(1);
        int n = (int) scores.size(2);
        int m = (int) scores.size(3);
        boolean vectors = ComputePath.useVectors();
        boolean[] hidden = new boolean[m];
        for (int lot = 0; lot < batch * heads; lot++) {
            Interruption.check();
            for (int query = 0; query < n; query++) {
                boolean[] row = mask.fill(lot / heads, query, hidden) ? hidden : null;
                int offset = (lot * n + query) * m * Float.BYTES;
                float max = vectors ? VectorSoftmax.row(memory, offset, m, row) : row(memory, offset, m, row);
                if (!Float.isFinite(max)) {
                    throw new ArithmeticException("scores : " + max + " à la ligne " + query + " du lot " + lot
                            + " ; le produit des requêtes et des clés dépasse ce qu'un float peut porter");
                }
            }
        }
        Reference.reachabilityFence(scores);
    }

    /** Une ligne, en boucle simple. Rend le plus grand score visible, 0 si tout est caché. */
    static float row(ByteBuffer memory, int offset, int m, boolean[] hidden) {
        float max = Float.NEGATIVE_INFINITY;
        int visible = 0;
        for (int key = 0; key < m; key++) {
            if (hidden == null || !hidden[key]) {
                max = Math.max(max, memory.getFloat(offset + key * Float.BYTES)); // NaN l'emporte
                visible++;
            }
        }
        float sum = 0;
        for (int key = 0; key < m; key++) {
            int at = offset + key * Float.BYTES;
            // Retrancher le maximum ne change rien au quotient et garde l'exponentielle entre 0 et 1.
            boolean seen = hidden == null || !hidden[key];
            float e = seen ? (float) Math.exp(memory.getFloat(at) - max) : 0;
            memory.putFloat(at, e);
            sum += e;
        }
        if (visible == 0) {
            return 0;
        }
        for (int key = 0; key < m; key++) {
            int at = offset + key * Float.BYTES;
            memory.putFloat(at, memory.getFloat(at) / sum);
        }
        return max;
    }

    /**
     * Gradient des scores à partir de celui des poids : {@code g ← w⊙(g − Σ g⊙w)}, somme le long des clés.
     *
     * @param weights {@code [batch, heads, n, m]} contigu, tel que {@link #overKeys} l'a rendu
     * @param gradient gradient des poids, même forme, contigu ; remplacé par celui des scores
     */
    public static void backward(INDArray weights, INDArray gradient) {
        ByteBuffer w = Memory.bytes(weights);
        ByteBuffer g = Memory.bytes(gradient);
        int m = (int) weights.size(3);
        boolean vectors = ComputePath.useVectors();
        for (int row = 0; row < weights.length() / m; row++) {
            if (vectors) {
                VectorSoftmax.backwardRow(w, g, row * m * Float.BYTES, m);
            } else {
                backwardRow(w, g, row * m * Float.BYTES, m);
            }
        }
        Reference.reachabilityFence(weights);
        Reference.reachabilityFence(gradient);
    }

    /** Une ligne du gradient, en boucle simple. */
    static void backwardRow(ByteBuffer w, ByteBuffer g, int offset, int m) {
        float dot = 0;
        for (int at = offset; at < offset + m * Float.BYTES; at += Float.BYTES) {
            dot += w.getFloat(at) * g.getFloat(at);
        }
        for (int at = offset; at < offset + m * Float.BYTES; at += Float.BYTES) {
            g.putFloat(at, w.getFloat(at) * (g.getFloat(at) - dot));
        }
    }
}
