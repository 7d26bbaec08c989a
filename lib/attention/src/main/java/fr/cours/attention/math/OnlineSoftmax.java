package fr.cours.attention.math;

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
        int heads = (int) scores.size(1);
        int n = (int) scores.size(2);
        int m = (int) scores.size(3);
        int width = (int) weightedSum.size(3);
        boolean[] hidden = new boolean[m];
        Memory.bytes(scores, weightedSum, (s, o) -> {
            for (int row = 0; row < max.length; row++) {
                boolean[] unseen = mask.fill(row / n / heads, row % n, hidden, m) ? hidden : null;
                addRow(s, row * m * Float.BYTES, m, unseen, row, o, width);
            }
        });
    }

    private void addRow(Floats s, int from, int m, boolean[] hidden, int row, Floats o, int width) {
        Softmax.hide(s, from, hidden, m);
        float seen = Softmax.largest(s, from, m);
        float largest = Math.max(max[row], seen); // NaN l'emporte
        boolean nothing = largest == Float.NEGATIVE_INFINITY;
        if (Float.isNaN(largest) || largest == Float.POSITIVE_INFINITY || nothing && !Softmax.allHidden(hidden, m)) {
            throw new ArithmeticException("scores : " + largest + " à la ligne " + row
                    + " ; le produit des requêtes et des clés dépasse ce qu'un float peut porter");
        }
        if (largest > max[row]) {
            float factor = (float) Math.exp(max[row] - largest); // 0 au premier bloc visible
            sum[row] *= factor;
            Softmax.scale(o, row * width * Float.BYTES, width, factor);
            max[row] = largest;
        }
        if (nothing) { // rien de visible encore : e^(s − max) n'aurait pas de sens
            Softmax.zero(s, from, 0, m);
            return;
        }
        sum[row] += Softmax.exponentials(s, from, m, largest);
    }

    /** Divise par la somme des exponentielles : {@code weightedSum} devient la sortie, 0 où tout est caché. */
    public void normalize() {
        int width = (int) weightedSum.size(3);
        Memory.bytes(weightedSum, o -> {
            for (int row = 0; row < max.length; row++) {
                Softmax.scale(o, row * width * Float.BYTES, width, sum[row] == 0 ? 0 : 1 / sum[row]);
            }
        });
    }
}
