package fr.cours.figures;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Set;
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
    List<String> names = List.of();
    List<String> rows;
    List<String> columns;
    Set<Integer> unknown = Set.of();
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

    boolean isMasked(double[] row) {
        return false;
    }

    DoubleStream values() {
        return matrices.stream().flatMap(Arrays::stream).flatMapToDouble(Arrays::stream);
    }

    /** Les valeurs de la première et de la dernière couleur. */
    double[] range() {
        if (range != null) {
            return range;
        }
        DoubleSummaryStatistics all = values().summaryStatistics();
        boolean signed = colors == ColorMap.BLUE_RED;
        double max = signed ? Math.max(all.getMax(), -all.getMin()) : all.getMax();
        double min = signed ? -max : all.getMin();
        // Une matrice constante n'a pas d'étendue : l'échelle rejoint alors zéro, ou un si tout est nul.
        return min < max ? new double[] {min, max} : new double[] {Math.min(0, min), max == 0 ? 1 : Math.max(0, max)};
    }

    int decimals() {
        double largest = values().map(Math::abs).max().getAsDouble();
        boolean integers = values().allMatch(v -> v == Math.rint(v));
        int enough = largest >= 10 ? 1 : largest >= 0.1 ? 2 : largest >= 0.01 ? 3 : 4;
        return decimals != null ? decimals : integers || largest >= 100 ? 0 : enough;
    }

    abstract String describe();

    @Override
    public Figure draw() {
        return new MatrixLayout(this).draw(French.sentence(title) + describe());
    }
}
