package fr.cours.attention.plots;

import java.util.Objects;

/**
 * Une image et les mots qui la remplacent.
 *
 * <p>Une figure ne sait pas où elle sera montrée. Le noyau en fait une sortie {@code image/png} dont le
 * {@code text/plain} est {@link #description()} : ceux qui ne voient pas l'image lisent la phrase, et deux versions d'un
 * carnet se comparent ligne à ligne.
 */
public final class Figure {
    private final byte[] png;
    private final int width;
    private final int height;
    private final String description;

    /**
     * Assemble une figure.
     *
     * @param png l'image, encodée en PNG
     * @param width largeur d'affichage, en pixels CSS (l'image peut être plus fine)
     * @param height hauteur d'affichage, en pixels CSS
     * @param description une description en français, qui dit ce que l'image montre
     * @throws IllegalArgumentException si une dimension n'est pas positive ou si la description est vide
     */
    public Figure(byte[] png, int width, int height, String description) {
        Objects.requireNonNull(png, "png : valeur absente (null)");
        Objects.requireNonNull(description, "description : valeur absente (null)");
        if (width <= 0 || height <= 0) {
            throw new IllegalArgumentException(
                    "dimensions : trouvé " + width + " × " + height + ", attendu deux entiers positifs");
        }
        if (description.isBlank()) {
            throw new IllegalArgumentException("description : vide ; une figure se décrit en une phrase au moins");
        }
        this.png = png.clone();
        this.width = width;
        this.height = height;
        this.description = description;
    }

    /**
     * L'image.
     *
     * @return une copie des octets PNG
     */
    public byte[] png() {
        return png.clone();
    }

    /**
     * Largeur d'affichage.
     *
     * @return la largeur en pixels CSS
     */
    public int width() {
        return width;
    }

    /**
     * Hauteur d'affichage.
     *
     * @return la hauteur en pixels CSS
     */
    public int height() {
        return height;
    }

    /**
     * Ce que l'image montre.
     *
     * @return la description en français
     */
    public String description() {
        return description;
    }

    /** {@return la description : une figure imprimée se lit} */
    @Override
    public String toString() {
        return description;
    }
}
