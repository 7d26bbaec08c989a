package fr.cours.attention.math;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Produits de matrices par lots, écrits dans un tableau donné : {@code out ← α·a·b + β·out}.
 *
 * <p>Les tableaux ont le rang 2, 3 ou 4 ; les deux dernières dimensions sont les matrices, les premières les lots. Les
 * pas sont libres tant que les éléments d'une ligne se suivent : une tête d'attention est une vue dans
 * {@code [batch, n, heads·depth]}, lue et écrite sur place, sans {@code permute} suivi de {@code dup}.
 *
 * <p>Pourquoi {@code cblas_sgemm} directement : l'appel coûte 0,1 µs, une opération d'ND4J de 3 à 14 µs, et ND4J copie
 * les vues avant de multiplier.
 */
public final class Gemm {
    private Gemm() {}
 static final int PARTS=Integer.getInteger("attention.parts",4);

    /**
     * {@code out ← alpha·a·b + beta·out}.
     *
     * @param a {@code [lots…, n, k]}
     * @param b {@code [lots…, k, m]}
     * @param alpha facteur du produit
     * @param beta facteur de l'ancien contenu de {@code out} ; 0 l'ignore
     * @param out {@code [lots…, n, m]}, modifié
     * @throws IllegalArgumentException si les formes ne s'accordent pas
     */
    public static void ab(INDArray a, INDArray b, float alpha, float beta, INDArray out) {
        multiply(a, false, b, false, alpha, beta, out);
    }

    /**
     * {@code out ← alpha·a·bᵀ + beta·out}.
     *
     * @param a {@code [lots…, n, k]}
     * @param b {@code [lots…, m, k]}
     * @param alpha facteur du produit
     * @param beta facteur de l'ancien contenu de {@code out} ; 0 l'ignore
     * @param out {@code [lots…, n, m]}, modifié
     * @throws IllegalArgumentException si les formes ne s'accordent pas
     */
    public static void abt(INDArray a, INDArray b, float alpha, float beta, INDArray out) {
        multiply(a, false, b, true, alpha, beta, out);
    }

    /**
     * {@code out ← alpha·aᵀ·b + beta·out}.
     *
     * @param a {@code [lots…, k, n]}
     * @param b {@code [lots…, k, m]}
     * @param alpha facteur du produit
     * @param beta facteur de l'ancien contenu de {@code out} ; 0 l'ignore
     * @param out {@code [lots…, n, m]}, modifié
     * @throws IllegalArgumentException si les formes ne s'accordent pas
     */
    public static void atb(INDArray a, INDArray b, float alpha, float beta, INDArray out) {
        multiply(a, true, b, false, alpha, beta, out);
    }

    private static void multiply(
            INDArray a, boolean transA, INDArray b, boolean transB, float alpha, float beta, INDArray out) {
        int rank = out.rank();
        long n = out.size(rank - 2);
        long m = out.size(rank - 1);
        long k = a.size(transA ? rank - 2 : rank - 1);
        requireShape("a", a, out, transA ? k : n, transA ? n : k);
        requireShape("b", b, out, transB ? m : k, transB ? k : m);
        if (ComputePath.isPlain()) {
            multiplyPlain(a, transA, b, transB, alpha, beta, out);
        } else {
            multiplyFast(a, transA, b, transB, alpha, beta, out);
        }
    }

    /** Le chemin simple : les produits d'ND4J, lot par lot. */
    private static void multiplyPlain(
            INDArray a, boolean transA, INDArray b, boolean transB, float alpha, float beta, INDArray out) {
        if (out.rank() > 2) {
            for (long lot = 0; lot < out.size(0); lot++) {
                multiplyPlain(a.slice(lot), transA, b.slice(lot), transB, alpha, beta, out.slice(lot));
            }
            return;
        }
        Interruption.check();
        INDArray left = transA ? a.transpose() : a;
        INDArray right = transB ? b.transpose() : b;
        INDArray product = left.mmul(right).muli(alpha);
        out.assign(beta == 0 ? product : product.addi(out.mul(beta)));
    }

