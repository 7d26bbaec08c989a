package fr.cours.course.exercises;

import fr.cours.course.metrics.Bleu;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Étape 7 de l'exercice 3 : la précision d'ordre n, écrêtée, dont BLEU est fait. */
final class TranslationPrecision extends Check<String[][], Integer, int[]> {
    TranslationPrecision() {
        super(TranslationPrecision::matches);
        on(() -> pair("the the the the the the the", "the cat is on the mat"), () -> 1)
                .on(() -> pair("the black cat sees the dog", "the dog sees the black cat"), () -> 2)
                .on(() -> pair("a bird a bird a bird", "a bird sees a bird sees"), () -> 2)
                .on(() -> pair("the cat", "the cat sees a bird"), () -> 1)
                .on(() -> pair("the cat", "the cat sees a bird"), () -> 4)
                .usual(
                        "pas d'écrêtage : une suite compte au plus autant de fois que dans la référence",
                        TranslationPrecision::unclipped)
                .usual(
                        "chaque suite n'est comptée qu'une fois : les répétitions comptent, jusqu'à la référence",
                        TranslationPrecision::distinct)
                .usual("divisé par les suites de la référence : c'est le rappel, pas la précision", (x, n) ->
                        new int[] {matches(x, n)[0], Math.max(0, x[1].length - n + 1)})
                .usual(
                        "comparé place par place : une suite compte où qu'elle soit dans la référence",
                        TranslationPrecision::samePlace)
                .usual("divisé par le nombre de mots : une phrase de L mots n'a que L − n + 1 suites", (x, n) ->
                        new int[] {matches(x, n)[0], x[0].length})
                .usual("les deux nombres sont échangés : {suites retrouvées, suites écrites}", (x, n) ->
                        new int[] {matches(x, n)[1], matches(x, n)[0]})
                .usual(
                        "la dernière suite manque : la première commence au rang 0, la dernière au rang L − n",
                        (x, n) -> matches(new String[][] {shorter(x[0]), shorter(x[1])}, n))
                .usual(
                        "les ordres 1 à n sont additionnés : un seul est demandé",
                        (x, n) -> IntStream.rangeClosed(1, n)
                                .mapToObj(order -> matches(x, order))
                                .reduce(new int[2], (a, b) -> new int[] {a[0] + b[0], a[1] + b[1]}))
                .usual("ce sont toujours des mots seuls : prenez des suites de n mots", (x, n) -> matches(x, 1))
                .usual("une phrase plus courte que n n'a aucune suite : rendez {0, 0}, sans nombre négatif", (x, n) ->
                        new int[] {matches(x, n)[0], x[0].length - n + 1});
    }

    /** Les suites de n mots d'une phrase. */
    private static List<List<String>> grams(String[] words, int n) {
        return IntStream.rangeClosed(0, words.length - n)
                .mapToObj(i -> List.of(words).subList(i, i + n))
                .toList();
    }

    private static int[] matches(String[][] pair, int n) {
        return Bleu.matches(List.of(pair[0]), List.of(List.of(pair[1])), n);
    }

    private static int[] unclipped(String[][] pair, int n) {
        Set<List<String>> reference = Set.copyOf(grams(pair[1], n));
        List<List<String>> written = grams(pair[0], n);
        return new int[] {(int) written.stream().filter(reference::contains).count(), written.size()};
    }

    private static int[] distinct(String[][] pair, int n) {
        Set<List<String>> reference = Set.copyOf(grams(pair[1], n));
        Set<List<String>> written = Set.copyOf(grams(pair[0], n));
        return new int[] {(int) written.stream().filter(reference::contains).count(), written.size()};
    }

    private static int[] samePlace(String[][] pair, int n) {
        List<List<String>> written = grams(pair[0], n);
        List<List<String>> reference = grams(pair[1], n);
        return new int[] {
            (int) IntStream.range(0, Math.min(written.size(), reference.size()))
                    .filter(i -> written.get(i).equals(reference.get(i)))
                    .count(),
            written.size()
        };
    }

    private static String[] shorter(String[] words) {
        return Arrays.copyOf(words, words.length - 1);
    }

    private static String[][] pair(String written, String reference) {
        return new String[][] {written.split(" "), reference.split(" ")};
    }
}
