package fr.cours.course.exercises;

import fr.cours.course.exercises.Verdict.State;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Une vérification : la bonne fonction, des entrées d'essai, et les erreurs que l'on fait d'habitude.
 *
 * <p>La fonction du lecteur est essayée sur toutes les entrées. Si elle ne répond pas comme la bonne, on cherche
 * l'erreur connue qui répond comme elle : c'est elle qu'on lui dit. Aucune exception ne sort d'ici, hors l'arrêt demandé.
 *
 * @param <A> la première entrée
 * @param <B> la seconde, s'il y en a une
 * @param <R> la réponse
 */
class Check<A, B, R> {
    private static final String ABSENT = "∅";
    private static final double TOLERANCE = 1e-4;

    private final BiFunction<A, B, R> right;
    private final List<Supplier<A>> first = new ArrayList<>();
    private final List<Supplier<B>> second = new ArrayList<>();
    private final List<Usual<A, B, R>> usual = new ArrayList<>();
    private final Map<Object, String> names = new HashMap<>();
    private double almost;
    private String almostRight;
    private Runnable refusedByLibrary = () -> {};

    /** Une erreur d'habitude. */
    private record Usual<A, B, R>(String sentence, BiFunction<A, B, R> wrong) {}

    Check(BiFunction<A, B, R> right) {
        this.right = right;
    }

    /** Une entrée d'essai ; faite à neuf chaque fois, pour qu'une réponse qui l'abîme se voie. */
    Check<A, B, R> on(Supplier<A> a, Supplier<B> b) {
        first.add(a);
        second.add(b);
        return this;
    }

    /** Une erreur d'habitude, et ce qu'on en dit ; plusieurs codes peuvent mériter la même phrase. */
    Check<A, B, R> usual(String sentence, BiFunction<A, B, R> wrong) {
        usual.add(new Usual<>(sentence, wrong));
        return this;
    }

    /** Ce qu'on dit de nombres tous à {@code tolerance} près de ceux qu'on attend, en proportion s'ils dépassent 1. */
    Check<A, B, R> almost(double tolerance, String sentence) {
        almost = tolerance;
        almostRight = sentence;
        return this;
    }

    /** Le nom que le lecteur donne à une valeur : c'est lui qu'on lui dit. */
    Check<A, B, R> named(Object value, String name) {
        names.put(value, name);
        return this;
    }

    /** Un appel que la bibliothèque refuse et qu'une réponse écrite à la main accepte : il trahit qui l'appelle. */
    Check<A, B, R> byHand(Runnable call) {
        refusedByLibrary = call;
        return this;
    }

    Verdict judge(BiFunction<A, B, R> answer) {
        List<List<Object>> found = new ArrayList<>();
        try {
            for (int i = 0; i < first.size(); i++) {
                A a = first.get(i).get();
                B b = second.get(i).get();
                List<Object> result = flat(answer.apply(a, b));
                if (result == null) {
                    return new Verdict(State.TODO, "à compléter");
                }
                if (String.valueOf(result.get(0)).contains(ABSENT)) {
                    return wrong("une partie de la réponse est absente (null)");
                }
                if (!near(flat(a), flat(first.get(i).get()))
                        || !near(flat(b), flat(second.get(i).get()))) {
                    return wrong("votre code change ce qu'on lui donne ; travaillez sur une copie");
                }
                found.add(result);
            }
        } catch (CancellationException stopped) {
            throw stopped;
        } catch (RuntimeException failure) {
            return wrong(sameFailure(found.size()) + stopped(failure));
        } catch (Throwable failure) {
            return wrong(stopped(failure));
        }
        List<List<Object>> expected = answers(right);
        if (same(found, expected, TOLERANCE)) {
            return callsLibrary()
                    ? wrong("la bibliothèque a répondu à votre place ; ici, c'est à vous de l'écrire")
                    : new Verdict(State.DONE, "juste");
        }
        for (Usual<A, B, R> known : usual) {
            if (same(found, answers(known.wrong()), TOLERANCE)) {
                return wrong(known.sentence());
            }
        }
        if (same(found, expected, almost)) {
            return wrong(almostRight);
        }
        if (found.size() > 1 && found.stream().allMatch(one -> near(one, found.get(0)))) {
            return wrong("la réponse est toujours la même, quoi qu'on donne à votre code");
        }
        int trial = 0;
        while (near(found.get(trial), expected.get(trial))) {
            trial++;
        }
        return wrong(
                "essai " + (trial + 1) + " sur " + first.size() + " : " + gap(found.get(trial), expected.get(trial)));
    }

