package fr.cours.attention.math;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Ce que les couches font aux lignes d'un tableau contigu, par BLAS ou par copie de blocs. */
public final class Rows {
    private Rows() {}

    /**
     * Écrit la même ligne partout. Le produit de matrices s'ajoute ensuite par-dessus ({@code beta = 1}) : le biais ne
     * coûte ainsi qu'une copie.
     *
     * @param out {@code [lots…, d]} contigu, modifié
     * @param row {@code [d]}
     */
    public static void fill(INDArray out, INDArray row) {
        float[] values = row.toFloatVector();
        FloatBuffer memory = Memory.bytes(out).asFloatBuffer();
        while (memory.hasRemaining()) {
            memory.put(values);
        }
        Memory.keep(out);
    }

    /**
     * Ajoute la somme des lignes : {@code sum ← sum + Σ rows}. C'est le gradient d'un biais.
     *
     * @param rows {@code [lignes, d]} contigu
     * @param sum {@code [d]}, modifié
     */
    public static void addSum(INDArray rows, INDArray sum) {
        int n = (int) rows.size(0);
        int d = (int) rows.size(1);
        if (ComputePath.useVectors()) {
            float[] total = sum.toFloatVector();
            VectorLoops.addSum(Memory.bytes(rows), n, total);
            Memory.bytes(sum).asFloatBuffer().put(total);
        } else {
            sum.addi(rows.sum(0));
        }
        Memory.keep(rows, sum);
    }

    /**
     * Copie des lignes choisies : {@code out[i] ← table[ids[i]]}.
     *
     * @param table {@code [V, d]} contigu
     * @param ids les lignes à copier, chacune de 0 à V − 1
     * @param out {@code [ids.length, d]} contigu, modifié
     */
    public static void gather(INDArray table, int[] ids, INDArray out) {
        int d = (int) table.size(1);
        FloatBuffer from = Memory.bytes(table).asFloatBuffer();
        FloatBuffer to = Memory.bytes(out).asFloatBuffer();
        for (int i = 0; i < ids.length; i++) {
            to.put(i * d, from, ids[i] * d, d);
        }
        Memory.keep(table, out);
    }

    /**
     * L'inverse, en ajoutant : {@code table[ids[i]] ← table[ids[i]] + rows[i]}. C'est le gradient d'un plongement.
     *
     * @param rows {@code [ids.length, d]} contigu
     * @param ids les lignes qui reçoivent, chacune de 0 à V − 1 ; une ligne peut revenir
     * @param table {@code [V, d]} contigu, modifié
     */
    public static void scatterAdd(INDArray rows, int[] ids, INDArray table) {
        int d = (int) table.size(1);
        FloatPointer from = Memory.pointer(rows);
        FloatPointer to = Memory.pointer(table);
        for (int i = 0; i < ids.length; i++) {
            openblas.cblas_saxpy(d, 1, from.position((long) i * d), 1, to.position((long) ids[i] * d), 1);
        }
        Memory.keep(rows, table);
    }

    /**
     * Met tout à zéro.
     *
     * @param array un tableau contigu, modifié
     */
    public static void clear(INDArray array) {
        Pointer.memset(Memory.pointer(array), 0, array.length() * Float.BYTES);
        Memory.keep(array);
    }

    /**
     * Met des lignes à zéro.
     *
     * @param table {@code [V, d]} contigu, modifié
     * @param rows les lignes, chacune de 0 à V − 1
     */
    public static void clear(INDArray table, int[] rows) {
        long d = table.size(table.rank() - 1);
        FloatPointer memory = Memory.pointer(table);
        for (int row : rows) {
            Pointer.memset(memory.getPointer(row * d), 0, d * Float.BYTES); // memset compterait une position en octets
        }
        Memory.keep(table);
    }

    /**
     * Ajoute des lignes à celles de même rang d'une autre table : {@code to[r] ← to[r] + from[r]}.
     *
     * @param from {@code [V, d]} contigu
     * @param rows les lignes, chacune de 0 à V − 1, sans répétition
     * @param to {@code [V, d]} contigu, modifié
     */
    public static void addRows(INDArray from, int[] rows, INDArray to) {
        int d = (int) from.size(1);
        FloatPointer source = Memory.pointer(from);
        FloatPointer target = Memory.pointer(to);
        for (int row : rows) {
            openblas.cblas_saxpy(d, 1, source.position((long) row * d), 1, target.position((long) row * d), 1);
        }
        Memory.keep(from, to);
    }

    /**
     * {@code Σ x²}.
     *
     * @param x un tableau contigu
     * @return la somme des carrés
     */
    public static double sumOfSquares(INDArray x) {
        FloatPointer memory = Memory.pointer(x);
        float sum = openblas.cblas_sdot(Math.toIntExact(x.length()), memory, 1, memory, 1);
        Memory.keep(x);
        return sum;
    }

    /**
     * Vrai si tous les éléments sont des nombres finis.
     *
     * @param array un tableau contigu
     * @return faux s'il contient NaN ou un infini
     */
    public static boolean allFinite(INDArray array) {
        // La somme des valeurs absolues ne reste finie que si chacune l'est : BLAS lit plus vite qu'une boucle.
        // Une somme infinie de nombres finis est possible ; alors seulement on regarde un à un.
        float sum = openblas.cblas_sasum(Math.toIntExact(array.length()), Memory.pointer(array), 1);
        if (Float.isFinite(sum)) {
            Memory.keep(array);
            return true;
        }
        return firstNotFinite(array) < 0;
    }

    /**
     * Le premier élément qui n'est pas un nombre fini.
     *
     * @param array un tableau contigu
     * @return son rang dans l'ordre des lignes, −1 s'il n'y en a pas
     */
    public static long firstNotFinite(INDArray array) {
        FloatBuffer memory = Memory.bytes(array).asFloatBuffer();
        for (int i = 0; i < memory.limit(); i++) {
            if (!Float.isFinite(memory.get(i))) {
                return i;
            }
        }
        Memory.keep(array);
        return -1;
    }
}
