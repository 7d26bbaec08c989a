package fr.cours.course;

/** Ce que le texte d'un carnet affirme de ses résultats, vérifié dans une cellule que l'on voit. */
public final class Claims {
    private Claims() {}

    /**
     * Écrit une affirmation, et si elle est vraie ; fausse, elle arrête la cellule.
     *
     * @param claim l'affirmation, telle que le texte la fait
     * @param holds ce que les résultats en disent
     * @throws IllegalStateException si elle est fausse ; le message est l'affirmation
     */
    public static void check(String claim, boolean holds) {
        System.out.println((holds ? "✔ " : "✘ ") + claim);
        if (!holds) {
            throw new IllegalStateException(claim);
        }
    }
}
