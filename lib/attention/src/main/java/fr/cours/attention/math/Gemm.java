package fr.cours.attention.math;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Produits de matrices par lots, écrits dans un tableau donné : {@code out ← α·a·b + β·out}.
 *
 * <p>Pourquoi {@code cblas_sgemm} directement : l'appel coûte 0,1 µs, une opération d'ND4J de 3 à 14 µs, et ND4J copie
 * les vues avant de multiplier.
 */
public final class Gemm {
    private static final int FEW = 32; // lignes ou colonnes
    private static final int SMALL = 1_000_000; // termes : les noyaux pour petites matrices ne servent pas au-delà

    private Gemm() {}

    /**
     * {@code out ← alpha·a·b + beta·out}, partagé entre les cœurs.
     *
     * @param a {@code [lots…, n, k]}
     * @param b {@code [lots…, k, m]}
     * @param alpha facteur du produit
     * @param beta facteur de l'ancien contenu de {@code out} ; 0 l'ignore
     * @param out {@code [lots…, n, m]}, modifié
     * @throws IllegalArgumentException si les formes ne s'accordent pas
     */
    public static void ab(INDArray a, INDArray b, float alpha, float beta, INDArray out) {
        share(alpha, Matrices.of(a), Matrices.of(b), beta, Matrices.of(out));
    }

    /**
     * {@code out ← alpha·a·bᵀ + beta·out}, partagé entre les cœurs.
     *
     * @param a {@code [lots…, n, k]}
     * @param b {@code [lots…, m, k]}
     * @param alpha facteur du produit
     * @param beta facteur de l'ancien contenu de {@code out} ; 0 l'ignore
     * @param out {@code [lots…, n, m]}, modifié
     * @throws IllegalArgumentException si les formes ne s'accordent pas
     */
    public static void abt(INDArray a, INDArray b, float alpha, float beta, INDArray out) {
        share(alpha, Matrices.of(a), Matrices.of(b).transposed(), beta, Matrices.of(out));
    }

    /**
     * {@code out ← alpha·aᵀ·b + beta·out}, partagé entre les cœurs.
     *
     * @param a {@code [lots…, k, n]}
     * @param b {@code [lots…, k, m]}
     * @param alpha facteur du produit
     * @param beta facteur de l'ancien contenu de {@code out} ; 0 l'ignore
     * @param out {@code [lots…, n, m]}, modifié
     * @throws IllegalArgumentException si les formes ne s'accordent pas
     */
    public static void atb(INDArray a, INDArray b, float alpha, float beta, INDArray out) {
        share(alpha, Matrices.of(a).transposed(), Matrices.of(b), beta, Matrices.of(out));
    }

    private static void share(float alpha, Matrices a, Matrices b, float beta, Matrices out) {
        check(a, b, out);
        Tile.share(
                out, a.columnCount(), tile -> multiply(alpha, tile.rowsOf(a), tile.columnsOf(b), beta, tile.of(out)));
    }

    /**
     * {@code out ← alpha·a·b + beta·out}, dans le fil qui appelle.
     *
     * @param alpha facteur du produit
     * @param a {@code [lots, n, k]}
     * @param b {@code [lots, k, m]}
     * @param beta facteur de l'ancien contenu de {@code out} ; 0 l'ignore
     * @param out {@code [lots, n, m]}, modifié
     * @throws IllegalArgumentException si les formes ne s'accordent pas, ou si {@code out} ne s'écrit pas sur place
     */
    public static void multiply(float alpha, Matrices a, Matrices b, float beta, Matrices out) {
        check(a, b, out);
        if (ComputePath.isPlain()) {
            multiplyPlain(alpha, a, b, beta, out);
            return;
        }
        int n = out.rowCount();
        int m = out.columnCount();
        int k = a.columnCount();
        // Peu de lignes : BLAS recopie tout b avant de s'en servir, et cela coûte autant que le produit. Par bandes
        // étroites, ses noyaux pour petites matrices le lisent sur place : deux fois plus vite avec AVX-512, un
        // douzième
        // plus lent sans ces noyaux.
        int width = n <= FEW && (long) n * m * k > SMALL ? FEW : m;
        FloatPointer left = a.pointer();
        FloatPointer right = b.pointer();
        FloatPointer target = out.pointer();
        for (int lot = 0; lot < out.lotCount(); lot++) {
            Interruption.check();
            for (int at = 0; at < m; at += width) {
                openblas.cblas_sgemm(
                        openblas.CblasRowMajor,
                        order(a),
                        order(b),
                        n,
                        Math.min(width, m - at),
                        k,
                        alpha,
                        left.position(a.offset(lot)),
                        a.stride(),
                        right.position(b.offset(lot) + (long) at * b.columnStep()),
                        b.stride(),
                        beta,
                        target.position(out.offset(lot) + at),
                        out.stride());
            }
        }
        // Jusqu'ici, un pointeur s'est servi de leur mémoire : elle ne doit pas avoir été rendue.
        Reference.reachabilityFence(a.array());
        Reference.reachabilityFence(b.array());
        Reference.reachabilityFence(out.array());
    }

    /** Le chemin simple : les produits d'ND4J, lot par lot. */
    private static void multiplyPlain(float alpha, Matrices a, Matrices b, float beta, Matrices out) {
        for (int lot = 0; lot < out.lotCount() && out.columnCount() > 0; lot++) {
            Interruption.check();
            INDArray target = out.matrix(lot);
            INDArray before = beta == 0 ? target.mul(0) : target.mul(beta);
            target.assign(
                    a.columnCount() == 0
                            ? before
                            : a.matrix(lot).mmul(b.matrix(lot)).muli(alpha).addi(before));
        }
    }

    private static int order(Matrices x) {
        return x.isTransposed() ? openblas.CblasTrans : openblas.CblasNoTrans;
    }

    private static void check(Matrices a, Matrices b, Matrices out) {
        if (!out.isWritable()) {
            throw new IllegalArgumentException("out : pas "
                    + Arrays.toString(out.array().stride()) + ", attendu des lignes dont les éléments se suivent");
        }
        checkShape("a", a, out, out.rowCount(), a.columnCount());
        checkShape("b", b, out, a.columnCount(), out.columnCount());
    }

    private static void checkShape(String name, Matrices x, Matrices out, int rows, int columns) {
        if (x.lotCount() != out.lotCount() || x.rowCount() != rows || x.columnCount() != columns) {
            String lots = out.array().rank() == 2 ? "" : out.lotCount() + ", ";
            throw new IllegalArgumentException(name + " : trouvé " + x + ", attendu [" + lots + rows + ", " + columns
                    + "] pour un produit de forme " + out);
        }
    }
}
