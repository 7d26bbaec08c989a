package fr.cours.figures;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Une ou plusieurs matrices de même forme, en couleurs, sur une seule échelle : même couleur, même valeur.
 *
 * <p>La première ligne est en haut. Jusqu'à 40, chaque ligne et chaque colonne garde son nom, raccourci s'il est très
 * long ; au-delà, un nom sur dix, vingt… Les valeurs s'écrivent dans les cases tant qu'elles s'y lisent.
 *
 * @param <T> la figure elle-même
 */
public abstract class MatrixPlot<T extends MatrixPlot<T>> extends Plot<T> {
    final List<double[][]> matrices;
    List<String> rows;
    List<String> columns;
    ColorMap colors = ColorMap.VIRIDIS;
    double[] range;
    Integer decimals;

    MatrixPlot(List<double[][]> matrices) {
        this.matrices = matrices;
    }

    /**
     * Choisit les couleurs ; {@link ColorMap#VIRIDIS} sinon.
     *
     * @param colors l'échelle ; {@link ColorMap#BLUE_RED} place son blanc sur zéro
     * @return cette figure
     */
    public T colors(ColorMap colors) {
        this.colors = Checks.present(colors, "colors", "une échelle de couleurs");
        return self();
    }

    /**
     * Fixe le nombre de décimales ; sinon 2 pour des poids, et pour d'autres valeurs selon leur taille (0 pour des
     * entiers).
     *
     * @param decimals de 0 à 6
     * @return cette figure
     * @throws IllegalArgumentException hors de 0 à 6
     */
    public T decimals(int decimals) {
        if (decimals < 0 || decimals > 6) {
            throw Checks.refused("decimals : trouvé " + decimals + ", attendu un entier de 0 à 6");
        }
        this.decimals = decimals;
        return self();
    }

    /** Les noms des matrices, écrits au-dessus d'elles ; aucun quand il n'y en a qu'une. */
    List<String> names() {
        return List.of();
    }

    /** Vrai d'une ligne à hachurer : un masque y a tout caché. */
    boolean isMasked(double[] row) {
        return false;
    }

    /** Vrai d'une colonne à hachurer, sous ses valeurs : elles ne disent rien d'elle. */
    boolean isUnknown(int column) {
        return false;
    }

    DoubleStream values() {
        return matrices.stream().flatMap(Arrays::stream).flatMapToDouble(Arrays::stream);
    }

    /** L'échelle choisie, ou celle qui va d'un bout à l'autre des valeurs. */
    ColorScale colorScale() {
        if (range != null) {
            return new ColorScale(colors, range[0], range[1]);
        }
        DoubleSummaryStatistics all = values().summaryStatistics();
        boolean signed = colors == ColorMap.BLUE_RED;
        double max = signed ? Math.max(all.getMax(), -all.getMin()) : all.getMax();
        double min = signed ? -max : all.getMin();
        if (min < max) {
            return new ColorScale(colors, min, max);
        }
        // Une matrice constante n'a pas d'étendue : l'échelle rejoint alors zéro, ou un si tout est nul.
        return new ColorScale(colors, Math.min(0, min), max == 0 ? 1 : Math.max(0, max));
    }

    int decimals() {
        if (decimals != null) {
            return decimals;
        }
        double largest = values().map(Math::abs).max().getAsDouble();
        if (largest >= 100 || values().allMatch(value -> value == Math.rint(value))) {
            return 0;
        }
        if (largest >= 10) {
            return 1;
        }
        if (largest >= 0.1) {
            return 2;
        }
        return largest >= 0.01 ? 3 : 4;
    }

    abstract String describe();

    @Override
    public Figure draw() {
        return new MatrixPainter(this).figure(French.sentence(title) + describe());
    }
}
