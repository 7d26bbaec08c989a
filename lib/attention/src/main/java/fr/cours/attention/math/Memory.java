package fr.cours.attention.math;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** La mémoire hors du tas qui porte un {@code INDArray}, vue sans copie. */
final class Memory {
    static {
        Parallel.threads(); // qui passe par ici ira à BLAS, à un seul fil
    }

    private Memory() {}

    /**
     * Un pointeur sur le premier élément du tableau. L'appelant garde le tableau vivant tant qu'il s'en sert
     * ({@link #keep}).
     */
    static FloatPointer pointer(INDArray array) {
        requireFloat(array);
        // La copie du pointeur a sa propre position : la déplacer ne déplace pas celle du tableau.
        return new FloatPointer(array.data().addressPointer());
    }

    /** Les éléments d'un tableau contigu, dans l'ordre des lignes. */
    static ByteBuffer bytes(INDArray array) {
        long bytes = array.length() * Float.BYTES;
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("tableau de " + array.length() + " nombres (" + (bytes >> 20)
                    + " Mio) : au-delà de 2 Gio d'un seul tenant, traitez le lot en plusieurs fois");
        }
        return pointer(array).limit(array.length()).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Retient des tableaux jusqu'ici : leur mémoire n'est pas rendue tant qu'un pointeur s'en sert. */
    static void keep(INDArray... arrays) {
        for (INDArray array : arrays) {
            Reference.reachabilityFence(array);
        }
    }

    static void requireFloat(INDArray array) {
        if (array.dataType() != DataType.FLOAT) {
            throw new IllegalArgumentException("type : trouvé " + array.dataType() + ", attendu FLOAT");
        }
    }

    /** Vrai si les éléments d'une ligne se suivent, et les lignes à pas croissant : ce que BLAS sait lire sur place. */
    static boolean hasPlainRows(INDArray array) {
        return (array.stride(-1) == 1 || array.size(-1) == 1)
                && (array.stride(-2) >= array.size(-1) || array.size(-2) == 1);
    }

    /** Pas d'une ligne à la suivante, tel que BLAS l'attend : au moins la largeur, même pour une ligne seule. */
    static int leadingDimension(INDArray array) {
        return (int) Math.max(array.stride(-2), Math.max(1, array.size(-1)));
    }
}
