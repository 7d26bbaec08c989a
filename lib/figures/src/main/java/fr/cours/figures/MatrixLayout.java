package fr.cours.figures;

import java.awt.Font;
import java.awt.Rectangle;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Où se trouve chaque chose dans une figure de matrices, en pixels CSS ; {@link MatrixPainter} y peint.
 *
 * <p>Les matrices sont rangées en carré, toutes de la même taille. Leurs cases ont une taille entière, la même dans toute
 * la figure, et sont aussi carrées que possible. Les noms des lignes sont à gauche, ceux des colonnes dessous, penchés
 * s'ils se touchaient, et l'échelle des couleurs est à droite.
 */
final class MatrixLayout {
    static final int NAME_GAP = 8;

    private static final int WIDTH = 900;
    private static final int BAR = 60;
    private static final int BAR_GAP = 14;
    private static final int GAP = 18;
    private static final int HEADING = 22;
    private static final int NAME_PITCH = 11;
    private static final int LONGEST_NAME = 16;

    final Canvas canvas;
    final int cellWidth;
    final int cellHeight;

    /** La police des noms et des nombres. */
    final Font font;

    /** Vrai si les nombres s'écrivent dans les cases : tous y tiennent. */
    final boolean written;

    /** Les noms à écrire, vides là où la place manque. */
    final List<String> rows;

    final List<String> columns;

    /** De combien les noms des colonnes sont penchés, en degrés. */
    final int angle;

    /** La hauteur de la place du nom d'une matrice, au-dessus d'elle. */
    final int heading;

    final ColorBar bar;
    final int width;
    final int height;

    private final int count;
    private final int across;
    private final int down;
    private final Rectangle first;

    MatrixLayout(MatrixPlot<?> plot) {
        canvas = new Canvas(plot.title);
        count = plot.matrices.size();
        across = (int) Math.ceil(Math.sqrt(count));
        down = (count + across - 1) / across;
        int n = plot.rows.size();
        int m = plot.columns.size();

        double names = Canvas.widest(thinned(plot.rows, 1), Canvas.AXIS);
        double room =
                Math.min(500, (WIDTH - BAR - names - 2 * Canvas.MARGIN - Canvas.axisBand(plot.yAxis)) / across - GAP);
        double tallest = count == 1 ? 440 : room * 4 / 5;
        double largest = count == 1 ? 58 : 46;
        double side = Math.min(largest, Math.min(room / m, tallest / n));
        // Un peu plus large que haute, la case loge son nombre, et le mot qui la nomme.
        cellWidth = cell(Math.min(largest, Math.min(1.25 * side, room / m)), m, room, plot.xAxis);
        cellHeight = cell(side, n, tallest, plot.yAxis);

        font = Canvas.font(Font.PLAIN, fontSize(n * m));
        written = isRoomFor(plot);
        rows = thinned(plot.rows, step(n, cellHeight));
        columns = thinned(plot.columns, step(m, cellWidth));
        angle = angle(step(m, cellWidth) * cellWidth);
        heading = plot.names().isEmpty() ? 0 : HEADING;
        int x = Canvas.MARGIN + Canvas.axisBand(plot.yAxis) + (int) Math.ceil(namesToTheLeft()) + NAME_GAP;
        first = new Rectangle(x, canvas.top() + heading, m * cellWidth, n * cellHeight);

        Rectangle all = all();
        bar = new ColorBar(plot.colorScale(), (int) all.getMaxX() + BAR_GAP, all.y, all.height);
        width = Math.max(bar.right() + Canvas.MARGIN, canvas.titleWidth());
        height = (int) all.getMaxY() + namesBelow() + Canvas.axisBand(plot.xAxis) + Canvas.MARGIN;
    }

    /** Une matrice très allongée a des cases minces : elles s'épaississent assez pour leurs noms et celui de l'axe. */
    private int cell(double size, int cells, double room, String axis) {
        double named = cells > 40 ? 1 : Math.min(NAME_PITCH, room / cells);
        double axisNamed = count > 1 ? 1 : Canvas.textWidth(Canvas.drawable(axis), Canvas.AXIS) / cells;
        return (int) Math.max(size, Math.max(named, axisNamed));
    }

    private int fontSize(int cells) {
        int pitch = Math.min(cellWidth, cellHeight);
        if (pitch < 15) {
            return 10;
        }
        // Dix mots et leurs cent poids tiennent sous 60 Ko, écrits un peu plus petit.
        return pitch < 26 || cells >= 100 ? 11 : 13;
    }

    /** Dans les cases les plus petites, inutile de mesurer les nombres. */
    private boolean isRoomFor(MatrixPlot<?> plot) {
        if (cellWidth < 18 || cellHeight < 15) {
            return false;
        }
        int decimals = plot.decimals();
        List<String> numbers =
                plot.values().mapToObj(value -> French.number(value, decimals)).toList();
        return Canvas.widest(numbers, font) <= cellWidth - 8;
    }

    /** Tous les noms jusqu'à 40 quand la place y est ; au-delà un sur dix, vingt… : ceux qui restent se lisent. */
    private static int step(int names, int pitch) {
        int step = (NAME_PITCH + pitch - 1) / pitch;
        return names > 40 ? (step + 9) / 10 * 10 : step;
    }

    private static List<String> thinned(List<String> names, int step) {
        return IntStream.range(0, names.size())
                .mapToObj(i -> i % step == 0 ? Canvas.label(names.get(i), LONGEST_NAME) : "")
                .toList();
    }

    /** À plat si chaque nom tient entre deux voisins ; sinon penché, et plus droit là où ils sont serrés. */
    private int angle(int between) {
        if (Canvas.widest(columns, font) <= between - 6) {
            return 0;
        }
        return between >= 20 ? 45 : 60;
    }

    /** La place des noms de lignes ; le premier nom de colonne, penché, peut déborder davantage. */
    private double namesToTheLeft() {
        double left = Canvas.widest(rows, font);
        for (int j = 0; angle > 0 && j < columns.size(); j++) {
            double reach = Canvas.textWidth(columns.get(j), font) * Math.cos(Math.toRadians(angle));
            left = Math.max(left, reach - (j + 0.5) * cellWidth);
        }
        return left;
    }

    private int namesBelow() {
        double drop = Canvas.widest(columns, font) * Math.sin(Math.toRadians(angle)) + font.getSize() / 2.0;
        return NAME_GAP + (int) Math.ceil(angle == 0 ? font.getSize() : drop);
    }

    /** Les cases d'une matrice. */
    Rectangle cells(int matrix) {
        Rectangle cells = new Rectangle(first);
        cells.translate(matrix % across * (first.width + GAP), matrix / across * (first.height + heading + GAP / 2));
        return cells;
    }

    /** Les cases de toutes, places vides comprises. */
    Rectangle all() {
        return first.union(cells(across - 1)).union(cells(across * (down - 1)));
    }

    /** Vrai si les noms des lignes s'écrivent à gauche de cette matrice : elle est au bord. */
    boolean hasRowNames(int matrix) {
        return matrix % across == 0;
    }

    /**
     * Vrai si les noms des colonnes s'écrivent sous cette matrice : elle est au bord, ou au-dessus d'une place vide ; mais
     * là, des noms penchés passeraient sur la matrice d'à côté.
     */
    boolean hasColumnNames(int matrix) {
        return matrix / across == down - 1 || angle == 0 && matrix + across >= count;
    }
}
