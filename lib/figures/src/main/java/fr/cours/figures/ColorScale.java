package fr.cours.figures;

import java.awt.Color;

/**
 * Quelle valeur a quelle couleur, d'un bout à l'autre de l'échelle d'une figure.
 *
 * @param colors les couleurs
 * @param min la valeur de la première
 * @param max la valeur de la dernière, plus grande que {@code min}
 */
record ColorScale(ColorMap colors, double min, double max) {
    /** La place d'une valeur : 0 en bas de l'échelle, 1 en haut. */
    double position(double value) {
        return (value - min) / (max - min);
    }

    Color color(double value) {
        return colors.color(position(value));
    }
}
