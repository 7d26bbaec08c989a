package fr.cours.attention.math;

import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Un morceau d'un tableau {@code [lots…, n, m]} : quelques lots entiers, ou quelques lignes ou colonnes d'un lot. Les morceaux se
 * partagent entre les cœurs ; produit, softmax et second produit se suivent sur un morceau tant qu'il est en cache.
 *
 * @param firstLot le premier lot, compté sur toutes les dimensions de lots
 * @param lots combien de lots
 * @param firstRow la première ligne dans chacun
 * @param rows combien de lignes, s'il y en a tant
 * @param firstColumn la première colonne
 * @param columns combien de colonnes, s'il y en a tant
 * @param depth combien de termes sommer, s'il y en a tant
 */
public record Tile(int firstLot, int lots, int firstRow, int rows, int firstColumn, int columns, int depth) {
    private static final int CACHED = 1 << 19; // nombres : deux Mio
    private static final int LEAST_ROWS = 64; // en deçà, BLAS recopie les clés plus longtemps qu'il ne calcule
    private static final int WORTH_SHARING = 1 << 20; // produits : environ 20 µs d'un cœur, de quoi payer le relais
    private static final int ALL = Integer.MAX_VALUE;

    /** Toujours autant de parts, quel que soit le nombre de cœurs : d'autres parts, ce seraient d'autres bits. */
    private static final int PARTS = 4;

    /** Combien de lignes d'un lot de ce tableau : un morceau fait de lots entiers les prend toutes. */
    int rowsOf(INDArray array) {
        return (int) Math.min(rows, array.size(-2) - firstRow);
    }

    /** Combien de colonnes de ce tableau. */
    int columnsOf(INDArray array) {
        return (int) Math.min(columns, array.size(-1) - firstColumn);
    }

    /**
     * Quelques colonnes seulement.
     *
     * @param from la première
     * @param count combien
     * @return un morceau de celui-ci
     */
    public Tile columns(int from, int count) {
        return new Tile(firstLot, lots, firstRow, rows, from, count, depth);
    }

    /**
     * Les premiers termes seulement de la somme.
     *
     * @param count combien
     * @return le même morceau, qui demande moins de calcul
     */
    public Tile depth(int count) {
        return new Tile(firstLot, lots, firstRow, rows, firstColumn, columns, count);
    }

    /** Le numéro du lot qui suit le dernier. */
    int endLot() {
        return firstLot + lots;
    }

    /**
     * Le tableau tout entier.
     *
     * @param array {@code [lots…, n, m]}
     * @return tous ses lots, toutes ses lignes et toutes ses colonnes
     */
    public static Tile whole(INDArray array) {
        return new Tile(0, (int) (array.length() / array.size(-2) / array.size(-1)), 0, ALL, 0, ALL, ALL);
    }

    /**
     * Un produit : chaque part prend des lots, ou des lignes ou colonnes quand les lots sont trop peu.
     *
     * @param out ce que le produit remplit
     * @param depth la dimension sommée
     * @param task calcule un morceau ; n'écrit que là
     */
    public static void share(INDArray out, long depth, Consumer<Tile> task) {
        Tile whole = whole(out);
        int rows = whole.rowsOf(out);
        int columns = whole.columnsOf(out);
        if (ComputePath.isPlain() || out.length() * depth < WORTH_SHARING) {
            task.accept(whole);
        } else if (whole.lots >= PARTS) {
            run(whole.lots, (whole.lots + PARTS - 1) / PARTS, rows, ALL, task);
        } else { // la plus grande dimension : chaque part recopie alors le moins possible de l'autre matrice
            int most = Math.max(rows, columns);
            int parts = most < PARTS * LEAST_ROWS ? 2 : PARTS; // 16 lignes sur 64 : le quart du calcul en 0,4 du temps
            int size = (most + parts - 1) / parts + 15 & ~15; // un multiple des noyaux de BLAS
            if (rows >= columns) {
                run(1, 1, rows, size, part -> task.accept(new Tile(0, whole.lots, part.firstRow, size, 0, ALL, ALL)));
            } else {
                Parallel.run((columns - 1) / size + 1, part -> task.accept(whole.columns(part * size, size)));
            }
        }
    }

    /**
     * Des scores : des morceaux qui tiennent en cache.
     *
     * @param scores {@code [lots…, n, m]}
     * @param depth la dimension sommée par le premier produit
     * @param byRows vrai si les lignes d'un lot peuvent être séparées
     * @param task traite un morceau ; n'écrit que là
     */
    public static void forEach(INDArray scores, long depth, boolean byRows, Consumer<Tile> task) {
        Tile whole = whole(scores);
        long lot = scores.size(-2) * scores.size(-1);
        if (ComputePath.isPlain() || scores.length() * depth < WORTH_SHARING) {
            task.accept(whole);
            return;
        }
        int together = (int) Math.max(1, Math.min(CACHED / lot, (whole.lots + PARTS - 1) / PARTS));
        boolean slice = byRows && (lot > CACHED || whole.lots < PARTS);
        int rows = slice ? (int) Math.max(LEAST_ROWS, CACHED / scores.size(-1)) : ALL;
        run(whole.lots, together, whole.rowsOf(scores), rows, task);
    }

    private static void run(int lots, int together, int n, int rows, Consumer<Tile> task) {
        int slices = (n - 1) / rows + 1;
        Parallel.run((lots + together - 1) / together * slices, number -> {
            int first = number / slices * together;
            task.accept(new Tile(first, Math.min(together, lots - first), number % slices * rows, rows, 0, ALL, ALL));
        });
    }
}
