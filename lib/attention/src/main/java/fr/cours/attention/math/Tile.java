package fr.cours.attention.math;

import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Un morceau d'un résultat {@code [lots…, n, m]} : quelques lots, quelques lignes, quelques colonnes. Les morceaux se
 * partagent entre les cœurs ; produit, softmax et second produit se suivent sur un morceau tant qu'il est en cache.
 *
 * @param lots les lots, comptés sur toutes les dimensions de lots
 * @param rows les lignes de chacun
 * @param columns les colonnes
 */
public record Tile(Range lots, Range rows, Range columns) {
    private static final int CACHED = 1 << 19; // nombres : deux Mio
    private static final int LEAST_ROWS = 64; // en deçà, BLAS recopie les clés plus longtemps qu'il ne calcule
    private static final int WORTH_SHARING = 1 << 20; // produits : environ 20 µs d'un cœur, de quoi payer le relais

    /** Toujours autant de parts, quel que soit le nombre de cœurs : d'autres parts, ce seraient d'autres bits. */
    private static final int PARTS = 4;

    /**
     * Le tableau tout entier.
     *
     * @param array {@code [lots…, n, m]}
     * @return tous ses lots, toutes ses lignes et toutes ses colonnes
     */
    public static Tile whole(INDArray array) {
        int n = (int) array.size(-2);
        int m = (int) array.size(-1);
        return new Tile(Range.first((int) (array.length() / n / m)), Range.first(n), Range.first(m));
    }

    /**
     * Ce morceau dans le résultat.
     *
     * @param out {@code [lots…, n, m]}
     * @return les lots, les lignes et les colonnes du morceau
     */
    public Matrices of(Matrices out) {
        return out.lots(lots).rows(rows).columns(columns);
    }

    /**
     * Ce que le morceau demande au premier facteur d'un produit, et à ce qui a autant de lignes que le résultat.
     *
     * @param a {@code [lots…, n, k]}
     * @return ses lots et ses lignes
     */
    public Matrices rowsOf(Matrices a) {
        return a.lots(lots).rows(rows);
    }

    /**
     * Ce que le morceau demande au second facteur d'un produit.
     *
     * @param b {@code [lots…, k, m]}
     * @return ses lots et ses colonnes
     */
    public Matrices columnsOf(Matrices b) {
        return b.lots(lots).columns(columns);
    }

    /**
     * Un produit : chaque part prend des lots, ou des lignes ou colonnes quand les lots sont trop peu.
     *
     * @param out ce que le produit remplit
     * @param depth la dimension sommée
     * @param task calcule un morceau ; n'écrit que là
     */
    public static void share(Matrices out, long depth, Consumer<Tile> task) {
        Range lots = Range.first(out.lotCount());
        Range rows = Range.first(out.rowCount());
        Range columns = Range.first(out.columnCount());
        long terms = (long) lots.count() * rows.count() * columns.count() * depth;
        if (ComputePath.isPlain() || terms < WORTH_SHARING) {
            task.accept(new Tile(lots, rows, columns));
        } else if (lots.count() >= PARTS) {
            forEach(
                    lots.count(),
                    (lots.count() + PARTS - 1) / PARTS,
                    part -> task.accept(new Tile(part, rows, columns)));
        } else { // la plus grande dimension : chaque part recopie alors le moins possible de l'autre matrice
            int most = Math.max(rows.count(), columns.count());
            int parts = most < PARTS * LEAST_ROWS ? 2 : PARTS; // 16 lignes sur 64 : le quart du calcul en 0,4 du temps
            int size = (most + parts - 1) / parts + 15 & ~15; // un multiple des noyaux de BLAS
            if (rows.count() >= columns.count()) {
                forEach(rows.count(), size, part -> task.accept(new Tile(lots, part, columns)));
            } else {
                forEach(columns.count(), size, part -> task.accept(new Tile(lots, rows, part)));
            }
        }
    }

    /**
     * Des scores : des morceaux qui tiennent en cache, faits de lignes entières.
     *
     * @param scores {@code [lots…, n, m]}
     * @param depth la dimension sommée par le premier produit
     * @param byRows vrai si les lignes d'un lot peuvent être séparées
     * @param task traite un morceau ; n'écrit que là
     */
    public static void shareScores(Matrices scores, long depth, boolean byRows, Consumer<Tile> task) {
        int lots = scores.lotCount();
        int n = scores.rowCount();
        int m = scores.columnCount();
        Range columns = Range.first(m);
        long lot = (long) n * m;
        if (ComputePath.isPlain() || lots * lot * depth < WORTH_SHARING) {
            task.accept(new Tile(Range.first(lots), Range.first(n), columns));
            return;
        }
        int together = (int) Math.max(1, Math.min(CACHED / lot, (lots + PARTS - 1) / PARTS));
        boolean slice = byRows && (lot > CACHED || lots < PARTS);
        int rows = slice ? Math.min(n, Math.max(LEAST_ROWS, CACHED / m)) : n;
        int slices = (n - 1) / rows + 1;
        Parallel.run(
                (lots + together - 1) / together * slices,
                number -> task.accept(
                        new Tile(piece(number / slices, together, lots), piece(number % slices, rows, n), columns)));
    }

    private static void forEach(int count, int size, Consumer<Range> task) {
        Parallel.run((count - 1) / size + 1, number -> task.accept(piece(number, size, count)));
    }

    /** Le morceau d'un numéro, quand {@code count} se coupe par {@code size} ; le dernier est plus court. */
    private static Range piece(int number, int size, int count) {
        return new Range(number * size, Math.min(size, count - number * size));
    }
}
