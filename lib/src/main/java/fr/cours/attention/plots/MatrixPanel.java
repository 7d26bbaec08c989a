package fr.cours.attention.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapSeries;
import org.knowm.xchart.style.HeatMapStyler;
import org.knowm.xchart.style.Styler.ChartTheme;

/**
 * Les cases d'une matrice et les noms qui les bordent.
 *
 * <p>XChart peint les cases. Le reste n'a pas de réglage chez lui et se peint par-dessus : l'encre de chaque chiffre
 * selon sa case (il n'en connaît qu'une), les lignes masquées, et les noms, qu'il centre sur leur boîte (« , » et « le »
 * n'auraient pas la même ligne de base, et penchés ils se chevauchent) et n'écrit pas quand ils débordent. Sans ses
 * marges, les cases ont une taille entière, la même dans toute la figure.
 */
final class MatrixPanel {
    private static final Color MASKED = new Color(0xf3f4f6);
    private static final int LABEL_GAP = 8;
    private static final int ALL_NAMED = 40;
    private static final int NAME_PITCH = 11;

    final int width;
    final int height;

    private final Heatmap map;
    private final double min;
    private final double max;
    private final int decimals;
    private final int cellWidth;
    private final int cellHeight;
    private final Font labelFont;
    private final Font valueFont;
    private final List<String> rows;
    private final List<String> columns;
    private final int angle;

    /** Le panneau aussi grand que permis, les cases aussi carrées que possible. */
    MatrixPanel(Heatmap map, int maxWidth, int maxHeight, int largestCell) {
        this.map = map;
        min = map.min();
        max = map.max();
        decimals = map.decimals();
        int n = map.values.length;
        int m = map.values[0].length;
        double side = Math.min(largestCell, Math.min((double) maxWidth / m, (double) maxHeight / n));
        // Un peu plus large que haute, la case loge son nombre, et le mot qui la nomme.
        double stretched = Math.min(Math.min(largestCell, 1.25 * side), (double) maxWidth / m);
        cellWidth = whole(Math.max(labelled(stretched, m, maxWidth), textWidth(map.columnAxis) / m));
        cellHeight = whole(Math.max(labelled(side, n, maxHeight), textWidth(map.rowAxis) / n));
        width = m * cellWidth;
        height = n * cellHeight;
        int pitch = Math.min(cellWidth, cellHeight);
        labelFont = Canvas.font(Font.PLAIN, pitch < 15 ? 10 : pitch < 26 ? 11 : 13);
        valueFont = valueFont();
        rows = thinned(map.rowLabels, step(n, cellHeight));
        int between = step(m, cellWidth) * cellWidth;
        columns = thinned(map.columnLabels, step(m, cellWidth));
        angle = widest(columns) <= between - 6 ? 0 : between >= 20 ? 45 : 60;
    }

    private static int whole(double size) {
        return Math.max(1, (int) size);
    }

    /** Une matrice très allongée a des cases minces : jusqu'à 40, elles s'épaississent assez pour garder leur nom. */
    private static double labelled(double cell, int count, int room) {
        return count > ALL_NAMED ? cell : Math.max(cell, Math.min(NAME_PITCH, (double) room / count));
    }

    private static double textWidth(String axis) {
        return Canvas.textWidth(Canvas.drawableTitle(axis), Canvas.AXIS);
    }

    /** Tous les noms jusqu'à 40 quand la place y est ; sinon un sur deux, cinq, dix… : ceux qui restent se lisent. */
    private static int step(int count, int pitch) {
        int room = count > ALL_NAMED ? 36 : NAME_PITCH;
        int step = 1;
        int[] steps = {2, 5, 10, 20, 50, 100};
        for (int i = 0; step * pitch < room && i < steps.length; i++) {
            step = steps[i];
        }
        return step;
    }

