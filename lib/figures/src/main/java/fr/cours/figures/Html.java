package fr.cours.figures;

/** Un texte dans une page : ce qui y serait lu comme une balise s'y écrit pour être lu comme du texte. */
public final class Html {
    private Html() {}

    /**
     * Un texte à placer entre deux balises.
     *
     * @param text le texte, quel qu'il soit
     * @return le même, où {@code &}, {@code <} et {@code >} sont écrits par leur nom
     */
    public static String text(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /**
     * Un texte à placer entre deux balises, ou dans un attribut entre guillemets.
     *
     * @param text le texte, quel qu'il soit
     * @return le même, où les guillemets droits et l'apostrophe droite sont aussi écrits par leur nom
     */
    public static String attribute(String text) {
        return text(text).replace("\"", "&quot;").replace("'", "&#39;");
    }
}