    /** Le chemin rapide : un appel BLAS par lot, les pas des tableaux donnés tels quels. */
    private static void multiplyFast(
            INDArray a, boolean transA, INDArray b, boolean transB, float alpha, float beta, INDArray out) {
        if (!Memory.hasPlainRows(out)) {
            throw new IllegalArgumentException(
                    "out : pas " + Arrays.toString(out.stride()) + ", attendu des lignes dont les éléments se suivent");
        }
        INDArray left = Memory.hasPlainRows(a) ? a : a.dup('c');
        INDArray right = Memory.hasPlainRows(b) ? b : b.dup('c');
        int rank = out.rank();
        int n = (int) out.size(rank - 2);
        int m = (int) out.size(rank - 1);
        int k = (int) left.size(transA ? rank - 2 : rank - 1);
        int lda = Memory.leadingDimension(left);
        int ldb = Memory.leadingDimension(right);
        int ldc = Memory.leadingDimension(out);
        int outer = rank > 3 ? (int) out.size(0) : 1;
        int inner = rank > 2 ? (int) out.size(rank - 3) : 1;
        FloatPointer pa = Memory.pointer(left);
        FloatPointer pb = Memory.pointer(right);
        FloatPointer pc = Memory.pointer(out);
        int lots = outer * inner;
        long work = (long) lots * n * m * k;
        int parts = lots > 1 ? 1 : Math.max(1, Math.min(PARTS, n / 16));
        int size = ((n + parts - 1) / parts + 15) / 16 * 16;
        if (parts == 1) size = n;
        int per = lots > 1 ? Math.max(1, lots / 8) : 1;
        final int fsize = size;
        int tasks = lots > 1 ? (lots + per - 1) / per : (n + size - 1) / size;
        Parallel.run(tasks, work, task -> {
            FloatPointer xa = new FloatPointer(pa), xb = new FloatPointer(pb), xc = new FloatPointer(pc);
            int from = lots > 1 ? task * per : 0, to = lots > 1 ? Math.min(lots, from + per) : 1;
            int row = lots > 1 ? 0 : task * fsize; int rows = lots > 1 ? n : Math.min(fsize, n - row);
            for (int lot = from; lot < to; lot++) {
                long i = lot / inner;
                long j = lot % inner;
                openblas.cblas_sgemm(
                    openblas.CblasRowMajor,
                    transA ? openblas.CblasTrans : openblas.CblasNoTrans,
                    transB ? openblas.CblasTrans : openblas.CblasNoTrans,
                    rows, m, k, alpha,
                    xa.position(lotOffset(left, i, j) + (transA ? row : (long) row * lda)), lda,
                    xb.position(lotOffset(right, i, j)), ldb, beta,
                    xc.position(lotOffset(out, i, j) + (long) row * ldc), ldc);
            }
        });
        Reference.reachabilityFence(left);
        Reference.reachabilityFence(right);
        Reference.reachabilityFence(out);
    }

    private static long lotOffset(INDArray array, long outer, long inner) {
        int rank = array.rank();
        return (rank > 3 ? outer * array.stride(0) : 0) + (rank > 2 ? inner * array.stride(rank - 3) : 0);
    }

    private static void requireShape(String name, INDArray array, INDArray out, long rows, long columns) {
        long[] expected = out.shape().clone();
        expected[expected.length - 2] = rows;
        expected[expected.length - 1] = columns;
        if (!Arrays.equals(array.shape(), expected)) {
            throw new IllegalArgumentException(name + " : trouvé " + Arrays.toString(array.shape()) + ", attendu "
                    + Arrays.toString(expected) + " pour un produit de forme " + Arrays.toString(out.shape()));
        }
        if (out.rank() < 2 || out.rank() > 4) {
            throw new IllegalArgumentException("out : trouvé le rang " + out.rank() + ", attendu 2, 3 ou 4");
        }
    }
}
