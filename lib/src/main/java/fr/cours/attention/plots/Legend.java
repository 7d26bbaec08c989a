package fr.cours.attention.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.markers.Marker;

/**
 * Le titre, la légende, puis le graphique de XChart.
 *
 * <p>La légende de XChart ne va pas à la ligne et centre chaque nom sur sa boîte (« d » et « p » n'auraient pas la même
 * ligne de base).
 */
final class Legend {
    private static final Font FONT = Canvas.font(Font.PLAIN, 12);
    private static final int LINE = 22;
    private static final int SAMPLE = 34;
    private static final int GAP = 22;

    /** Une entrée : un trait (et sa marque, s'il y en a une), ou un carré de couleur quand il n'y a pas de trait. */
    record Entry(String name, Color color, BasicStroke line, Marker marker) {
        private int sample() {
            return line == null ? 14 : SAMPLE;
        }

        private double width() {
            return sample() + 7 + Canvas.textWidth(Canvas.drawable(name), FONT);
        }

        private void paint(Graphics2D g, double x, double y) {
            g.setColor(color);
            if (line == null) {
                g.fill(new Rectangle2D.Double(x, y - 6, 12, 12));
            } else {
                g.setStroke(line);
                g.draw(new Line2D.Double(x, y, x + SAMPLE, y));
            }
            if (marker != null) {
                marker.paint(g, x + SAMPLE / 2.0, y, PlotStyle.MARKER);
            }
            Canvas.write(g, Canvas.drawable(name), FONT, Canvas.INK, x + sample() + 7, y, Canvas.LEFT);
        }
    }

    private final List<List<Entry>> lines = new ArrayList<>();

    /** Une série seule n'a pas besoin de légende : le titre et les axes la nomment. */
    Legend(List<Entry> entries) {
        double x = Double.MAX_VALUE;
        for (Entry entry : entries.size() > 1 ? entries : List.<Entry>of()) {
            if (x + entry.width() > PlotStyle.WIDTH - Canvas.MARGIN) {
                lines.add(new ArrayList<>());
                x = Canvas.MARGIN;
            }
            lines.get(lines.size() - 1).add(entry);
            x += entry.width() + GAP;
        }
    }

    Figure figure(String title, String description, IChart chart) {
        Canvas canvas = new Canvas(title);
        int bottom = canvas.top() + lines.size() * LINE;
        return canvas.figure(PlotStyle.WIDTH, bottom + PlotStyle.HEIGHT, description, g -> {
            for (int i = 0; i < lines.size(); i++) {
                double x = Canvas.MARGIN;
                for (Entry entry : lines.get(i)) {
                    entry.paint(g, x, canvas.top() + (i + 0.5) * LINE);
                    x += entry.width() + GAP;
                }
            }
            // Le graphique a sa propre marge et son fond blanc, qui recouvrirait la légende : on rogne l'une et
            // l'autre.
            int overlap = Canvas.MARGIN - 6;
            g.clipRect(0, bottom, PlotStyle.WIDTH, PlotStyle.HEIGHT);
            g.translate(0, bottom - overlap);
            chart.paint(g, PlotStyle.WIDTH, PlotStyle.HEIGHT + overlap);
        });
    }
}