    private static List<String> thinned(List<String> labels, int step) {
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            kept.add(i % step == 0 ? Canvas.drawable(labels.get(i)) : "");
        }
        return kept;
    }

    private double widest(List<String> labels) {
        return labels.stream()
                .mapToDouble(label -> Canvas.textWidth(label, labelFont))
                .max()
                .orElse(0);
    }

    /** La plus grande police, entre 10 et 13, où toutes les valeurs tiennent dans leur case ; sinon aucune. */
    private Font valueFont() {
        if (cellWidth < 18 || cellHeight < 15) {
            return null; // sans mesurer des milliers de nombres : aucun n'y tiendrait
        }
        Font font = Canvas.font(Font.PLAIN, 13);
        double widest = 1;
        for (double[] row : map.values) {
            for (double value : row) {
                widest = Math.max(widest, Canvas.textWidth(French.number(value, decimals), font));
            }
        }
        double size = Math.min(13, Math.floor(2 * 13 * (cellWidth - 8) / widest) / 2);
        return size >= 10 && cellHeight >= 1.5 * size ? font.deriveFont((float) size) : null;
    }

    /** La place des noms de lignes, à gauche ; le premier nom de colonne, penché, peut déborder davantage. */
    int left() {
        double slanted = -1;
        for (int j = 0; angle > 0 && j < columns.size(); j++) {
            double reach = Canvas.textWidth(columns.get(j), labelFont) * Math.cos(Math.toRadians(angle));
            slanted = Math.max(slanted, reach - (j + 0.5) * cellWidth);
        }
        return (int) Math.ceil(Math.max(widest(rows) + LABEL_GAP, slanted));
    }

    boolean slanted() {
        return angle > 0;
    }

    /** La place des noms de colonnes, en dessous. */
    int bottom() {
        double line = labelFont.getSize2D();
        double drop = angle == 0 ? line : widest(columns) * Math.sin(Math.toRadians(angle)) + line / 2;
        return (int) Math.ceil(LABEL_GAP + drop);
    }

    /** La valeur ramenée à l'échelle, de 0 à 1 quand elle y est. */
    private double scaled(double value) {
        return (value - min) / (max - min);
    }

    void paintCells(Graphics2D g, int x, int y) {
        Graphics2D local = (Graphics2D) g.create(x, y, width, height);
        chart().paint(local, width, height);
        local.dispose();
        g.setStroke(new BasicStroke(1));
        if (Math.min(cellWidth, cellHeight) >= 18) {
            separate(g, new Rectangle(x, y, width, height));
        }
        for (int i = 0; i < map.values.length; i++) {
            Rectangle row = new Rectangle(x, y + i * cellHeight, width, cellHeight);
            if (map.masked[i]) {
                hatch(g, row);
            } else if (valueFont != null) {
                write(g, map.values[i], row);
            }
        }
    }

    private HeatMapChart chart() {
        HeatMapChart chart = new HeatMapChart(width, height, ChartTheme.XChart);
        HeatMapStyler styler = chart.getStyler();
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setChartPadding(0);
        styler.setPlotMargin(0);
        styler.setPlotContentSize(1);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesVisible(false);
        styler.setChartTitleVisible(false);
        styler.setAxisTitlesVisible(false);
        styler.setAxisTicksVisible(false);
        styler.setLegendVisible(false);
        // Sans nombre maximal de noms, XChart divise par la place qu'il croit leur rester : zéro sous 61 pixels.
        styler.setXAxisMaxLabelCount(Checks.LARGEST_SIDE);
        styler.setShowValue(false);
        styler.setAntiAlias(false);
        styler.setRangeColors(map.colors.stops());
        List<Number[]> cells = new ArrayList<>();
        int n = map.values.length;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < map.values[i].length; j++) {
                // XChart compte les lignes depuis le bas : la première requête reçoit le plus grand rang.
                cells.add(new Number[] {j, n - 1 - i, ColorMap.snapped(scaled(map.values[i][j]))});
            }
        }
        // Les axes de XChart portent des rangs et non des mots : deux mots égaux restent deux lignes.
        HeatMapSeries series =
                chart.addSeries("valeurs", Checks.indices(map.values[0].length), Checks.indices(n), cells);
        series.setMin(0);
        series.setMax(1);
        return chart;
    }

    private void write(Graphics2D g, double[] values, Rectangle row) {
        for (int j = 0; j < values.length; j++) {
            String text = French.number(values[j], decimals);
            Color ink = ColorMap.inkOn(map.colors.color(scaled(values[j])));
            Canvas.write(g, text, valueFont, ink, row.x + (j + 0.5) * cellWidth, row.getCenterY(), Canvas.CENTER);
        }
    }

    private static void hatch(Graphics2D g, Rectangle row) {
        g.setColor(MASKED);
        g.fill(row);
        Graphics2D local = (Graphics2D) g.create(row.x, row.y, row.width, row.height);
        local.setColor(new Color(0xa3a9b1));
        for (int x = -row.height; x < row.width; x += 7) {
            local.draw(new Line2D.Double(x, row.height, x + row.height, 0));
        }
        local.dispose();
        Font font = Canvas.font(Font.ITALIC, 12);
        double width = Canvas.textWidth("ligne masquée", font) + 16;
        if (row.width > width && row.height >= 20) {
            g.setColor(MASKED);
            g.fill(new Rectangle2D.Double(row.getCenterX() - width / 2, row.getCenterY() - 9, width, 18));
            Canvas.write(g, "ligne masquée", font, Canvas.SOFT_INK, row.getCenterX(), row.getCenterY(), Canvas.CENTER);
        }
    }

    /** Un filet blanc entre les cases : deux voisines de même couleur restent deux cases. */
    private void separate(Graphics2D g, Rectangle cells) {
        g.setColor(Color.WHITE);
        for (int x = cells.x + cellWidth; x < cells.getMaxX(); x += cellWidth) {
            g.draw(new Line2D.Double(x, cells.y, x, cells.getMaxY()));
        }
        for (int y = cells.y + cellHeight; y < cells.getMaxY(); y += cellHeight) {
            g.draw(new Line2D.Double(cells.x, y, cells.getMaxX(), y));
        }
    }

    void paintRowLabels(Graphics2D g, int x, int y) {
        for (int i = 0; i < rows.size(); i++) {
            double middle = y + (i + 0.5) * cellHeight;
            Canvas.write(g, rows.get(i), labelFont, Canvas.INK, x - LABEL_GAP, middle, Canvas.RIGHT);
        }
    }

    void paintColumnLabels(Graphics2D g, int x, int y) {
        double half = labelFont.getSize2D() / 2;
        for (int j = 0; j < columns.size(); j++) {
            Graphics2D local = (Graphics2D) g.create();
            local.translate(x + (j + 0.5) * cellWidth, y + height + LABEL_GAP + (angle == 0 ? half : 0));
            local.rotate(-Math.toRadians(angle));
            Canvas.write(local, columns.get(j), labelFont, Canvas.INK, 0, 0, angle == 0 ? Canvas.CENTER : Canvas.RIGHT);
            local.dispose();
        }
    }
}
