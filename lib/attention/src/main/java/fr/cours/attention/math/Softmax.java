package fr.cours.attention.math;

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
     * @param scores {@code [batch, n, m]} ou {@code [batch, heads, n, m]} contigu, modifié
     * @param mask les clés cachées
     * @throws ArithmeticException si un score visible n'est pas un nombre fini
     */
    public static void overKeys(INDArray scores, HiddenKeys mask) {
        overKeys(scores, mask, Tile.whole(scores));
    }

    /**
     * Comme {@link #overKeys(INDArray, HiddenKeys)}, pour un morceau seulement.
     *
     * @param scores {@code [batch, n, m]} ou {@code [batch, heads, n, m]} contigu, modifié dans ce morceau
     * @param mask les clés cachées
     * @param tile les lots et les lignes
     * @throws ArithmeticException si un score visible n'est pas un nombre fini
     */
    public static void overKeys(INDArray scores, HiddenKeys mask, Tile tile) {
        int heads = heads(scores);
        int n = (int) scores.size(-2);
        int m = (int) scores.size(-1);
        boolean[] hidden = new boolean[m];
        Memory.bytes(scores, memory -> {
            for (int lot = tile.lots().first(); lot < tile.lots().end(); lot++) {
                Interruption.check();
                for (int query = tile.rows().first(); query < tile.rows().end(); query++) {
                    int seen = mask.reach(lot / heads, query, m);
                    boolean[] row = mask.fill(lot / heads, query, hidden, seen) ? hidden : null;
                    int offset = (lot * n + query) * m * Float.BYTES;
                    float max = row(memory, offset, seen, row);
                    zero(memory, offset, seen, m);
                    if (!Float.isFinite(max)) {
                        throw new ArithmeticException("scores : " + max + " à la ligne " + query + " du lot " + lot
                                + " ; le produit des requêtes et des clés dépasse ce qu'un float peut porter");
                    }
                }
            }
        });
    }

    private static int heads(INDArray scores) {
        return scores.rank() > 3 ? (int) scores.size(1) : 1;
    }

    /** Une ligne. Rend le plus grand score visible, 0 si tout est caché. */
    private static float row(Floats memory, int offset, int m, boolean[] hidden) {
        hide(memory, offset, hidden, m);
        float max = largest(memory, offset, m);
        if (max == Float.NEGATIVE_INFINITY && allHidden(hidden, m)) {
            zero(memory, offset, 0, m);
            return 0;
        }
        // Retrancher le maximum ne change rien au quotient et garde l'exponentielle entre 0 et 1.
        scale(memory, offset, m, 1 / exponentials(memory, offset, m, max));
        return max;
    }

    /** Vrai si une ligne de {@code m} nombres va par vecteurs : elle en remplit un au moins. */
    private static boolean useVectors(Floats memory, int m) {
        return memory.vectors() != null && m >= Lanes.COUNT;
    }

    static boolean allHidden(boolean[] hidden, int m) {
        for (int key = 0; key < m; key++) {
            if (hidden == null || !hidden[key]) {
                return false;
            }
        }
        return true;
    }

    /** Un score caché devient −∞, dont l'exponentielle est 0. */
    static void hide(Floats memory, int offset, boolean[] hidden, int m) {
        for (int key = 0; hidden != null && key < m; key++) {
            if (hidden[key]) {
                memory.putFloat(offset + key * Float.BYTES, Float.NEGATIVE_INFINITY);
            }
        }
    }

    /** Les poids des clés {@code from} à {@code to − 1} d'une ligne deviennent 0. */
    static void zero(Floats memory, int offset, int from, int to) {
        memory.zero(offset + from * Float.BYTES, to - from);
    }

    /** Le plus grand score ; NaN l'emporte. */
    static float largest(Floats memory, int offset, int m) {
        if (useVectors(memory, m)) {
            return VectorSoftmax.largest(memory.vectors(), offset, m);
        }
        float max = Float.NEGATIVE_INFINITY;
        for (int key = 0; key < m; key++) {
            max = Math.max(max, memory.getFloat(offset + key * Float.BYTES));
        }
        return max;
    }

    /** {@code scores ← e^(scores − max)} ; rend leur somme. */
    static float exponentials(Floats memory, int offset, int m, float max) {
        if (useVectors(memory, m)) {
            return VectorSoftmax.exponentials(memory.vectors(), offset, m, max);
        }
        double sum = 0; // un float perdrait des chiffres à chaque terme
        for (int key = 0; key < m; key++) {
            int at = offset + key * Float.BYTES;
            float e = (float) Math.exp(memory.getFloat(at) - max);
            memory.putFloat(at, e);
            sum += e;
        }
        return (float) sum;
    }

    /** {@code x ← factor·x}, pour les {@code m} nombres à partir de {@code offset}. */
    static void scale(Floats memory, int offset, int m, float factor) {
        if (useVectors(memory, m)) {
            VectorSoftmax.scale(memory.vectors(), offset, m, factor);
        } else {
            for (int at = offset; at < offset + m * Float.BYTES; at += Float.BYTES) {
                memory.putFloat(at, memory.getFloat(at) * factor);
            }
        }
    }

    /**
     * Jusqu'où voient les lignes d'un morceau : les scores qui suivent n'ont pas à être calculés.
     *
     * @param scores {@code [batch, n, m]} ou {@code [batch, heads, n, m]}
     * @param mask les clés cachées
     * @param tile les lots et les lignes
     * @return le plus grand {@link HiddenKeys#reach} de ces lignes
     */
    public static int reach(INDArray scores, HiddenKeys mask, Tile tile) {
        int heads = heads(scores);
        int reach = 0;
        for (int lot = tile.lots().first(); lot < tile.lots().end(); lot++) {
            for (int query = tile.rows().first(); query < tile.rows().end(); query++) {
                reach = Math.max(reach, mask.reach(lot / heads, query, (int) scores.size(-1)));
            }
        }
        return reach;
    }

    /**
     * Gradient des scores à partir de celui des poids : {@code g ← w⊙(g − Σ g⊙w)}, somme le long des clés.
     *
     * @param weights {@code [batch, n, m]} ou {@code [batch, heads, n, m]} contigu, tel que {@link #overKeys} l'a rendu
     * @param gradient gradient des poids, même forme, contigu ; remplacé par celui des scores
     */
    public static void backward(INDArray weights, INDArray gradient) {
        backward(weights, gradient, Tile.whole(weights));
    }

    /**
     * Comme {@link #backward(INDArray, INDArray)}, pour des lots entiers seulement.
     *
     * @param weights {@code [batch, n, m]} ou {@code [batch, heads, n, m]} contigu
     * @param gradient gradient des poids, remplacé dans ce morceau
     * @param tile les lots
     */
    public static void backward(INDArray weights, INDArray gradient, Tile tile) {
        int m = (int) weights.size(-1);
        int n = (int) weights.size(-2);
        Memory.bytes(weights, gradient, (w, g) -> {
            for (int row = tile.lots().first() * n; row < tile.lots().end() * n; row++) {
                if (useVectors(w, m)) {
                    VectorSoftmax.backwardRow(w.vectors(), g.vectors(), row * m * Float.BYTES, m);
                } else {
                    backwardRow(w, g, row * m * Float.BYTES, m);
                }
            }
        });
    }

    /** Une ligne du gradient, en boucle simple. */
    static void backwardRow(Floats w, Floats g, int offset, int m) {
        float dot = 0;
        for (int at = offset; at < offset + m * Float.BYTES; at += Float.BYTES) {
            dot += w.getFloat(at) * g.getFloat(at);
        }
        for (int at = offset; at < offset + m * Float.BYTES; at += Float.BYTES) {
            g.putFloat(at, w.getFloat(at) * (g.getFloat(at) - dot));
        }
    }
}
