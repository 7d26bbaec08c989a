package fr.cours.attention.math;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Un tableau vu comme des matrices, par lots : {@code [lots…, lignes, colonnes]}. On y prend des lots, des lignes, des
 * colonnes, ou les transposées, sans rien copier : ce sont les termes d'un produit ({@link Gemm#multiply}).
 *
 * <p>Les pas sont libres tant que les éléments d'une ligne se suivent : une tête d'attention est une vue dans
 * {@code [batch, n, heads·depth]}, lue et écrite sur place. Un tableau rangé autrement est copié une fois, et ne peut
 * alors être que lu. L'objet tient son tableau en vie.
 */
public final class Matrices {
    private final Layout layout;
    private final boolean transposed;
    private final Range lots;
    private final Range rows; // de la matrice en mémoire, avant transposition
    private final Range columns;

    /** Où sont les matrices d'un tableau ; lu une fois, car le demander à ND4J coûte autant qu'un petit produit. */
    private record Layout(INDArray array, boolean copied, int stride, int heads, long headStride, long batchStride) {
        static Layout of(INDArray array, boolean copied) {
            int rank = array.rank();
            return new Layout(
                    array,
                    copied,
                    (int) Math.max(array.stride(-2), Math.max(1, array.size(-1))), // BLAS veut au moins la largeur
                    rank > 2 ? (int) array.size(rank - 3) : 1,
                    rank > 2 ? array.stride(rank - 3) : 0,
                    rank > 3 ? array.stride(0) : 0);
        }

        long offset(int lot) {
            return lot % heads * headStride + lot / heads * batchStride;
        }
    }

    private Matrices(Layout layout, boolean transposed, Range lots, Range rows, Range columns) {
        this.layout = layout;
        this.transposed = transposed;
        this.lots = lots;
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * Toutes les matrices d'un tableau.
     *
     * @param array {@code [n, m]}, {@code [lots, n, m]} ou {@code [lots, heads, n, m]}, float32
     * @return ses matrices
     * @throws IllegalArgumentException si le rang ou le type est autre
     */
    public static Matrices of(INDArray array) {
        Memory.requireFloat(array);
        if (array.rank() < 2 || array.rank() > 4) {
            throw new IllegalArgumentException("array : trouvé le rang " + array.rank() + ", attendu 2, 3 ou 4");
        }
        boolean readable = hasPlainRows(array);
        int n = (int) array.size(-2);
        int m = (int) array.size(-1);
        return new Matrices(
                readable ? Layout.of(array, false) : Layout.of(array.dup('c'), true),
                false,
                Range.first((int) (array.length() / n / m)),
                Range.first(n),
                Range.first(m));
    }

    /** Vrai si les éléments d'une ligne se suivent, et les lignes à pas croissant : ce que BLAS sait lire sur place. */
    private static boolean hasPlainRows(INDArray array) {
        return (array.stride(-1) == 1 || array.size(-1) == 1)
                && (array.stride(-2) >= array.size(-1) || array.size(-2) == 1);
    }

    /** {@return chaque matrice transposée} */
    public Matrices transposed() {
        return new Matrices(layout, !transposed, lots, rows, columns);
    }

    /**
     * Quelques lots.
     *
     * @param part lesquels
     * @return leurs matrices
     * @throws IndexOutOfBoundsException s'il n'y en a pas tant
     */
    public Matrices lots(Range part) {
        return new Matrices(layout, transposed, lots.within(part), rows, columns);
    }

    /**
     * Quelques lignes de chaque matrice.
     *
     * @param part lesquelles
     * @return ces lignes
     * @throws IndexOutOfBoundsException s'il n'y en a pas tant
     */
    public Matrices rows(Range part) {
        return transposed
                ? new Matrices(layout, true, lots, rows, columns.within(part))
                : new Matrices(layout, false, lots, rows.within(part), columns);
    }

    /**
     * Quelques colonnes de chaque matrice.
     *
     * @param part lesquelles
     * @return ces colonnes
     * @throws IndexOutOfBoundsException s'il n'y en a pas tant
     */
    public Matrices columns(Range part) {
        return transposed
                ? new Matrices(layout, true, lots, rows.within(part), columns)
                : new Matrices(layout, false, lots, rows, columns.within(part));
    }

    /** {@return le nombre de matrices} */
    public int lotCount() {
        return lots.count();
    }

    /** {@return le nombre de lignes de chacune} */
    public int rowCount() {
        return (transposed ? columns : rows).count();
    }

    /** {@return le nombre de colonnes de chacune} */
    public int columnCount() {
        return (transposed ? rows : columns).count();
    }

    boolean isTransposed() {
        return transposed;
    }

    boolean isWritable() {
        return !layout.copied && !transposed;
    }

    INDArray array() {
        return layout.array;
    }

    /** Un pointeur à soi sur le premier élément du tableau. */
    FloatPointer pointer() {
        return Memory.pointer(layout.array);
    }

    /** Où commence la matrice d'un lot, en nombres. */
    long offset(int lot) {
        return layout.offset(lots.first() + lot) + (long) rows.first() * layout.stride + columns.first();
    }

    /** Pas d'une ligne à la suivante, en mémoire. */
    int stride() {
        return layout.stride;
    }

    /** Pas d'une colonne de cette matrice à la suivante. */
    int columnStep() {
        return transposed ? stride() : 1;
    }

    /** La matrice d'un lot, pour le chemin simple : une vue d'ND4J. */
    INDArray matrix(int lot) {
        // Ni slice ni get : sur une vue qui ne commence pas au début de son tableau, ND4J s'y trompe.
        INDArray matrix = Nd4j.create(
                layout.array.data(),
                new long[] {rows.count(), columns.count()},
                new long[] {stride(), 1},
                layout.array.offset() + offset(lot),
                'c');
        return transposed ? matrix.transpose() : matrix;
    }

    /** {@return la forme, par exemple {@code [6, 3, 4]} ; sans les lots pour une matrice seule de rang 2} */
    @Override
    public String toString() {
        return layout.array.rank() == 2
                ? Arrays.toString(new int[] {rowCount(), columnCount()})
                : Arrays.toString(new int[] {lotCount(), rowCount(), columnCount()});
    }
}
