package fr.cours.figures;

import java.awt.Color;
import java.util.stream.Stream;

/**
 * Une échelle de couleurs : du plus petit au plus grand.
 *
 * <p>{@link #REDS} et {@link #BLUE_RED} viennent de ColorBrewer (Cynthia Brewer), {@link #VIRIDIS} de matplotlib. Toutes
 * restent lisibles pour qui distingue mal les couleurs : la clarté varie avec la valeur.
 */
public enum ColorMap {
    /** Du blanc au rouge sombre : la figure d'ouverture du cours. */
    REDS("fff5f0 fee0d2 fcbba1 fc9272 fb6a4a ef3b2c cb181d a50f15 67000d"),

    /** Du violet sombre au jaune : chaque pas de valeur est un pas égal de clarté. */
    VIRIDIS("440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918c 1fa088 28ae80 3fbc73 5ec962 84d44b addc30"
            + " d8e219 fde725"),

    /** Du bleu au rouge en passant par le blanc : pour les valeurs signées, le blanc étant au milieu de l'échelle. */
    BLUE_RED("053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f");

    final Color[] stops;

    ColorMap(String hexadecimal) {
        stops = parsed(hexadecimal);
    }

    /** Des couleurs écrites en hexadécimal, séparées par des espaces. */
    static Color[] parsed(String hexadecimal) {
        return Stream.of(hexadecimal.split(" "))
                .map(code -> new Color(Integer.parseInt(code, 16)))
                .toArray(Color[]::new);
    }

    /**
     * La couleur d'une valeur.
     *
     * @param t la valeur ramenée entre 0 (début de l'échelle) et 1 (fin) ; au-delà, la couleur est celle du bord
     * @return la couleur, à l'unité près celle que peint XChart
     */
    public Color color(double t) {
        double position = (double) step(t) / STEPS * (stops.length - 1);
        int i = Math.min((int) position, stops.length - 2);
        double part = position - i;
        // Tronqué, comme XChart : le contraste des chiffres se juge sur la couleur réellement peinte.
        return new Color(
                (int) (stops[i].getRed() + part * (stops[i + 1].getRed() - stops[i].getRed())),
                (int) (stops[i].getGreen() + part * (stops[i + 1].getGreen() - stops[i].getGreen())),
                (int) (stops[i].getBlue() + part * (stops[i + 1].getBlue() - stops[i].getBlue())));
    }

    /** Le nombre de couleurs d'une figure, moins une : assez pour un dégradé lisse, assez peu pour une palette de PNG. */
    static final int STEPS = 64;

    /** Le rang de la couleur d'une valeur, de 0 à {@link #STEPS}. */
    static int step(double t) {
        return (int) Math.rint(Math.max(0, Math.min(1, t)) * STEPS);
    }

    /**
     * Noir ou blanc, selon ce qui se lit le mieux. Le pire des deux cas, un gris moyen, laisse encore 4,58 : au-dessus
     * des 4,5 que demandent les règles d'accessibilité (WCAG 2.1, critère 1.4.3) ; un noir adouci ne le garantirait pas.
     */
    static Color inkOn(Color ground) {
        return luminance(ground) > 0.179 ? Color.BLACK : Color.WHITE;
    }

    static double luminance(Color c) {
        return 0.2126 * linear(c.getRed()) + 0.7152 * linear(c.getGreen()) + 0.0722 * linear(c.getBlue());
    }

    private static double linear(int channel) {
        double s = channel / 255.0;
        return s <= 0.04045 ? s / 12.92 : Math.pow((s + 0.055) / 1.055, 2.4);
    }
}
