package fr.cours.course.exercises;

/**
 * Ce qu'une vérification répond.
 *
 * @param state où en est l'étape
 * @param sentence la phrase dite au lecteur
 */
public record Verdict(State state, String sentence) {
    /** Où en est une étape : rien d'écrit, une mauvaise réponse, la bonne. */
    public enum State {
        /** Rien n'est écrit. */
        TODO,
        /** La réponse n'est pas la bonne. */
        WRONG,
        /** La réponse est bonne. */
        DONE
    }

    /** {@return la marque de l'état, puis la phrase} */
    @Override
    public String toString() {
        return "…✘✔".charAt(state.ordinal()) + " " + sentence;
    }
}
