package fr.cours.attention.math;

import java.util.stream.LongStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.buffer.FloatBuffer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Des tableaux neufs, à remplir.
 *
 * <p>Pourquoi pas {@code Nd4j.createUninitialized} : hors d'un espace de travail, ND4J remplit tout de même de zéros, à un
 * seul fil, ce qu'une couche va réécrire. Pour des poids {@code [8, 2048, 2048]}, cela fait un sixième du temps de
 * l'attention.
 */
public final class Blank {
    private static final int LARGE = 1 << 16; // 256 Kio : en deçà, les zéros coûtent moins que de tenir le compte

    private Blank() {}

    /**
     * Un tableau dont le contenu est quelconque.
     *
     * @param shape sa forme
     * @return {@code shape}, float32, dans l'espace de travail s'il y en a un ; {@code close()} en rend la mémoire, et le
     *     ramasse-miettes à défaut
     */
    public static INDArray of(long... shape) {
        long length = LongStream.of(shape).reduce(1, Math::multiplyExact);
        if (length < LARGE || Nd4j.getMemoryManager().getCurrentWorkspace() != null) {
            return Nd4j.createUninitialized(DataType.FLOAT, shape);
        }
        FloatPointer memory = new FloatPointer(length);
        FloatBuffer buffer = new FloatBuffer(memory, FloatIndexer.create(memory), length) {
            @Override
            protected void release() {
                super.release();
                memory.deallocate(); // ND4J ne libère pas ce qu'il n'a pas demandé
            }
        };
        return Nd4j.create(buffer, shape);
    }
}
