package fr.cours.attention.layers;

import fr.cours.attention.math.Rows;
import java.util.Arrays;
import java.util.BitSet;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Le gradient d'un paramètre, et ce qu'on en sait : d'une table de 10 000 mots, un lot ne touche que quelques centaines de
 * lignes ; les autres sont restées nulles, et n'ont pas à être remises à zéro ni additionnées.
 */
final class Gradient {
    private final INDArray array;
    private final BitSet rows = new BitSet();
    private boolean whole;

    Gradient(INDArray value) {
        array = Nd4j.zeros(value.dataType(), value.shape());
    }

    INDArray array() {
        return array;
    }

    /** Le tableau, dont l'appelant complète n'importe quelle ligne. */
    INDArray receive() {
        whole = true;
        return array;
    }

    /** Le tableau, dont l'appelant ne complète que ces lignes. */
    INDArray receive(int[] touched) {
        Arrays.stream(touched).forEach(rows::set);
        return array;
    }

    /** Rend la mémoire du tableau, que plus personne ne lira. */
    void close() {
        if (array.closeable()) {
            array.close();
        }
    }

    boolean isReceived() {
        return whole || !rows.isEmpty();
    }

    /** Les lignes touchées, {@code null} si ce peut être toutes. */
    int[] rows() {
        return whole ? null : rows.stream().toArray();
    }

    void forget() {
        Rows.clear(array, rows());
        rows.clear();
        whole = false;
    }

    void add(Gradient other) {
        if (other.whole) {
            Rows.add(other.array, receive());
        } else {
            int[] touched = other.rows();
            Rows.scatterAdd(other.array, touched, touched, receive(touched));
        }
    }
}
