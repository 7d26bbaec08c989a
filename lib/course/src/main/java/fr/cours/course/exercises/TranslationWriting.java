package fr.cours.course.exercises;

import static fr.cours.course.exercises.Ids.join;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Étape 5 de l'exercice 3 : écrire une phrase mot à mot. */
final class TranslationWriting extends Check<Function<int[], INDArray>, Integer, int[]> {
    private static final int TOO_MANY_CALLS = 200;
    private static final String NO_START = "DEBUT est oublié : les mots déjà écrits commencent par lui";

    TranslationWriting(int start, int end) {
        super((f, most) -> write(f, start, end, most, true, true));
        named(start, "DEBUT").named(end, "FIN");
        int w = Math.max(start, end) + 1; // des mots qui ne sont ni le début ni la fin
        int[] first = {start};
        int[] last = {end};
        on(() -> reciter(start, end, w, w + 1, w, w + 2), () -> 10)
                .on(() -> reciter(start, end, w + 3, w + 3, w + 4, w + 5, w + 1), () -> 3)
                .on(() -> reciter(start, end, w + 2, w), () -> 2)
                .on(() -> reciter(start, end), () -> 5)
                .usual(NO_START, (f, most) -> write(f, 0, end, most, true, true))
                .usual(
                        "le début est rendu avec les mots",
                        (f, most) -> join(first, write(f, start, end, most, true, true)))
                .usual("la fin est rendue avec les mots", (f, most) -> {
                    int[] words = write(f, start, end, most, true, true);
                    return words.length < most ? join(words, last) : words;
                })
                .usual("début et fin sont rendus avec les mots", (f, most) -> {
                    int[] words = write(f, start, end, most, true, true);
                    return join(first, words.length < most ? join(words, last) : words);
                })
                .usual(
                        "le modèle ne relit que le dernier mot : donnez-lui tout ce qui est déjà écrit",
                        (f, most) -> write(f, start, end, most, false, true))
                .usual(
                        "c'est la première ligne de scores qui est lue : le mot qui suit le dernier est dans la dernière",
                        (f, most) -> write(f, start, end, most, true, false))
                .usual(
                        "argMax est pris sur tous les scores : prenez d'abord la dernière ligne",
                        (f, most) -> write(f, start, end, most, true, UnaryOperator.identity()))
                .usual(
                        "l'écriture ne s'arrête pas à la fin : elle va toujours jusqu'à auPlus mots",
                        (f, most) -> write(f, start, -1, most, true, true))
                .usual(
                        "auPlus est oublié : un modèle qui ne dit jamais la fin écrirait toujours",
                        (f, most) -> write(f, start, end, TOO_MANY_CALLS / 2, true, true))
                .usual(
                        "le tableau a toujours auPlus cases : rendez seulement les mots écrits",
                        (f, most) -> Arrays.copyOf(write(f, start, end, most, true, true), most))
                .usual(
                        "un mot de trop : auPlus compte les mots écrits, sans le début",
                        (f, most) -> write(f, start, end, most + 1, true, true))
                .usual(
                        "un mot manque : auPlus compte les mots écrits, sans le début",
                        (f, most) -> write(f, start, end, most - 1, true, true));
    }

    /** Un modèle joué d'avance : il sait une phrase, et se perd si ce qu'on lui donne à lire n'en est pas le début. */
    private static Function<int[], INDArray> reciter(int start, int end, int... sentence) {
        int words = Math.max(start, end) + 10;
        int lost = words - 1;
        int[] calls = {0};
        return read -> {
            if (++calls[0] > TOO_MANY_CALLS) {
                throw new IllegalStateException("la boucle ne s'arrête ni à la fin de la phrase ni à auPlus mots");
            }
            if (read.length == 0) {
                throw new IllegalStateException(NO_START);
            }
            INDArray scores = Nd4j.zeros(read.length, words);
            boolean known = true;
            for (int i = 0; i < read.length; i++) {
                known &= read[i] == (i == 0 ? start : spoken(sentence, i - 1, end));
                scores.putScalar(i, known ? spoken(sentence, i, end) : lost, 1 + i % 2);
            }
            return scores;
        };
    }

    /** Le mot d'un rang ; après le dernier, la fin. */
    private static int spoken(int[] sentence, int rank, int end) {
        return rank < sentence.length ? sentence[rank] : end;
    }

    /** Écrit mot à mot, d'une façon ou d'une autre. */
    private static int[] write(
            Function<int[], INDArray> next, int start, int end, int most, boolean all, boolean lastRow) {
        return write(next, start, end, most, all, scores -> scores.getRow(lastRow ? scores.size(0) - 1 : 0));
    }

    private static int[] write(
            Function<int[], INDArray> next, int start, int end, int most, boolean all, UnaryOperator<INDArray> row) {
        int[] read = {start};
        while (read.length <= most) {
            INDArray scores = next.apply(all ? read : new int[] {read[read.length - 1]});
            int word = row.apply(scores).argMax().getInt(0);
            if (word == end) {
                break;
            }
            read = join(read, new int[] {word});
        }
        return Arrays.copyOfRange(read, 1, read.length);
    }
}