    /** La première différence : celle des formes, ou celle des valeurs, à leur place. */
    private String gap(List<Object> found, List<Object> expected) {
        int at = difference(found, expected, TOLERANCE);
        String what = at == 0 ? "la forme " : Place.of(found.get(0).toString(), at - 1, found.size() - 1);
        return "trouvé " + what + name(found.get(at)) + ", attendu " + name(expected.get(at));
    }

    private String name(Object value) {
        return names.containsKey(value) ? names.get(value) + " (" + value + ")" : String.valueOf(value);
    }

    /** L'erreur d'habitude qui s'arrête au même essai, après en avoir passé un autre ; vide s'il n'y en a pas. */
    private String sameFailure(int trial) {
        return usual.stream()
                .filter(known -> trial > 0 && answers(known.wrong()).size() == trial)
                .map(known -> known.sentence() + " ; ")
                .findFirst()
                .orElse("");
    }

    private boolean callsLibrary() {
        try {
            refusedByLibrary.run();
            return false;
        } catch (RuntimeException refused) {
            return Arrays.stream(refused.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().startsWith("fr.cours.attention.layers."));
        }
    }

    /** Ce qu'une fonction répond aux essais, jusqu'à celui qui l'arrête : une erreur d'habitude peut finir ainsi. */
    private List<List<Object>> answers(BiFunction<A, B, R> function) {
        List<List<Object>> answers = new ArrayList<>();
        try {
            for (int i = 0; i < first.size(); i++) {
                answers.add(
                        flat(function.apply(first.get(i).get(), second.get(i).get())));
            }
            return answers;
        } catch (CancellationException stopped) {
            throw stopped;
        } catch (RuntimeException failure) {
            return answers;
        }
    }

    private static boolean same(List<List<Object>> some, List<List<Object>> others, double tolerance) {
        for (int i = 0; i < some.size(); i++) {
            if (i == others.size() || difference(some.get(i), others.get(i), tolerance) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Ce qu'on dit d'un code qui s'arrête sur une erreur. */
    static String stopped(Throwable failure) {
        if (failure.getClass().getSimpleName().equals("ThreadDeath")) { // ce que lève l'arrêt d'une cellule
            return "votre code n'a pas fini et a été arrêté : une boucle sans fin ?";
        }
        return failure instanceof UnsupportedOperationException
                ? "votre code change une liste qui ne se change pas ; faites-en une copie par new ArrayList<>(…)"
                : "votre code s'arrête sur une erreur (" + FailureSentence.of(failure) + ")";
    }

    private static Verdict wrong(String sentence) {
        return new Verdict(State.WRONG, sentence);
    }

    private static boolean near(List<Object> some, List<Object> others) {
        return some == null ? others == null : difference(some, others, TOLERANCE) < 0;
    }

    /** Le premier rang où deux valeurs diffèrent, 0 si c'est la forme, −1 si elles sont égales à la tolérance près. */
    private static int difference(List<Object> some, List<Object> others, double tolerance) {
        for (int i = 0; i < some.size(); i++) {
            boolean numbers = some.get(i) instanceof Number && others.get(i) instanceof Number;
            double gap = numbers ? Math.abs(number(some.get(i)) - number(others.get(i))) : Double.NaN;
            if (!(gap <= tolerance * Math.max(1, numbers ? Math.abs(number(others.get(i))) : 0))
                    && !some.get(i).equals(others.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }

    /** Une valeur quelconque, réduite à sa forme puis à ce qu'elle contient ; {@code null} si elle est absente. */
    private static List<Object> flat(Object value) {
        if (value == null) {
            return null;
        }
        List<Object> flat = new ArrayList<>();
        if (value instanceof INDArray array) {
            flat.add(Arrays.toString(array.shape()));
            for (float x : array.dup('c').data().asFloat()) {
                flat.add(x);
            }
        } else if (value.getClass().isArray()) {
            StringBuilder shape = new StringBuilder("[" + Array.getLength(value) + "]");
            flat.add(shape);
            for (int i = 0; i < Array.getLength(value); i++) {
                List<Object> part = flat(Array.get(value, i));
                if (i == 0 || part == null || !shape.toString().endsWith("]" + part.get(0))) {
                    shape.append(part == null ? ABSENT : part.get(0));
                }
                flat.addAll(part == null ? List.of() : part.subList(1, part.size()));
            }
            flat.set(0, shape.toString());
        } else {
            flat.add("");
            if (value instanceof Number || value instanceof Boolean || value instanceof String) {
                flat.add(value);
            }
        }
        return flat;
    }
}
