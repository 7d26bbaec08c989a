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
     * Écrit la même ligne partout dans un morceau. Le produit de matrices s'ajoute ensuite par-dessus
     * ({@code beta = 1}), tant que le morceau est en cache : le biais ne coûte ainsi qu'une copie.
     *
     * @param out {@code [lignes, d]} contigu, modifié dans ce morceau
     * @param row les {@code d} nombres
     * @param tile les lignes et les colonnes
     */
    public static void fill(INDArray out, float[] row, Tile tile) {
        FloatBuffer memory = Memory.bytes(out).asFloatBuffer();
        int first = tile.firstColumn();
        for (int i = tile.firstRow(); i < tile.firstRow() + tile.rowsOf(out); i++) {
            memory.put(i * row.length + first, row, first, tile.columnsOf(out));
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
     * L'inverse, en ajoutant : {@code table[ids[i]] ← table[ids[i]] + rows[from[i]]}. C'est le gradient d'un plongement.
     *
     * @param rows {@code [lignes, d]} contigu
     * @param from les lignes à ajouter
     * @param ids les lignes qui reçoivent, autant, chacune de 0 à V − 1 ; une ligne peut revenir
     * @param table {@code [V, d]} contigu, modifié
     */
    public static void scatterAdd(INDArray rows, int[] from, int[] ids, INDArray table) {
        int d = (int) table.size(1);
        FloatPointer source = Memory.pointer(rows);
        FloatPointer target = Memory.pointer(table);
        for (int i = 0; i < ids.length; i++) {
            openblas.cblas_saxpy(d, 1, source.position((long) from[i] * d), 1, target.position((long) ids[i] * d), 1);
        }
        Memory.keep(rows, table);
    }

    /**
     * Met des lignes à zéro.
     *
     * @param table {@code [V, d]} contigu, modifié
     * @param rows les lignes, chacune de 0 à V − 1 ; {@code null} pour toutes
     */
    public static void clear(INDArray table, int[] rows) {
        FloatPointer memory = Memory.pointer(table);
        if (rows == null) {
            Pointer.memset(memory, 0, table.length() * Float.BYTES);
        } else {
            long d = table.size(table.rank() - 1);
            for (int row : rows) { // memset compterait une position en octets
                Pointer.memset(memory.getPointer(row * d), 0, d * Float.BYTES);
            }
        }
        Memory.keep(table);
    }

    /**
     * {@code y ← y + x}.
     *
     * @param x un tableau contigu
     * @param y de la même forme, contigu, modifié
     */
    public static void add(INDArray x, INDArray y) {
        openblas.cblas_saxpy(Math.toIntExact(x.length()), 1, Memory.pointer(x), 1, Memory.pointer(y), 1);
        Memory.keep(x, y);
    }

    /**
     * Une copie, agrandie : {@code factor·x}.
     *
     * @param x un tableau contigu
     * @param factor le facteur
     * @return un tableau neuf, de la même forme
     */
    public static INDArray scaled(INDArray x, double factor) {
        INDArray y = Blank.of(x.shape());
        FloatPointer memory = Memory.pointer(y);
        Pointer.memcpy(memory, Memory.pointer(x), x.length() * Float.BYTES);
        if (factor != 1) {
            openblas.cblas_sscal(Math.toIntExact(x.length()), (float) factor, memory, 1);
        }
        Memory.keep(x, y);
        return y;
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
        Memory.keep(array);
        return Float.isFinite(sum) || firstNotFinite(array) < 0;
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
