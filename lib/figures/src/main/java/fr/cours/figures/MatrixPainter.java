package fr.cours.figures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Line2D;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.style.HeatMapStyler;
import org.knowm.xchart.style.Styler.ChartTheme;

/**
 * La peinture d'une figure de matrices, là où {@link MatrixLayout} le dit.
 *
 * <p>XChart peint les cases. Le reste n'a pas de réglage chez lui et se peint par-dessus : l'encre de chaque chiffre
 * selon sa case (il n'en connaît qu'une), les lignes masquées, et les noms, qu'il centre sur leur boîte (« , » et « le »
 * n'auraient pas la même ligne de base, et penchés ils se chevauchent) et n'écrit pas quand ils débordent. Sans ses
 * marges, les cases ont une taille entière.
 */
final class MatrixPainter {
    private static final int FRAMED = 18;
    private static final Color MASKED = new Color(0xf3f4f6);
    private static final Color HATCH = new Color(0xa3a9b1);
    private static final String MASKED_ROW = "ligne masquée";

    private final MatrixPlot<?> plot;
    private final MatrixLayout layout;
    private final ColorScale scale;
    private final int decimals;

    MatrixPainter(MatrixPlot<?> plot) {
        this.plot = plot;
        layout = new MatrixLayout(plot);
        scale = plot.colorScale();
        decimals = plot.decimals();
    }

    Figure figure(String description) {
        return layout.canvas.figure(layout.width, layout.height, description, g -> {
            for (int matrix = 0; matrix < plot.matrices.size(); matrix++) {
                paint(g, matrix);
            }
            layout.bar.paint(g);
            Rectangle all = layout.all();
            Canvas.axes(g, plot.xAxis, all.getCenterX(), layout.height, plot.yAxis, all.getCenterY());
        });
    }

    private void paint(Graphics2D g, int matrix) {
        Rectangle cells = layout.cells(matrix);
        if (layout.heading > 0) {
            String name = Canvas.label(plot.names().get(matrix), 40);
            Font bold = Canvas.font(Font.BOLD, 12);
            Canvas.write(g, name, bold, Canvas.INK, cells.x, cells.y - layout.heading / 2.0, Canvas.LEFT);
        }
        paintCells((Graphics2D) g.create(cells.x, cells.y, cells.width, cells.height), plot.matrices.get(matrix));
        if (layout.hasRowNames(matrix)) {
            paintRowNames(g, cells);
        }
        if (layout.hasColumnNames(matrix)) {
            paintColumnNames(g, cells);
        }
    }

    private void paintRowNames(Graphics2D g, Rectangle cells) {
        for (int i = 0; i < layout.rows.size(); i++) {
            double y = cells.y + (i + 0.5) * layout.cellHeight;
            Canvas.write(
                    g, layout.rows.get(i), layout.font, Canvas.INK, cells.x - MatrixLayout.NAME_GAP, y, Canvas.RIGHT);
        }
    }

    private void paintColumnNames(Graphics2D g, Rectangle cells) {
        boolean flat = layout.angle == 0;
        double y = cells.getMaxY() + MatrixLayout.NAME_GAP + (flat ? layout.font.getSize() / 2.0 : 0);
        double alignment = flat ? Canvas.CENTER : Canvas.RIGHT;
        for (int j = 0; j < layout.columns.size(); j++) {
            double x = cells.x + (j + 0.5) * layout.cellWidth;
            Canvas.slanted(g, layout.columns.get(j), layout.font, Canvas.INK, x, y, alignment, layout.angle);
        }
    }

    private void paintCells(Graphics2D g, double[][] values) {
        int width = values[0].length * layout.cellWidth;
        chart(values).paint(g, width, values.length * layout.cellHeight);
        g.setStroke(new BasicStroke(1));
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values[i].length; j++) {
                paintCell(g, i, j, values[i][j]);
            }
            if (plot.isMasked(values[i])) {
                hatch((Graphics2D) g.create(0, i * layout.cellHeight, width, layout.cellHeight), width);
            }
        }
    }

    private void paintCell(Graphics2D g, int row, int column, double value) {
        Rectangle cell =
                new Rectangle(column * layout.cellWidth, row * layout.cellHeight, layout.cellWidth, layout.cellHeight);
        if (Math.min(cell.width, cell.height) >= FRAMED) {
            // Un filet blanc entre les cases : deux voisines de même couleur restent deux cases.
            g.setColor(Color.WHITE);
            g.draw(cell);
        }
        Color color = scale.color(value);
        Color ink = ColorMap.inkOn(color);
        if (plot.isUnknown(column)) {
            stripe(g, ink, cell);
            g.setColor(color);
            g.fillRect(cell.x + 4, cell.y + cell.height / 2 - 8, layout.written ? cell.width - 8 : 0, 16);
        }
        if (layout.written) {
            String text = French.number(value, decimals);
            Canvas.write(g, text, layout.font, ink, cell.getCenterX(), cell.getCenterY(), Canvas.CENTER);
        }
    }

    private HeatMapChart chart(double[][] values) {
        int n = values.length;
        int m = values[0].length;
        HeatMapChart chart = new HeatMapChart(m * layout.cellWidth, n * layout.cellHeight, ChartTheme.XChart);
        HeatMapStyler styler = chart.getStyler();
        styler.setLegendVisible(false);
        styler.setPlotBorderVisible(false);
        styler.setChartPadding(0);
        styler.setPlotMargin(0);
        styler.setPlotContentSize(1);
        styler.setAxisTicksVisible(false);
        styler.setRangeColors(scale.colors().stops);
        styler.setMin(0);
        styler.setMax(ColorMap.STEPS);
        // Sans nombre maximal de noms, XChart divise par la place qu'il croit leur rester : zéro sous 61 pixels.
        styler.setXAxisMaxLabelCount(m + 1);
        // XChart compte les lignes depuis le bas : la première requête reçoit le plus grand rang.
        int[][] heat = new int[m][n];
        for (int k = 0; k < n * m; k++) {
            heat[k % m][n - 1 - k / m] = ColorMap.step(scale.position(values[k / m][k % m]));
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
    private void hatch(Graphics2D g, int width) {
        int height = layout.cellHeight;
        g.setColor(MASKED);
        g.fillRect(0, 0, width, height);
        stripe(g, HATCH, new Rectangle(width, height));
        int word = (int) Canvas.textWidth(MASKED_ROW, Canvas.AXIS) + 16;
        if (width > word && height >= 20) {
            g.setColor(MASKED);
            g.fillRect((width - word) / 2, height / 2 - 9, word, 18);
            Font italic = Canvas.font(Font.ITALIC, 12);
            Canvas.write(g, MASKED_ROW, italic, Canvas.SOFT_INK, width / 2.0, height / 2.0, Canvas.CENTER);
        }
    }
}
