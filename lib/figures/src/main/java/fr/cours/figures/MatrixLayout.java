package fr.cours.figures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.style.HeatMapStyler;
import org.knowm.xchart.style.Styler.ChartTheme;

/**
 * Où se trouve chaque chose dans une figure de matrices, et sa peinture.
 *
 * <p>XChart peint les cases. Le reste n'a pas de réglage chez lui et se peint par-dessus : l'encre de chaque chiffre
 * selon sa case (il n'en connaît qu'une), les lignes masquées, et les noms, qu'il centre sur leur boîte (« , » et « le »
 * n'auraient pas la même ligne de base, et penchés ils se chevauchent) et n'écrit pas quand ils débordent. Sans ses
 * marges, les cases ont une taille entière, la même dans toute la figure.
 */
final class MatrixLayout {
    private static final int WIDTH = 900;
    private static final int BAR = 60;
    private static final int GAP = 18;
    private static final int NAME_GAP = 8;
    private static final int NAME_PITCH = 11;
    private static final Font TICK = Canvas.font(Font.PLAIN, 11);
    private static final Color MASKED = new Color(0xf3f4f6);
    private static final Color HATCH = new Color(0xa3a9b1);

    private final MatrixPlot<?> plot;
    private final Canvas canvas;
    private final double[] range;
    private final int decimals;
    private final int across;
    private final int down;
    private final int cellWidth;
    private final int cellHeight;
    private final Rectangle first;
    private final List<String> rows;
    private final List<String> columns;
    private final Font nameFont;
    private final boolean written;
    private final int angle;
    private final int nameLine;

    /** Les matrices rangées en carré, toutes de la même taille, les cases aussi carrées que possible. */
    MatrixLayout(MatrixPlot<?> plot) {
        this.plot = plot;
        canvas = new Canvas(plot.title);
        range = plot.range();
        decimals = plot.decimals();
        int n = plot.rows.size();
        int m = plot.columns.size();
        boolean alone = plot.matrices.size() == 1;
        across = (int) Math.ceil(Math.sqrt(plot.matrices.size()));
        down = (plot.matrices.size() + across - 1) / across;
        double names = Canvas.widest(thinned(plot.rows, 1), Canvas.AXIS);
        double room =
                Math.min(500, (WIDTH - BAR - names - 2 * Canvas.MARGIN - Canvas.axisBand(plot.yAxis)) / across - GAP);
        double most = alone ? 440 : room * 4 / 5;
        double side = Math.min(alone ? 58 : 46, Math.min(room / m, most / n));
        // Un peu plus large que haute, la case loge son nombre, et le mot qui la nomme.
        cellWidth = cell(Math.min(alone ? 58 : 46, Math.min(1.25 * side, room / m)), m, room, plot.xAxis);
        cellHeight = cell(side, n, most, plot.yAxis);
        int pitch = Math.min(cellWidth, cellHeight);
        // Dix mots et leurs cent poids tiennent sous 60 Ko, écrits un peu plus petit.
        nameFont = Canvas.font(Font.PLAIN, pitch < 15 ? 10 : pitch < 26 || n * m >= 100 ? 11 : 13);
        // Les valeurs s'écrivent si toutes tiennent dans leur case ; dans les plus petites, inutile de les mesurer.
        written = cellWidth >= 18
                && cellHeight >= 15
                && Canvas.widest(
                                plot.values()
                                        .mapToObj(v -> French.number(v, decimals))
                                        .toList(),
                                nameFont)
                        <= cellWidth - 8;
        rows = thinned(plot.rows, step(n, cellHeight));
        columns = thinned(plot.columns, step(m, cellWidth));
        int between = step(m, cellWidth) * cellWidth;
        angle = Canvas.widest(columns, nameFont) <= between - 6 ? 0 : between >= 20 ? 45 : 60;
        // À gauche les noms de lignes ; le premier nom de colonne, penché, peut déborder davantage.
        double left = Canvas.widest(rows, nameFont);
        for (int j = 0; angle > 0 && j < m; j++) {
            double reach = Canvas.textWidth(columns.get(j), nameFont) * Math.cos(Math.toRadians(angle));
            left = Math.max(left, reach - (j + 0.5) * cellWidth);
        }
        nameLine = plot.names.isEmpty() ? 0 : 22;
        int x = Canvas.MARGIN + Canvas.axisBand(plot.yAxis) + (int) Math.ceil(left) + NAME_GAP;
        first = new Rectangle(x, canvas.top() + nameLine, m * cellWidth, n * cellHeight);
    }

    /** Une matrice très allongée a des cases minces : elles s'épaississent assez pour leurs noms et celui de l'axe. */
    private int cell(double size, int count, double room, String axis) {
        double named = count > 40 ? 1 : Math.min(NAME_PITCH, room / count);
        double axisNamed = plot.matrices.size() > 1 ? 1 : Canvas.textWidth(Canvas.drawable(axis), Canvas.AXIS) / count;
        return (int) Math.max(size, Math.max(named, axisNamed));
    }

