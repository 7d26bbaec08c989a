package fr.cours.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;

/** Une figure relue dans son PNG, en coordonnées CSS : les tests voient ce que voit le lecteur. */
final class Picture {
    private final BufferedImage image;

    Picture(Figure figure) {
        try {
            image = ImageIO.read(new ByteArrayInputStream(figure.png()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(image.getWidth()).isEqualTo(2 * figure.width());
        assertThat(image.getHeight()).isEqualTo(2 * figure.height());
    }

    Color at(double x, double y) {
        return new Color(image.getRGB((int) (2 * x), (int) (2 * y)));
    }

    /** La couleur du fond d'une case : près de son coin, où aucun chiffre n'est écrit. */
    Color ground(Rectangle cells, int rows, int columns, int row, int column) {
        Rectangle cell = cell(cells, rows, columns, row, column);
        return at(cell.x + 0.12 * cell.width, cell.y + 0.12 * cell.height);
    }

    static Rectangle cell(Rectangle cells, int rows, int columns, int row, int column) {
        int width = cells.width / columns;
        int height = cells.height / rows;
        return new Rectangle(cells.x + column * width, cells.y + row * height, width, height);
    }

    Set<Color> colors(Rectangle area) {
        Set<Color> colors = new HashSet<>();
        for (double y = area.y; y < area.getMaxY(); y += 0.5) {
            for (double x = area.x; x < area.getMaxX(); x += 0.5) {
                colors.add(at(x, y));
            }
        }
        return colors;
    }

    /** Vrai si la zone porte de l'encre : quelque chose de nettement plus sombre que le papier. */
    boolean hasInk(Rectangle area) {
        return colors(area).stream().anyMatch(c -> Picture.contrast(c, Color.WHITE) > 4.5);
    }

    void hasWhiteBorder() {
        int right = image.getWidth() / 2 - 4;
        int bottom = image.getHeight() / 2 - 4;
        assertThat(colors(new Rectangle(0, 0, right, 4))).containsExactly(Color.WHITE);
        assertThat(colors(new Rectangle(0, bottom, right, 4))).containsExactly(Color.WHITE);
        assertThat(colors(new Rectangle(0, 0, 4, bottom))).containsExactly(Color.WHITE);
        assertThat(colors(new Rectangle(right, 0, 4, bottom))).containsExactly(Color.WHITE);
    }

    /** Rapport de contraste de deux couleurs, de 1 à 21 (WCAG 2.1). */
    static double contrast(Color a, Color b) {
        double la = luminance(a) + 0.05;
        double lb = luminance(b) + 0.05;
        return Math.max(la, lb) / Math.min(la, lb);
    }

    private static double luminance(Color c) {
        return 0.2126 * linear(c.getRed()) + 0.7152 * linear(c.getGreen()) + 0.0722 * linear(c.getBlue());
    }

    private static double linear(int channel) {
        double s = channel / 255.0;
        return s <= 0.04045 ? s / 12.92 : Math.pow((s + 0.055) / 1.055, 2.4);
    }
}
