package fr.cours.course.exercises;

import static fr.cours.course.exercises.Ids.join;

import java.util.Arrays;

/** Étape 1 de l'exercice 3 : décaler une phrase, de ce que lit le décodeur à ce qu'il doit deviner. */
final class TranslationShift extends Check<int[], Integer, int[][]> {
    TranslationShift(int start, int end) {
        this(new int[] {start}, new int[] {end}, end + 11);
    }

    private TranslationShift(int[] first, int[] last, int word) {
        super((w, none) -> new int[][] {join(first, w), join(w, last)});
        named(first[0], "DEBUT").named(last[0], "FIN");
        on(() -> new int[] {word, word + 1, word + 2}, () -> 0)
                .on(() -> new int[] {word + 3}, () -> 0)
                .on(() -> new int[] {word + 4, word + 5, word + 4, word + 6}, () -> 0)
                .usual("rien n'est décalé : le décodeur lit déjà le mot qu'il doit deviner", (w, none) ->
                        new int[][] {join(first, w, last), join(first, w, last)})
                .usual("les deux lignes sont échangées : d'abord ce qu'on lit, puis ce qu'on devine", (w, none) ->
                        new int[][] {join(w, last), join(first, w)})
                .usual("la fin manque : le modèle n'apprendrait jamais à s'arrêter", (w, none) ->
                        new int[][] {join(first, w), w})
                .usual("le début manque : pour deviner le premier mot, il faut avoir lu quelque chose", (w, none) ->
                        new int[][] {w, join(w, last)})
                .usual("la fin se devine mais ne se lit pas : après elle, il n'y a plus rien à écrire", (w, none) ->
                        new int[][] {join(first, w, last), join(w, last)})
                .usual("le début écrase le premier mot lu : copiez les mots à partir de la case 1", (w, none) ->
                        new int[][] {join(first, Arrays.copyOfRange(w, 1, w.length), new int[1]), join(w, last)})
                .usual("DEBUT est oublié : la première case lue est restée à 0", (w, none) ->
                        new int[][] {join(new int[1], w), join(w, last)})
                .usual("DEBUT et FIN sont oubliés : leurs cases sont restées à 0", (w, none) ->
                        new int[][] {join(new int[1], w), join(w, new int[1])})
                .usual("la dernière case à deviner est restée à 0 : elle attend la fin", (w, none) ->
                        new int[][] {join(first, w), join(w, new int[1])})
                .usual(
                        "le début et la fin sont échangés : on lit d'abord le début, on devine enfin la fin",
                        (w, none) -> new int[][] {join(last, w), join(w, first)})
                .usual("la fin est devinée deux fois : le dernier vrai mot, puis la fin, et c'est tout", (w, none) ->
                        new int[][] {join(first, w, last), join(w, last, last)});
    }
}
