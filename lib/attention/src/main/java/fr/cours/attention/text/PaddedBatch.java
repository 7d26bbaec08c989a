package fr.cours.attention.text;

/**
 * Des phrases de longueurs inégales, en un seul tableau.
 *
 * @param ids {@code [batch][n]}, chaque phrase complétée par 0 jusqu'à la plus longue
 * @param lengths la longueur vraie de chaque phrase, pour le masque de remplissage
 */
public record PaddedBatch(int[][] ids, int[] lengths) {}
