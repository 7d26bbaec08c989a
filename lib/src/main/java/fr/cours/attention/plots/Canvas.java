package fr.cours.attention.plots;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** La feuille blanche sur laquelle toutes les figures se dessinent, et l'écriture en PNG. */
final class Canvas {
    /** Deux pixels d'image par pixel CSS : net sur les écrans denses. */
    static final int DENSITY = 2;

    static final Color INK = new Color(0x1f2328);
    static final Color SOFT_INK = new Color(0x57606a);
    static final Color GRID = new Color(0xe3e6ea);

    static final Font AXIS = font(Font.PLAIN, 12);
    static final int MARGIN = 14;
    private static final int AXIS_BAND = 26;

    static final double LEFT = 0;
    static final double CENTER = 0.5;
    static final double RIGHT = 1;

    private static final Font TITLE = font(Font.BOLD, 15);
    private static final int TITLE_LINE = 21;
    private static final int TITLE_WIDTH = 480;

    private final List<String> titleLines;

    Canvas(String title) {
        titleLines = wrapped(drawableTitle(title));
    }

    /** Le titre à la ligne quand il est long : il ne décide pas seul de la largeur de la figure. */
    private static List<String> wrapped(String title) {
        List<String> lines = new ArrayList<>();
        for (String word : title.isEmpty() ? new String[0] : title.split(" +")) {
            String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1) + " " + word;
            // « : » et « ? » ne commencent pas une ligne.
            if (!last.isEmpty() && (textWidth(last, TITLE) <= TITLE_WIDTH || word.matches("[:;!?»]"))) {
                lines.set(lines.size() - 1, last);
            } else {
                lines.add(word);
            }
        }
        return lines;
    }

    /** Où commence le dessin, sous le titre. */
    int top() {
        return MARGIN + (titleLines.isEmpty() ? 0 : titleLines.size() * TITLE_LINE + 6);
    }

    int titleWidth() {
        double widest = titleLines.stream()
                .mapToDouble(line -> textWidth(line, TITLE))
                .max()
                .orElse(0);
        return (int) Math.ceil(widest) + 2 * MARGIN;
    }

    /** La place du nom d'un axe ; aucune s'il n'en a pas. */
    static int axisBand(String name) {
        return name.isBlank() ? 0 : AXIS_BAND;
    }

    /** Écrit le nom des deux axes : l'horizontal en bas, le vertical à gauche, montant. */
    static void axes(Graphics2D g, String horizontal, double x, int height, String vertical, double y) {
        write(g, drawableTitle(horizontal), AXIS, SOFT_INK, x, height - MARGIN - 5, CENTER);
        Graphics2D local = (Graphics2D) g.create();
        local.translate(MARGIN + 5, y);
        local.rotate(-Math.PI / 2);
        write(local, drawableTitle(vertical), AXIS, SOFT_INK, 0, 0, CENTER);
        local.dispose();
    }

    /** La police du système qui sait tout écrire : accents, flèches, indices, lettres grecques. */
    static Font font(int style, double size) {
        return new Font(Font.SANS_SERIF, style, 1).deriveFont((float) size);
    }

    static double textWidth(String text, Font font) {
        return text.isEmpty() ? 0 : layout(text, font).getAdvance();
    }

    static TextLayout layout(String text, Font font) {
        return new TextLayout(text, font, new FontRenderContext(null, true, true));
    }

    /** Écrit un texte dont la hauteur des chiffres est centrée sur y : des mots voisins gardent la même ligne de base. */
    static void write(Graphics2D g, String text, Font font, Color color, double x, double y, double alignment) {
        if (text.isEmpty()) {
            return;
        }
        TextLayout layout = layout(text, font);
        double digits = layout("0", font).getBounds().getHeight();
        g.setColor(color);
        layout.draw(g, snapped(x - alignment * layout.getAdvance()), snapped(y + digits / 2));
    }

    /** Au pixel de l'image : les lettres sont plus nettes, et le fichier plus petit. */
    private static float snapped(double position) {
        return (float) Math.rint(DENSITY * position) / DENSITY;
    }

    /**
     * Le texte, sans ce que la police ne sait pas dessiner : les émojis en couleurs deviendraient des cases vides. Un
     * texte dont il ne reste rien s'écrit « □ », un texte fait de blancs « ␣ » : la place d'un mot reste visible.
     */
    static String drawable(String text) {
        if (text.isBlank()) {
            return "␣";
        }
        Font font = font(Font.PLAIN, 12);
        StringBuilder kept = new StringBuilder();
        text.codePoints()
                .map(c -> Character.isWhitespace(c) ? ' ' : c)
                .filter(c -> font.canDisplay(c) && c < 0x1F000 && !(c >= 0xFE00 && c <= 0xFE0F) && c != 0x200D)
                .forEach(kept::appendCodePoint);
        String drawn = kept.toString().strip();
        return drawn.isEmpty() ? "□" : drawn;
    }

    /** Un titre dessinable ; vide s'il n'y a pas de titre. */
    static String drawableTitle(String title) {
        return title.isBlank() ? "" : drawable(title);
    }

    Figure figure(int width, int height, String description, Consumer<Graphics2D> painter) {
        BufferedImage image = new BufferedImage(width * DENSITY, height * DENSITY, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = graphics(image);
        try {
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, width, height);
            for (int i = 0; i < titleLines.size(); i++) {
                write(g, titleLines.get(i), TITLE, INK, MARGIN, MARGIN + (i + 0.5) * TITLE_LINE, LEFT);
            }
            painter.accept(g);
        } finally {
            g.dispose();
        }
        return new Figure(Png.encode(image), width, height, French.typography(description));
    }

    /** Le même pinceau pour mesurer et pour peindre : les mesures tombent juste. */
    static Graphics2D graphics(BufferedImage image) {
        Graphics2D g = image.createGraphics();
        g.scale(DENSITY, DENSITY);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        return g;
    }
}
