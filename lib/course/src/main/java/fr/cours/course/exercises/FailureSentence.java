package fr.cours.course.exercises;

import java.util.Optional;
import java.util.function.Function;

/**
 * Ce qu'on dit d'une exception, en une phrase.
 *
 * <p>Le noyau sait lire les exceptions de JShell, qui ne nomment pas ce qui manque ; il le dit ici, sans que les
 * exercices le connaissent.
 */
public final class FailureSentence {
    private static volatile Function<Throwable, Optional<String>> explanation = failure -> Optional.empty();

    private FailureSentence() {}

    /**
     * Donne à qui exécute le code du lecteur le moyen d'expliquer ce qu'il est seul à comprendre.
     *
     * @param newExplanation la phrase d'une exception, vide s'il n'en sait pas plus que son message
     */
    public static void explainWith(Function<Throwable, Optional<String>> newExplanation) {
        explanation = newExplanation;
    }

    /**
     * La phrase d'une exception.
     *
     * @param failure ce que le code a levé
     * @return l'explication de {@link #explainWith} ; à défaut, le nom de l'exception et son message
     */
    public static String of(Throwable failure) {
        return explanation.apply(failure).orElseGet(() -> written(failure));
    }

    /** Le message est aussi du code du lecteur : il peut lever à son tour. */
    private static String written(Throwable failure) {
        try {
            return failure.toString();
        } catch (RuntimeException broken) {
            return failure.getClass().getSimpleName();
        }
    }
}
