package fr.cours.attention.plots;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** L'échelle des couleurs, à droite du dessin ; celle de XChart n'écrit que les deux bouts, et à l'anglaise (« 0.0 »). */
final class ColorBar {
    private static final Font FONT = Canvas.font(Font.PLAIN, 11);
    private static final int BAR = 14;
    private static final int GAP = 14;

    private final ColorMap colors;
    private final double min;
    private final double max;
    private final int height;
    private final List<Double> ticks;

    ColorBar(Heatmap map, int height) {
        colors = map.colors;
        min = map.min();
        max = map.max();
        this.height = height;
        ticks = ticks(min, max, Math.min(5, Math.max(1, height / 24)));
    }

    int width() {
        double labels = ticks.stream()
                .mapToDouble(tick -> Canvas.textWidth(label(tick), FONT))
                .max()
                .orElse(0);
        return (int) Math.ceil(GAP + BAR + 8 + labels);
    }

    void paint(Graphics2D g, int left, int top) {
        int x = left + GAP;
        for (int i = 0; i < height * Canvas.DENSITY; i++) {
            double t = (i + 0.5) / (height * Canvas.DENSITY);
            g.setColor(colors.color(t));
            double line = 1.0 / Canvas.DENSITY;
            g.fill(new Rectangle2D.Double(x, top + height - (i + 1) * line, BAR, line));
        }
        for (double tick : ticks) {
            double y = top + height - (tick - min) / (max - min) * height;
            g.setColor(Canvas.SOFT_INK);
            g.draw(new Line2D.Double(x + BAR, y, x + BAR + 3, y));
            Canvas.write(g, label(tick), FONT, Canvas.SOFT_INK, x + BAR + 7, y, Canvas.LEFT);
        }
    }

    private String label(double tick) {
        double step = ticks.size() > 1 ? ticks.get(1) - ticks.get(0) : tick;
        int decimals = 0;
        while (decimals < 9
                && Math.abs(step * Math.pow(10, decimals) - Math.rint(step * Math.pow(10, decimals))) > 1e-6) {
            decimals++;
        }
        return French.number(tick, decimals);
    }

    /** Des graduations rondes (pas de 1, 2, 2,5 ou 5 fois une puissance de dix), au plus tant d'intervalles. */
    static List<Double> ticks(double min, double max, int intervals) {
        double rough = (max - min) / intervals;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = 10 * power;
        for (double lead : new double[] {5, 2.5, 2, 1}) {
            step = lead * power >= rough * (1 - 1e-9) ? lead * power : step;
        }
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(min / step - 1e-9); i * step <= max + 1e-9 * step; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }
}
