package fr.cours.course.exercises;

import fr.cours.course.exercises.Verdict.State;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
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

    private final BiFunction<A, B, R> right;
    private final List<Supplier<A>> first = new ArrayList<>();
    private final List<Supplier<B>> second = new ArrayList<>();
    private final Map<String, BiFunction<A, B, R>> usual = new LinkedHashMap<>();
    private Runnable refusedByLibrary = () -> {};

    Check(BiFunction<A, B, R> right) {
        this.right = right;
    }

    /** Une entrée d'essai ; faite à neuf chaque fois, pour qu'une réponse qui l'abîme se voie. */
    Check<A, B, R> on(Supplier<A> a, Supplier<B> b) {
        first.add(a);
        second.add(b);
        return this;
    }

    /** Une erreur d'habitude, et ce qu'on en dit. */
    Check<A, B, R> usual(String sentence, BiFunction<A, B, R> wrong) {
        usual.put(sentence, wrong);
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
        } catch (Throwable failure) {
            return wrong(stopped(failure));
        }
        List<List<Object>> expected = answers(right);
        if (same(found, expected)) {
            return callsLibrary()
                    ? wrong("la bibliothèque a répondu à votre place ; ici, c'est à vous de l'écrire")
                    : new Verdict(State.DONE, "juste");
        }
        for (Map.Entry<String, BiFunction<A, B, R>> known : usual.entrySet()) {
            if (same(found, answers(known.getValue()))) {
                return wrong(known.getKey());
            }
        }
        if (found.size() > 1 && found.stream().allMatch(one -> near(one, found.get(0)))) {
            return wrong("la réponse est toujours la même, quoi qu'on donne à votre code");
        }
        int trial = 0;
        while (near(found.get(trial), expected.get(trial))) {
            trial++;
        }
        int at = difference(found.get(trial), expected.get(trial));
        String what = at == 0 ? "la forme " : "au n° " + at + " la valeur ";
        return wrong("essai " + (trial + 1) + " sur " + first.size() + " : trouvé " + what
                + found.get(trial).get(at) + ", attendu " + expected.get(trial).get(at));
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

    private List<List<Object>> answers(BiFunction<A, B, R> function) {
        List<List<Object>> answers = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            answers.add(flat(function.apply(first.get(i).get(), second.get(i).get())));
        }
        return answers;
    }

    private static boolean same(List<List<Object>> some, List<List<Object>> others) {
        for (int i = 0; i < some.size(); i++) {
            if (!near(some.get(i), others.get(i))) {
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
        return some == null ? others == null : difference(some, others) < 0;
    }

    /** Le premier rang où deux valeurs diffèrent, 0 si c'est la forme, −1 si elles sont égales à 1e-4 près. */
    private static int difference(List<Object> some, List<Object> others) {
        for (int i = 0; i < some.size(); i++) {
            boolean numbers = some.get(i) instanceof Number && others.get(i) instanceof Number;
            double gap = numbers ? Math.abs(number(some.get(i)) - number(others.get(i))) : Double.NaN;
            if (!(gap <= 1e-4 * Math.max(1, numbers ? Math.abs(number(others.get(i))) : 0))
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
