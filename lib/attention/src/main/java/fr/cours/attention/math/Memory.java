package fr.cours.attention.math;

import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * La mémoire hors du tas qui porte un {@code INDArray}, prêtée sans copie le temps d'un calcul.
 *
 * <p>Un tableau que plus personne ne nomme peut être ramassé pendant qu'un pointeur s'en sert encore. La mémoire n'est donc
 * donnée qu'à une fonction, et le tableau retenu jusqu'à son retour : rien à se rappeler pour qui calcule.
 */
final class Memory {
    private Memory() {}

    /** Un calcul sur trois mémoires. */
    @FunctionalInterface
    interface Three<T> {
        void accept(T a, T b, T c);
    }

    /** Un calcul sur quatre mémoires. */
    @FunctionalInterface
    interface Four<T> {
        void accept(T a, T b, T c, T d);
    }

    /** Prête les éléments d'un tableau contigu, dans l'ordre des lignes. */
    static void bytes(INDArray a, Consumer<Floats> use) {
        use.accept(bytes(a));
        Reference.reachabilityFence(a);
    }

    static void bytes(INDArray a, INDArray b, BiConsumer<Floats, Floats> use) {
        use.accept(bytes(a), bytes(b));
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
    }

    static void bytes(INDArray a, INDArray b, INDArray c, Three<Floats> use) {
        use.accept(bytes(a), bytes(b), bytes(c));
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
        Reference.reachabilityFence(c);
    }

    static void bytes(INDArray a, INDArray b, INDArray c, INDArray d, Four<Floats> use) {
        use.accept(bytes(a), bytes(b), bytes(c), bytes(d));
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
        Reference.reachabilityFence(c);
        Reference.reachabilityFence(d);
    }

    /** Prête un pointeur sur le premier élément, pour BLAS. */
    static void pointers(INDArray a, Consumer<FloatPointer> use) {
        use.accept(pointer(a));
        Reference.reachabilityFence(a);
    }

    static void pointers(INDArray a, INDArray b, BiConsumer<FloatPointer, FloatPointer> use) {
        use.accept(pointer(a), pointer(b));
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
    }

    private static Floats bytes(INDArray array) {
        long bytes = array.length() * Float.BYTES;
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("tableau de " + array.length() + " nombres (" + (bytes >> 20)
                    + " Mio) : au-delà de 2 Gio d'un seul tenant, traitez le lot en plusieurs fois");
        }
        return new Floats(pointer(array).limit(array.length()).asByteBuffer().order(ByteOrder.nativeOrder()));
    }

    /** Un pointeur à soi : le déplacer ne déplace pas celui du tableau. Seul {@link Gemm} s'en sert hors d'ici. */
    static FloatPointer pointer(INDArray array) {
        requireFloat(array);
        Arguments.checkAlive("tableau", array);
        Parallel.settle();
        return new FloatPointer(array.data().addressPointer());
    }

    static void requireFloat(INDArray array) {
        if (array.dataType() != DataType.FLOAT) {
            throw new IllegalArgumentException("type : trouvé " + array.dataType() + ", attendu FLOAT");
        }
    }
}
