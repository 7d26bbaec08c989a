package fr.cours.figures;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.Map;
import java.util.TreeMap;

/**
 * L'échelle des couleurs, à droite des matrices, et ses graduations : des nombres ronds. Celle de XChart n'écrit que les
 * deux bouts, et à l'anglaise (« 0.0 »).
 */
final class ColorBar {
    private static final int THICKNESS = 14;
    private static final int TICK_PITCH = 24;
    private static final Font FONT = Canvas.font(Font.PLAIN, 11);

    private final ColorScale scale;
    private final Rectangle place;
    private final Map<Double, String> ticks;

    /** Une échelle dont on dit le coin et la hauteur, en pixels CSS. */
    ColorBar(ColorScale scale, int x, int y, int height) {
        this.scale = scale;
        place = new Rectangle(x, y, THICKNESS, height);
        ticks = ticks(scale.min(), scale.max(), Math.min(5, Math.max(1, height / TICK_PITCH)));
    }

    /** Des graduations rondes, et leurs mots : un pas de 1, 2 ou 5 fois une puissance de dix. */
    static Map<Double, String> ticks(double min, double max, int intervals) {
        double step = roundedUp((max - min) / intervals * (1 - 1e-9));
        int decimals = Math.min(9, Math.max(0, -(int) Math.floor(Math.log10(step) + 1e-9)));
        Map<Double, String> ticks = new TreeMap<>();
        for (long i = (long) Math.ceil(min / step - 1e-9); i * step <= max + 1e-9 * step; i++) {
            ticks.put(i * step, French.number(i * step, decimals));
        }
        return ticks;
    }

    private static double roundedUp(double step) {
        double power = Math.pow(10, Math.floor(Math.log10(step)));
        for (int lead : new int[] {1, 2, 5}) {
            if (step / power <= lead) {
                return power * lead;
            }
        }
        return power * 10;
    }

    /** Où finit le plus long de ses nombres. */
    int right() {
        return place.x + THICKNESS + 8 + (int) Math.ceil(Canvas.widest(ticks.values(), FONT));
    }

    void paint(Graphics2D g) {
        double line = 1.0 / Canvas.DENSITY;
        for (double y = 0; y < place.height; y += line) {
            g.setColor(scale.colors().color(1 - (y + line / 2) / place.height));
            g.fill(new Rectangle2D.Double(place.x, place.y + y, place.width, line));
        }
        ticks.forEach((tick, label) -> {
            double y = place.getMaxY() - scale.position(tick) * place.height;
            g.setColor(Canvas.SOFT_INK);
            g.draw(new Line2D.Double(place.getMaxX(), y, place.getMaxX() + 3, y));
            Canvas.write(g, label, FONT, Canvas.SOFT_INK, place.getMaxX() + 7, y, Canvas.LEFT);
        });
    }
}
