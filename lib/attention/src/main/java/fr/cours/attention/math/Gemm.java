package fr.cours.attention.math;

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
    static final int ROWS = openblas.CblasRowMajor;
    static final int AS_IS = openblas.CblasNoTrans;
    static final int TRANSPOSED = openblas.CblasTrans;
    private static final int FEW = 32; // lignes ou colonnes
    private static final int SMALL = 1_000_000; // termes : les noyaux pour petites matrices ne servent pas au-delà

    private Gemm() {}

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
        ab(a, b, alpha, beta, out, null);
    }

    /**
     * {@code out ← alpha·a·b + beta·out}, pour un morceau de {@code out} seulement.
     *
     * @param a comme pour la forme entière
     * @param b comme pour la forme entière
     * @param alpha facteur du produit
     * @param beta facteur de l'ancien contenu de {@code out} ; 0 l'ignore
     * @param out modifié dans ce morceau
     * @param tile les lots et les lignes
     * @throws IllegalArgumentException si les formes ne s'accordent pas
     */
    public static void ab(INDArray a, INDArray b, float alpha, float beta, INDArray out, Tile tile) {
        new Product(a, false, b, false, alpha, beta, out).multiply(tile);
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
        abt(a, b, alpha, beta, out, null);
    }

    /**
     * {@code out ← alpha·a·bᵀ + beta·out}, pour un morceau de {@code out} seulement.
     *
     * @param a comme pour la forme entière
     * @param b comme pour la forme entière
     * @param alpha facteur du produit
     * @param beta facteur de l'ancien contenu de {@code out} ; 0 l'ignore
     * @param out modifié dans ce morceau
     * @param tile les lots et les lignes
     * @throws IllegalArgumentException si les formes ne s'accordent pas
     */
    public static void abt(INDArray a, INDArray b, float alpha, float beta, INDArray out, Tile tile) {
        new Product(a, false, b, true, alpha, beta, out).multiply(tile);
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
        atb(a, b, alpha, beta, out, null);
    }

    /**
     * {@code out ← alpha·aᵀ·b + beta·out}, pour un morceau de {@code out} seulement.
     *
     * @param a comme pour la forme entière
     * @param b comme pour la forme entière
     * @param alpha facteur du produit
     * @param beta facteur de l'ancien contenu de {@code out} ; 0 l'ignore
     * @param out modifié dans ce morceau
     * @param tile les lots et les lignes
     * @throws IllegalArgumentException si les formes ne s'accordent pas
     */
    public static void atb(INDArray a, INDArray b, float alpha, float beta, INDArray out, Tile tile) {
        new Product(a, true, b, false, alpha, beta, out).multiply(tile);
    }

    /** Une matrice en mémoire : où elle commence, et le pas d'une ligne à la suivante. */
    record Block(FloatPointer memory, long offset, int stride) {
        private FloatPointer skip(long count) {
            return memory.position(offset + count);
        }
    }

    /**
     * {@code out ← alpha·a·b + beta·out}. Peu de lignes : BLAS recopie tout {@code b} avant de s'en servir, et cela coûte
     * autant que le produit. Par bandes étroites, ses noyaux pour petites matrices le lisent sur place : deux fois plus
     * vite avec AVX-512, un douzième plus lent sans ces noyaux.
     */
    static void multiply(int ta, int tb, int n, int m, int k, float alpha, Block a, Block b, float beta, Block out) {
        int width = n <= FEW && (long) n * m * k > SMALL ? FEW : m;
        for (int at = 0; at < m; at += width) {
            int c = Math.min(width, m - at);
            FloatPointer pa = a.skip(0);
            FloatPointer pb = b.skip(tb == TRANSPOSED ? (long) at * b.stride : at);
            FloatPointer pc = out.skip(at);
            openblas.cblas_sgemm(ROWS, ta, tb, n, c, k, alpha, pa, a.stride, pb, b.stride, beta, pc, out.stride);
        }
    }

    private record Product(
            INDArray a, boolean transA, INDArray b, boolean transB, float alpha, float beta, INDArray out) {
        private void multiply(Tile tile) {
            int rank = out.rank();
            long n = out.size(rank - 2);
            long m = out.size(rank - 1);
            long k = a.size(transA ? rank - 2 : rank - 1);
            requireShape("a", a, out, transA ? k : n, transA ? n : k);
            requireShape("b", b, out, transB ? m : k, transB ? k : m);
            if (ComputePath.isPlain()) {
                multiplyPlain();
            } else if (tile != null) {
                multiplyFast(tile);
            } else {
                Tile.share(out, k, this::multiplyFast);
            }
        }

        /** Le chemin simple : les produits d'ND4J, lot par lot. */
        private void multiplyPlain() {
            if (out.rank() > 2) {
                for (long lot = 0; lot < out.size(0); lot++) {
                    new Product(a.slice(lot), transA, b.slice(lot), transB, alpha, beta, out.slice(lot))
                            .multiplyPlain();
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
        private void multiplyFast(Tile tile) {
            if (!Memory.hasPlainRows(out)) {
                throw new IllegalArgumentException("out : pas " + Arrays.toString(out.stride())
                        + ", attendu des lignes dont les éléments se suivent");
            }
            INDArray left = Memory.hasPlainRows(a) ? a : a.dup('c');
            INDArray right = Memory.hasPlainRows(b) ? b : b.dup('c');
            int rank = out.rank();
            int ta = transA ? TRANSPOSED : AS_IS;
            int tb = transB ? TRANSPOSED : AS_IS;
            int n = tile.rowsOf(out);
            int m = tile.columnsOf(out);
            int k = (int) Math.min(tile.depth(), left.size(transA ? rank - 2 : rank - 1));
            int lda = Memory.leadingDimension(left);
            int ldb = Memory.leadingDimension(right);
            int ldc = Memory.leadingDimension(out);
            long skippedInA = (long) tile.firstRow() * (transA ? 1 : lda);
            long skippedInB = (long) tile.firstColumn() * (transB ? ldb : 1);
            long skippedInOut = (long) tile.firstRow() * ldc + tile.firstColumn();
            int inner = rank > 2 ? (int) out.size(rank - 3) : 1;
            FloatPointer pa = Memory.pointer(left);
            FloatPointer pb = Memory.pointer(right);
            FloatPointer pc = Memory.pointer(out);
            for (int lot = tile.firstLot(); lot < tile.endLot(); lot++) {
                Interruption.check();
                long i = lot / inner;
                long j = lot % inner;
                Block x = new Block(pa, lotOffset(left, i, j) + skippedInA, lda);
                Block y = new Block(pb, lotOffset(right, i, j) + skippedInB, ldb);
                Block z = new Block(pc, lotOffset(out, i, j) + skippedInOut, ldc);
                Gemm.multiply(ta, tb, n, m, k, alpha, x, y, beta, z);
            }
            Memory.keep(left, right, out);
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
}
