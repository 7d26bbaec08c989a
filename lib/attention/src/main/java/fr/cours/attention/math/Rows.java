package fr.cours.attention.math;

import java.nio.FloatBuffer;
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
        int first = tile.columns().first();
        Memory.bytes(out, bytes -> {
            FloatBuffer memory = bytes.asFloatBuffer();
            for (int i = tile.rows().first(); i < tile.rows().end(); i++) {
                memory.put(i * row.length + first, row, first, tile.columns().count());
            }
        });
    }

    /**
     * Ajoute la somme des lignes : {@code sum ← sum + Σ rows}. C'est le gradient d'un biais.
     *
     * @param rows {@code [lignes, d]} contigu
     * @param sum {@code [d]}, modifié
     */
    public static void addSum(INDArray rows, INDArray sum) {
        if (!ComputePath.useVectors()) {
            sum.addi(rows.sum(0));
            return;
        }
        int n = (int) rows.size(0);
        int bound = VectorLoops.bound((int) rows.size(1));
        float[] total = sum.toFloatVector();
        Memory.bytes(rows, sum, (each, all) -> {
            for (int row = 0; row < n; row++) {
                int offset = row * total.length * Float.BYTES;
                VectorLoops.add(each.vectors(), offset, total, bound);
                for (int i = bound; i < total.length; i++) {
                    total[i] += each.getFloat(offset + i * Float.BYTES);
                }
            }
            all.asFloatBuffer().put(total);
        });
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
        Memory.bytes(table, out, (from, to) -> {
            FloatBuffer source = from.asFloatBuffer();
            FloatBuffer target = to.asFloatBuffer();
            for (int i = 0; i < ids.length; i++) {
                target.put(i * d, source, ids[i] * d, d);
            }
        });
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
        Memory.pointers(rows, table, (source, target) -> {
            for (int i = 0; i < ids.length; i++) {
                source.position((long) from[i] * d);
                openblas.cblas_saxpy(d, 1, source, 1, target.position((long) ids[i] * d), 1);
            }
        });
    }

    /**
     * Met des lignes à zéro.
     *
     * @param table {@code [V, d]} contigu, modifié
     * @param rows les lignes, chacune de 0 à V − 1 ; {@code null} pour toutes
     */
    public static void clear(INDArray table, int[] rows) {
        long d = table.size(table.rank() - 1);
        Memory.pointers(table, memory -> {
            if (rows == null) {
                Pointer.memset(memory, 0, table.length() * Float.BYTES);
                return;
            }
            for (int row : rows) { // memset compterait une position en octets
                Pointer.memset(memory.getPointer(row * d), 0, d * Float.BYTES);
            }
        });
    }

    /**
     * {@code y ← y + x}.
     *
     * @param x un tableau contigu
     * @param y de la même forme, contigu, modifié
     */
    public static void add(INDArray x, INDArray y) {
        int length = Math.toIntExact(x.length());
        Memory.pointers(x, y, (from, to) -> openblas.cblas_saxpy(length, 1, from, 1, to, 1));
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
        Memory.pointers(x, y, (from, to) -> {
            Pointer.memcpy(to, from, x.length() * Float.BYTES);
            if (factor != 1) {
                openblas.cblas_sscal(Math.toIntExact(x.length()), (float) factor, to, 1);
            }
        });
        return y;
    }

    /**
     * {@code Σ x²}.
     *
     * @param x un tableau contigu
     * @return la somme des carrés
     */
    public static double sumOfSquares(INDArray x) {
        int length = Math.toIntExact(x.length());
        float[] sum = new float[1];
        Memory.pointers(x, memory -> sum[0] = openblas.cblas_sdot(length, memory, 1, memory, 1));
        return sum[0];
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
        int length = Math.toIntExact(array.length());
        float[] sum = new float[1];
        Memory.pointers(array, memory -> sum[0] = openblas.cblas_sasum(length, memory, 1));
        return Float.isFinite(sum[0]) || firstNotFinite(array) < 0;
    }

    /**
     * Le premier élément qui n'est pas un nombre fini.
     *
     * @param array un tableau contigu
     * @return son rang dans l'ordre des lignes, −1 s'il n'y en a pas
     */
    public static long firstNotFinite(INDArray array) {
        long[] found = {-1};
        Memory.bytes(array, bytes -> {
            FloatBuffer memory = bytes.asFloatBuffer();
            int at = 0;
            while (at < memory.limit() && Float.isFinite(memory.get(at))) {
                at++;
            }
            found[0] = at < memory.limit() ? at : -1;
        });
        return found[0];
    }
}
