package fr.cours.attention.math;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Ce que les couches font à toutes les lignes d'un tableau contigu. */
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
        Reference.reachabilityFence(out);
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
            Reference.reachabilityFence(array);
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
        Reference.reachabilityFence(array);
        return -1;
    }
}
