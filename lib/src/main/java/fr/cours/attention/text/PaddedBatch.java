package fr.cours.attention.text;

import java.util.Arrays;
import java.util.List;

/**
 * Des phrases de longueurs inégales, en un seul tableau.
 *
 * @param ids {@code [batch][n]}, chaque phrase complétée par 0 jusqu'à la plus longue
 * @param lengths la longueur vraie de chaque phrase, pour le masque de remplissage
 */
public record PaddedBatch(int[][] ids, int[] lengths) {
    static PaddedBatch of(List<int[]> sentences) {
        Vocabulary.checkPresent("sentences", sentences, "les identifiants de chaque phrase");
        if (sentences.isEmpty()) {
            throw new IllegalArgumentException("sentences : vide, attendu au moins une phrase");
        }
        sentences.forEach(sentence -> Vocabulary.checkPresent("sentences", sentence, "des identifiants par phrase"));
        int[] lengths = sentences.stream().mapToInt(sentence -> sentence.length).toArray();
        // Au moins une colonne : un lot de phrases vides reste un lot que les couches acceptent.
        int longest = Math.max(1, Arrays.stream(lengths).max().getAsInt());
        int[][] ids = sentences.stream()
                .map(sentence -> Arrays.copyOf(sentence, longest))
                .toArray(int[][]::new);
        return new PaddedBatch(ids, lengths);
    }
}
