package fr.cours.attention.math;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Le softmax dont les scores arrivent bloc par bloc (Milakov et Gimelshein, 2018). On garde par ligne le plus grand score
 * vu et la somme des exponentielles ; un nouveau maximum réduit ce qui a déjà été sommé.
 */
public final class OnlineSoftmax {
    private final INDArray weightedSum;
    private final float[] max;
    private final float[] sum;

    /**
     * Un softmax qui n'a encore rien vu.
     *
     * @param weightedSum {@code [batch, heads, n, d_v]} contigu, à zéro : {@code Σ e^(s − max)·v}, que l'appelant complète
     *     après chaque bloc et que ce softmax corrige
     */
    public OnlineSoftmax(INDArray weightedSum) {
        this.weightedSum = weightedSum;
        int rows = (int) (weightedSum.length() / weightedSum.size(3));
        max = new float[rows];
        Arrays.fill(max, Float.NEGATIVE_INFINITY);
        sum = new float[rows];
    }

    /**
     * Un bloc de plus : {@code scores ← e^(scores − max)}, 0 où c'est caché.
     *
     * @param scores {@code [batch, heads, n, bloc]} contigu, modifié
     * @param mask les clés cachées de ce bloc
     * @throws ArithmeticException si un score visible n'est pas un nombre fini
     */
    public void add(INDArray scores, HiddenKeys mask) {
        ByteBuffer s = Memory.bytes(scores);
        ByteBuffer o = Memory.bytes(weightedSum);
        int heads = (int) scores.size(1);
        int n = (int) scores.size(2);
        int m = (int) scores.size(3);
        int width = (int) weightedSum.size(3) * Float.BYTES;
        boolean vectors = ComputePath.useVectors();
        boolean[] hidden = new boolean[m];
        for (int row = 0; row < max.length; row++) {
            boolean[] unseen = mask.fill(row / n / heads, row % n, hidden) ? hidden : null;
            addRow(s, row * m * Float.BYTES, m, unseen, row, o, width, vectors);
        }
        Reference.reachabilityFence(scores);
        Reference.reachabilityFence(weightedSum);
    }

    private void addRow(
            ByteBuffer s, int from, int m, boolean[] hidden, int row, ByteBuffer o, int width, boolean vectors) {
        float seen = vectors ? VectorSoftmax.largest(s, from, m, hidden) : largest(s, from, m, hidden);
        float largest = Math.max(max[row], seen); // NaN l'emporte
        boolean nothing = largest == Float.NEGATIVE_INFINITY;
        if (Float.isNaN(largest) || largest == Float.POSITIVE_INFINITY || nothing && !allHidden(hidden, m)) {
            throw new ArithmeticException("scores : " + largest + " à la ligne " + row
                    + " ; le produit des requêtes et des clés dépasse ce qu'un float peut porter");
        }
        if (largest > max[row]) {
            float factor = (float) Math.exp(max[row] - largest); // 0 au premier bloc visible
            sum[row] *= factor;
            scale(o, row * width, width, factor);
            max[row] = largest;
        }
        if (nothing) { // rien de visible encore : e^(s − max) n'aurait pas de sens
            for (int key = 0; key < m; key++) {
                s.putFloat(from + key * Float.BYTES, 0);
            }
            return;
        }
        sum[row] += vectors
                ? VectorSoftmax.exponentials(s, from, m, hidden, largest)
                : exponentials(s, from, m, hidden, largest);
    }

    private static boolean allHidden(boolean[] hidden, int m) {
        for (int key = 0; key < m; key++) {
            if (hidden == null || !hidden[key]) {
                return false;
            }
        }
        return true;
    }

    private static float largest(ByteBuffer s, int from, int m, boolean[] hidden) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int key = 0; key < m; key++) {
            if (hidden == null || !hidden[key]) {
                largest = Math.max(largest, s.getFloat(from + key * Float.BYTES));
            }
        }
        return largest;
    }

    private static float exponentials(ByteBuffer s, int from, int m, boolean[] hidden, float max) {
        float added = 0;
        for (int key = 0; key < m; key++) {
            int at = from + key * Float.BYTES;
            float e = hidden == null || !hidden[key] ? (float) Math.exp(s.getFloat(at) - max) : 0;
            s.putFloat(at, e);
            added += e;
        }
        return added;
    }

    /** Divise par la somme des exponentielles : {@code weightedSum} devient la sortie, 0 où tout est caché. */
    public void normalize() {
        ByteBuffer o = Memory.bytes(weightedSum);
        int width = (int) weightedSum.size(3) * Float.BYTES;
        for (int row = 0; row < max.length; row++) {
            scale(o, row * width, width, sum[row] == 0 ? 0 : 1 / sum[row]);
        }
        Reference.reachabilityFence(weightedSum);
    }

    private static void scale(ByteBuffer row, int from, int width, float factor) {
        for (int at = from; at < from + width; at += Float.BYTES) {
            row.putFloat(at, row.getFloat(at) * factor);
        }
    }
}