    /** Tous les noms jusqu'à 40 quand la place y est ; au-delà un sur dix, vingt… : ceux qui restent se lisent. */
    private static int step(int count, int pitch) {
        int step = (NAME_PITCH + pitch - 1) / pitch;
        return count > 40 ? (step + 9) / 10 * 10 : step;
    }

    private static List<String> thinned(List<String> names, int step) {
        return IntStream.range(0, names.size())
                .mapToObj(i -> i % step == 0 ? Canvas.label(names.get(i), 16) : "")
                .toList();
    }

    /** Les cases d'une matrice, en pixels CSS. */
    Rectangle cells(int matrix) {
        Rectangle cells = new Rectangle(first);
        cells.translate(matrix % across * (first.width + GAP), matrix / across * (first.height + nameLine + GAP / 2));
        return cells;
    }

    Figure draw(String description) {
        Rectangle all = first.union(cells(across - 1)).union(cells(across * (down - 1)));
        Map<Double, String> ticks = ticks(Math.min(5, Math.max(1, all.height / 24)));
        double drop = Canvas.widest(columns, nameFont) * Math.sin(Math.toRadians(angle)) + nameFont.getSize() / 2.0;
        int bottom = NAME_GAP + (int) Math.ceil(angle == 0 ? nameFont.getSize() : drop);
        int bar = (int) all.getMaxX() + 14;
        int right = bar + 22 + (int) Math.ceil(Canvas.widest(ticks.values(), TICK));
        int width = Math.max(right + Canvas.MARGIN, canvas.titleWidth());
        int height = (int) all.getMaxY() + bottom + Canvas.axisBand(plot.xAxis) + Canvas.MARGIN;
        return canvas.figure(width, height, description, g -> {
            for (int k = 0; k < plot.matrices.size(); k++) {
                paint(g, k);
            }
            paintBar(g, new Rectangle(bar, all.y, 14, all.height), ticks);
            Canvas.axes(g, plot.xAxis, all.getCenterX(), height, plot.yAxis, all.getCenterY());
        });
    }

    /** Des graduations rondes : un pas de 1, 2 ou 5 fois une puissance de dix. */
    private Map<Double, String> ticks(int intervals) {
        double rough = (range[1] - range[0]) / intervals * (1 - 1e-9);
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double lead = rough / power;
        double step = power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
        int decimals = Math.min(9, Math.max(0, -(int) Math.floor(Math.log10(step) + 1e-9)));
        Map<Double, String> ticks = new TreeMap<>();
        for (long i = (long) Math.ceil(range[0] / step - 1e-9); i * step <= range[1] + 1e-9 * step; i++) {
            ticks.put(i * step, French.number(i * step, decimals));
        }
        return ticks;
    }

    /** L'échelle des couleurs ; celle de XChart n'écrit que les deux bouts, et à l'anglaise (« 0.0 »). */
    private void paintBar(Graphics2D g, Rectangle bar, Map<Double, String> ticks) {
        double line = 1.0 / Canvas.DENSITY;
        for (double y = 0; y < bar.height; y += line) {
            g.setColor(plot.colors.color(1 - (y + line / 2) / bar.height));
            g.fill(new Rectangle2D.Double(bar.x, bar.y + y, bar.width, line));
        }
        ticks.forEach((tick, label) -> {
            double y = bar.getMaxY() - scaled(tick) * bar.height;
            g.setColor(Canvas.SOFT_INK);
            g.draw(new Line2D.Double(bar.getMaxX(), y, bar.getMaxX() + 3, y));
            Canvas.write(g, label, TICK, Canvas.SOFT_INK, bar.getMaxX() + 7, y, Canvas.LEFT);
        });
    }

    private void paint(Graphics2D g, int matrix) {
        Rectangle cells = cells(matrix);
        if (nameLine > 0) {
            String name = Canvas.label(plot.names.get(matrix), 40);
            Font bold = Canvas.font(Font.BOLD, 12);
            Canvas.write(g, name, bold, Canvas.INK, cells.x, cells.y - nameLine / 2.0, Canvas.LEFT);
        }
        paintCells((Graphics2D) g.create(cells.x, cells.y, cells.width, cells.height), plot.matrices.get(matrix));
        for (int i = 0; matrix % across == 0 && i < rows.size(); i++) {
            double y = cells.y + (i + 0.5) * cellHeight;
            Canvas.write(g, rows.get(i), nameFont, Canvas.INK, cells.x - NAME_GAP, y, Canvas.RIGHT);
        }
        // Au-dessus d'une place vide aussi, sauf des noms penchés : ils passeraient sur la matrice d'à côté.
        boolean last = matrix / across == down - 1 || angle == 0 && matrix + across >= plot.matrices.size();
        for (int j = 0; last && j < columns.size(); j++) {
            double x = cells.x + (j + 0.5) * cellWidth;
            double y = cells.getMaxY() + NAME_GAP + (angle == 0 ? nameFont.getSize() / 2.0 : 0);
            double alignment = angle == 0 ? Canvas.CENTER : Canvas.RIGHT;
            Canvas.slanted(g, columns.get(j), nameFont, Canvas.INK, x, y, alignment, angle);
        }
    }

