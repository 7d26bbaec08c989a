package fr.cours.course.exercises;

import static fr.cours.course.exercises.Ids.join;

import fr.cours.attention.training.Loss;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Étape 2 de l'exercice 3 : les étiquettes d'un lot, où le remplissage ne compte pas. */
final class TranslationLabels extends Check<int[][], int[], int[]> {
    private static final int LONGER = 100; // que toute phrase d'essai

    TranslationLabels() {
        super((t, l) -> labels(t, l, 0, false));
        named(Loss.IGNORED, "Loss.IGNORED");
        on(() -> new int[][] {{5, 6, 3}, {7, 3, 0}}, () -> new int[] {3, 2})
                .on(() -> new int[][] {{4, 3, 0, 0}, {9, 8, 7, 3}, {3, 0, 0, 0}}, () -> new int[] {2, 4, 1})
                .usual("le remplissage compte : le modèle apprendrait surtout à écrire du vide", (t, l) -> join(t))
                .usual(
                        "la fin de phrase est ignorée : c'est pourtant le dernier mot à deviner",
                        (t, l) -> labels(t, l, -1, false))
                .usual(
                        "un mot vide compte encore : celui du rang longueur est déjà du remplissage",
                        (t, l) -> labels(t, l, 1, false))
                .usual(
                        "les étiquettes vont colonne par colonne : d'abord toute la première phrase, puis la suivante",
                        (t, l) -> labels(t, l, 0, true))
                .usual(
                        "le remplissage est retiré : chaque position garde sa place, même si elle ne compte pas",
                        (t, l) -> Arrays.stream(labels(t, l, 0, false))
                                .filter(label -> label != Loss.IGNORED)
                                .toArray())
                .usual("tout est ignoré : il ne resterait rien à apprendre", (t, l) -> labels(t, l, -LONGER, false))
                .usual("les vrais mots ne sont pas recopiés : ils sont restés à 0", (t, l) -> new int[join(t).length])
                .usual("tout est à l'envers : ce sont les vrais mots qui comptent", (t, l) -> {
                    int[] kept = labels(t, l, 0, false);
                    int[] all = join(t);
                    return IntStream.range(0, all.length)
                            .map(i -> kept[i] == Loss.IGNORED ? all[i] : Loss.IGNORED)
                            .toArray();
                });
    }

    private static int[] labels(int[][] ids, int[] lengths, int more, boolean byColumn) {
        int n = ids[0].length;
        int[] labels = new int[ids.length * n];
        for (int i = 0; i < ids.length; i++) {
            for (int j = 0; j < n; j++) {
                labels[byColumn ? j * ids.length + i : i * n + j] = j < lengths[i] + more ? ids[i][j] : Loss.IGNORED;
            }
        }
        return labels;
    }
}
