package fr.cours.figures;

/**
 * Une image et les mots qui la remplacent.
 *
 * <p>Une figure ne sait pas où elle sera montrée. Le noyau en fait une sortie {@code image/png} dont le
 * {@code text/plain} est {@link #description()} : ceux qui ne voient pas l'image lisent la phrase, et deux versions d'un
 * carnet se comparent ligne à ligne.
 *
 * @param png l'image, encodée en PNG ; le tableau est copié à l'entrée et à la sortie
 * @param width largeur d'affichage, en pixels CSS (l'image peut être plus fine)
 * @param height hauteur d'affichage, en pixels CSS
 * @param description une description en français, qui dit ce que l'image montre
 */
public record Figure(byte[] png, int width, int height, String description) {
    /**
     * Assemble une figure.
     *
     * @param png l'image, encodée en PNG
     * @param width largeur d'affichage, en pixels CSS
     * @param height hauteur d'affichage, en pixels CSS
     * @param description une description en français
     * @throws IllegalArgumentException si l'image ou la description manque
     */
    public Figure {
        png = Checks.present(png, "png", "une image").clone();
        Checks.present(description, "description", "une phrase");
    }

    /**
     * L'image.
     *
     * @return une copie des octets PNG
     */
    @Override
    public byte[] png() {
        return png.clone();
    }

    /** {@return la description : une figure imprimée se lit} */
    @Override
    public String toString() {
        return description;
    }
}