    private double scaled(double value) {
        return (value - range[0]) / (range[1] - range[0]);
    }

    private void paintCells(Graphics2D g, double[][] values) {
        chart(values).paint(g, first.width, first.height);
        g.setStroke(new BasicStroke(1));
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values[i].length; j++) {
                Rectangle cell = new Rectangle(j * cellWidth, i * cellHeight, cellWidth, cellHeight);
                if (Math.min(cellWidth, cellHeight) >= 18) {
                    // Un filet blanc entre les cases : deux voisines de même couleur restent deux cases.
                    g.setColor(Color.WHITE);
                    g.draw(cell);
                }
                Color color = plot.colors.color(scaled(values[i][j]));
                Color ink = ColorMap.inkOn(color);
                if (plot.unknown.contains(j)) {
                    stripe(g, ink, cell);
                    g.setColor(color);
                    g.fillRect(cell.x + 4, cell.y + cellHeight / 2 - 8, written ? cellWidth - 8 : 0, 16);
                }
                if (written) {
                    String text = French.number(values[i][j], decimals);
                    Canvas.write(g, text, nameFont, ink, cell.getCenterX(), cell.getCenterY(), Canvas.CENTER);
                }
            }
            if (plot.isMasked(values[i])) {
                hatch((Graphics2D) g.create(0, i * cellHeight, first.width, cellHeight));
            }
        }
    }

    private HeatMapChart chart(double[][] values) {
        HeatMapChart chart = new HeatMapChart(first.width, first.height, ChartTheme.XChart);
        HeatMapStyler styler = chart.getStyler();
        styler.setLegendVisible(false);
        styler.setPlotBorderVisible(false);
        styler.setChartPadding(0);
        styler.setPlotMargin(0);
        styler.setPlotContentSize(1);
        styler.setAxisTicksVisible(false);
        styler.setRangeColors(plot.colors.stops);
        styler.setMin(0);
        styler.setMax(ColorMap.STEPS);
        int n = values.length;
        int m = values[0].length;
        // Sans nombre maximal de noms, XChart divise par la place qu'il croit leur rester : zéro sous 61 pixels.
        styler.setXAxisMaxLabelCount(m + 1);
        // XChart compte les lignes depuis le bas : la première requête reçoit le plus grand rang.
        int[][] heat = new int[m][n];
        for (int k = 0; k < n * m; k++) {
            heat[k % m][n - 1 - k / m] = ColorMap.step(scaled(values[k / m][k % m]));
        }
        // Les axes de XChart portent des rangs et non des mots : deux mots égaux restent deux lignes.
        int[] ranks = IntStream.range(0, Math.max(n, m)).toArray();
        chart.addSeries("valeurs", Arrays.copyOf(ranks, m), Arrays.copyOf(ranks, n), heat);
        return chart;
    }

    /** Des traits obliques, dans un cadre et pas au-delà. */
    private static void stripe(Graphics2D g, Color color, Rectangle frame) {
        Graphics2D inside = (Graphics2D) g.create(frame.x, frame.y, frame.width, frame.height);
        inside.setStroke(new BasicStroke(1));
        inside.setColor(color);
        for (int x = -frame.height; x < frame.width; x += 7) {
            inside.draw(new Line2D.Double(x, frame.height, x + frame.height, 0));
        }
        inside.dispose();
    }

    /** Une ligne masquée : des hachures, et le mot s'il y a la place. */
    private void hatch(Graphics2D g) {
        g.setColor(MASKED);
        g.fillRect(0, 0, first.width, cellHeight);
        stripe(g, HATCH, new Rectangle(first.width, cellHeight));
        int word = (int) Canvas.textWidth("ligne masquée", Canvas.AXIS) + 16;
        if (first.width > word && cellHeight >= 20) {
            g.setColor(MASKED);
            g.fillRect((first.width - word) / 2, cellHeight / 2 - 9, word, 18);
            Font italic = Canvas.font(Font.ITALIC, 12);
            Canvas.write(
                    g, "ligne masquée", italic, Canvas.SOFT_INK, first.width / 2.0, cellHeight / 2.0, Canvas.CENTER);
        }
    }
}
