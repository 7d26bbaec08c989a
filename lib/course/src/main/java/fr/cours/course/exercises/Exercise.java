package fr.cours.course.exercises;

import fr.cours.course.exercises.Verdict.State;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Un exercice : des étapes, une vérification pour chacune, et ce qui est fait.
 *
 * <p>Rien n'est écrit sur le disque ni envoyé : tout s'oublie avec le noyau.
 */
public abstract class Exercise {
    private final int number;
    private final List<String> steps;
    private final Map<Integer, Verdict> verdicts = new LinkedHashMap<>();

    /**
     * Un exercice dont rien n'est fait.
     *
     * @param number son numéro dans le cours
     * @param steps le titre de chaque étape
     */
    protected Exercise(int number, String... steps) {
        this.number = number;
        this.steps = List.of(steps);
    }

    /**
     * Ce qu'on laisse à la place d'une réponse qu'on n'a pas encore écrite.
     *
     * @param <T> le type de la réponse
     * @return {@code null}, que les vérifications reconnaissent
     */
    public static <T> T todo() {
        return null;
    }

    /**
     * Dit si des étapes sont faites, pour une cellule qui se sert de leurs réponses.
     *
     * @param steps leurs numéros, à partir de 1
     * @return vrai si la dernière vérification de chacune la dit juste
     */
    public final boolean done(int... steps) {
        return Arrays.stream(steps)
                .allMatch(
                        step -> verdicts.containsKey(step) && verdicts.get(step).state() == State.DONE);
    }

    /** {@return une ligne par étape : la marque de sa dernière vérification, et son titre} */
    public final String progress() {
        long done =
                verdicts.values().stream().filter(v -> v.state() == State.DONE).count();
        StringBuilder text = new StringBuilder(done + (done < 2 ? " étape faite sur " : " étapes faites sur ")
                + steps.size() + ", à la dernière vérification de chacune");
        for (int step = 1; step <= steps.size(); step++) {
            Verdict verdict = verdicts.get(step);
            String mark = verdict == null ? "·" : verdict.toString().substring(0, 1);
            text.append('\n').append(mark).append(' ').append(step).append(". ").append(steps.get(step - 1));
        }
        return text.toString();
    }

    /** Juge une fonction du lecteur, et retient le verdict : dans l'exercice, et dans le registre du noyau. */
    final <A, B, R> Verdict judge(int step, Check<A, B, R> check, BiFunction<A, B, R> answer) {
        Verdict verdict = check.judge(answer);
        Verdict told = new Verdict(verdict.state(), "Étape " + step + " : " + verdict.sentence());
        verdicts.put(step, told);
        Gradebook.ofThisKernel().record(number, step, told);
        return told;
    }
}
