package fr.cours.course.exercises;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Étape 6 de l'exercice 3 : la part des mots écrits qui regardent le mot qui leur répond. */
final class TranslationAlignment extends Check<INDArray, int[][], Double> {
    TranslationAlignment() {
        super((w, l) -> aligned(w, l, 0, 0, false));
        // « La vache noire te voit », « the black cow sees you » ; puis « Vois-tu un chat ? », où « do » n'a pas de
        // lien.
        on(() -> map(5, 0, 2, 1, 4, 4, 2), () -> new int[][] {{0, 0}, {1, 2}, {2, 1}, {3, 4}, {4, 3}})
                .on(() -> map(5, 4, 1, 0, 2, 3, 1, 0), () -> new int[][] {{0, 2}, {1, 1}, {2, 3}, {3, 4}, {4, 5}})
                .on(() -> map(5, 0, 3, 1, 2, 1), () -> new int[][] {{0, 0}, {1, 2}, {3, 2}, {2, 3}, {4, 1}})
                .usual(
                        "décalage d'un rang : la ligne i est celle qui écrit le mot i, et non celle qui le lit",
                        (w, l) -> aligned(w, l, 1, 0, false))
                .usual(
                        "les mots sans lien comptent au dénominateur : on ne peut pas leur donner tort",
                        (w, l) -> aligned(w, l, 0, 0, true))
                .usual(
                        "source et cible sont échangées dans les liens : {source, cible}",
                        (w, l) -> aligned(w, l, 0, 1, false))
                .usual(
                        "vous comptez les liens, pas les mots : un mot qui en a deux ne peut en regarder qu'un",
                        TranslationAlignment::alignedByLink)
                .usual(
                        "le plus fort est pris par colonne : chaque mot de la cible, une ligne, choisit",
                        TranslationAlignment::alignedByColumn)
                .usual(
                        "ce sont des poids additionnés : on demande quel mot a le plus fort",
                        TranslationAlignment::alignedMass)
                .usual(
                        "la ligne de la fin compte au dénominateur : elle n'écrit aucun mot",
                        (w, l) -> aligned(w, l, 0, 0, true) * (w.size(0) - 1) / w.size(0))
                .usual(
                        "c'est un nombre de mots : divisez-le par ceux qui ont un lien",
                        (w, l) -> Math.rint(aligned(w, l, 0, 0, true) * (w.size(0) - 1)))
                .usual(
                        "la division est entière : 4 / 5 vaut 0 en Java, 4.0 / 5 vaut 0,8",
                        (w, l) -> Math.floor(aligned(w, l, 0, 0, false)))
                .usual("c'est un pourcentage : rendez une part, de 0 à 1", (w, l) -> 100 * aligned(w, l, 0, 0, false));
    }

    /** Parmi les mots écrits qui ont un répondant, la part de ceux qui regardent le leur. */
    private static double aligned(INDArray weights, int[][] links, int shift, int side, boolean countAll) {
        int right = 0;
        int known = 0;
        int words = (int) weights.size(0) - 1;
        for (int i = 0; i < words; i++) {
            int word = i;
            Set<Integer> partners = Arrays.stream(links)
                    .filter(link -> link[1 - side] == word)
                    .map(link -> link[side])
                    .collect(Collectors.toSet());
            known += partners.isEmpty() ? 0 : 1;
            right += partners.contains(weights.getRow(i + shift).argMax().getInt(0)) ? 1 : 0;
        }
        return (double) right / (countAll ? words : known);
    }

    private static double alignedByLink(INDArray weights, int[][] links) {
        return Arrays.stream(links)
                .mapToInt(link -> weights.getRow(link[1]).argMax().getInt(0) == link[0] ? 1 : 0)
                .average()
                .orElse(0);
    }

    private static double alignedByColumn(INDArray weights, int[][] links) {
        Set<Integer> seen = Arrays.stream(links).map(link -> link[0]).collect(Collectors.toSet());
        return seen.stream()
                .mapToInt(column -> {
                    int strongest = weights.getColumn(column).argMax().getInt(0);
                    return Arrays.stream(links).anyMatch(l -> l[0] == column && l[1] == strongest) ? 1 : 0;
                })
                .average()
                .orElse(0);
    }

    private static double alignedMass(INDArray weights, int[][] links) {
        Set<Integer> known = Arrays.stream(links).map(link -> link[1]).collect(Collectors.toSet());
        double sum = Arrays.stream(links)
                .mapToDouble(link -> weights.getDouble(link[1], link[0]))
                .sum();
        return sum / known.size();
    }

    private static INDArray map(int columns, int... strongest) {
        INDArray weights = Nd4j.valueArrayOf(new long[] {strongest.length, columns}, 0.4 / (columns - 1));
        for (int i = 0; i < strongest.length; i++) {
            weights.putScalar(i, strongest[i], 0.6 + i * 0.01);
        }
        return weights;
    }
}
