package fr.cours.figures;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.image.BufferedImage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** La feuille blanche sur laquelle toutes les figures se dessinent, et l'écriture des mots. */
final class Canvas {
    /** Deux pixels d'image par pixel CSS : net sur les écrans denses. */
    static final int DENSITY = 2;

    static final Color INK = new Color(0x1f2328);
    static final Color SOFT_INK = new Color(0x57606a);
    static final Color GRID = new Color(0xe3e6ea);

    static final Font AXIS = font(Font.PLAIN, 12);
    static final int MARGIN = 14;

    static final double LEFT = 0;
    static final double CENTER = 0.5;
    static final double RIGHT = 1;

    private static final Font TITLE = font(Font.BOLD, 15);
    private static final int TITLE_LINE = 21;
    private static final int TITLE_WIDTH = 480;

    private final List<String> titleLines;

    /** Le titre va à la ligne quand il est long : il ne décide pas seul de la largeur de la figure. */
    Canvas(String title) {
        // L'espace insécable : « : » et « ? » ne commencent pas une ligne.
        String lines = "";
        for (String word : French.typography(drawable(title)).split(" ")) {
            String line = lines.substring(lines.lastIndexOf('\n') + 1);
            boolean fits = textWidth(line + " " + word, TITLE) <= TITLE_WIDTH;
            if (!line.isEmpty()) {
                lines += fits ? " " : "\n";
            }
            lines += word;
        }
        titleLines = lines.lines().toList();
    }

    /** Où commence le dessin, sous le titre. */
    int top() {
        return MARGIN + (titleLines.isEmpty() ? 0 : titleLines.size() * TITLE_LINE + 6);
    }

    int titleWidth() {
        return (int) Math.ceil(widest(titleLines, TITLE)) + 2 * MARGIN;
    }

    /** La place du nom d'un axe ; aucune s'il n'en a pas. */
    static int axisBand(String name) {
        return name.isBlank() ? 0 : 26;
    }

    /** Écrit le nom des deux axes : l'horizontal en bas, le vertical à gauche, montant. */
    static void axes(Graphics2D g, String horizontal, double x, int height, String vertical, double y) {
        write(g, drawable(horizontal), AXIS, SOFT_INK, x, height - MARGIN - 5, CENTER);
        slanted(g, drawable(vertical), AXIS, SOFT_INK, MARGIN + 5, y, CENTER, 90);
    }

    /** La police du système qui sait tout écrire : accents, flèches, indices, lettres grecques. */
    static Font font(int style, double size) {
        return new Font(Font.SANS_SERIF, style, 1).deriveFont((float) size);
    }

    static double textWidth(String text, Font font) {
        return layout(text, font).getAdvance();
    }

    static double widest(Collection<String> texts, Font font) {
        return texts.stream().mapToDouble(text -> textWidth(text, font)).max().orElse(0);
    }

    private static TextLayout layout(String text, Font font) {
        return new TextLayout(text.isEmpty() ? "\u200b" : text, font, new FontRenderContext(null, true, true));
    }

    static void write(Graphics2D g, String text, Font font, Color color, double x, double y, double alignment) {
        slanted(g, text, font, color, x, y, alignment, 0);
    }

    /**
     * Écrit un texte qui monte, d'un angle en degrés. La hauteur des chiffres est centrée sur y : des mots voisins
     * gardent la même ligne de base. Au pixel de l'image, les lettres sont plus nettes, et le fichier plus petit.
     */
    static void slanted(
            Graphics2D g, String text, Font font, Color color, double x, double y, double alignment, int angle) {
        Graphics2D local = (Graphics2D) g.create();
        local.translate(snapped(x), snapped(y));
        local.rotate(-Math.toRadians(angle));
        local.setColor(color);
        double digits = layout("0", font).getBounds().getHeight();
        layout(text, font).draw(local, snapped(-alignment * textWidth(text, font)), snapped(digits / 2));
    }

    private static float snapped(double position) {
        return (float) Math.rint(DENSITY * position) / DENSITY;
    }

    /**
     * Le texte, sans ce que Java ne sait pas dessiner : les émojis en couleurs deviendraient des cases vides. Un texte
     * dont il ne reste rien s'écrit « □ ».
     */
    static String drawable(String text) {
        String kept = text.replaceAll("[\\x{1F000}-\\x{10FFFF}\uFE00-\uFE0F\u200D]", "");
        String drawn = kept.replaceAll("\\s+", " ").strip();
        return drawn.isEmpty() && !text.isBlank() ? "□" : drawn;
    }

    /** Un nom à dessiner, raccourci s'il est très long : la description le donne entier. Des blancs s'écrivent « ␣ ». */
    static String label(String name, int longest) {
        String drawn = name.isBlank() ? "␣" : drawable(name);
        int[] letters = drawn.codePoints().toArray();
        return letters.length > longest ? new String(letters, 0, longest - 1) + "…" : drawn;
    }

    Figure figure(int width, int height, String description, Consumer<Graphics2D> painter) {
        BufferedImage image = new BufferedImage(width * DENSITY, height * DENSITY, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.scale(DENSITY, DENSITY);
        g.addRenderingHints(Map.of(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON,
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON,
                RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON,
                RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE));
        g.setBackground(Color.WHITE);
        g.clearRect(0, 0, width, height);
        painter.accept(g);
        for (int i = 0; i < titleLines.size(); i++) {
            write(g, titleLines.get(i), TITLE, INK, MARGIN, MARGIN + (i + 0.5) * TITLE_LINE, LEFT);
        }
        g.dispose();
        return new Figure(Png.encode(image), width, height, French.typography(description));
    }
}
