package fr.cours.attention.text;

import fr.cours.attention.math.Arguments;
import java.util.Arrays;

/**
 * Des phrases de longueurs inégales, en un seul tableau.
 *
 * @param ids {@code [batch][n]}, chaque phrase complétée par {@link Vocabulary#PADDING} jusqu'à la plus longue
 * @param lengths la longueur vraie de chaque phrase, pour le masque de remplissage
 */
public record PaddedBatch(int[][] ids, int[] lengths) {
    /**
     * La longueur d'une phrase, sans le remplissage qui la termine.
     *
     * @param ids ses identifiants ; un {@link Vocabulary#PADDING} suivi d'un mot compte comme un mot
     * @return combien précèdent le remplissage, 0 s'il n'y a que lui
     * @throws IllegalArgumentException si la phrase est absente (null)
     */
    public static int lengthOf(int[] ids) {
        int length = Arguments.checkPresent("ids", ids, "les identifiants d'une phrase").length;
        while (length > 0 && ids[length - 1] == Vocabulary.PADDING) {
            length--;
        }
        return length;
    }

    /**
     * La longueur de chaque phrase d'un lot, sans son remplissage.
     *
     * @param ids {@code [batch][n]}
     * @return une longueur par phrase
     * @throws IllegalArgumentException si le lot ou une phrase est absent (null)
     */
    public static int[] lengthsOf(int[][] ids) {
        Arguments.checkPresent("ids", ids, "les identifiants de chaque phrase");
        return Arrays.stream(ids).mapToInt(PaddedBatch::lengthOf).toArray();
    }
}
