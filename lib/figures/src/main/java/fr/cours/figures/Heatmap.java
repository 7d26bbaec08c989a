package fr.cours.figures;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Une matrice en couleurs, une case par nombre, la première ligne en haut.
 *
 * <pre>{@code
 * Heatmap.of(matrix).rows(words).columns(words).title("Similarités").colors(ColorMap.BLUE_RED).draw()
 * }</pre>
 *
 * <p>La description donne toujours les extrêmes.
 */
public final class Heatmap extends MatrixPlot<Heatmap> {
    private Heatmap(double[][] matrix) {
        super(List.<double[][]>of(matrix));
        rows = ranks(matrix.length);
        columns = ranks(matrix[0].length);
    }

    /**
     * Prépare la carte d'une matrice ; ses valeurs sont copiées.
     *
     * @param matrix la matrice, {@code [lignes, colonnes]}
     * @return la carte, lignes et colonnes numérotées depuis 0
     * @throws IllegalArgumentException si le rang n'est pas 2, si la matrice est vide ou si une valeur n'est pas finie (le
     *     message donne sa position)
     */
    public static Heatmap of(INDArray matrix) {
        return new Heatmap(Checks.matrix(matrix, "matrix"));
    }

    /**
     * Prépare la carte d'une matrice ; ses valeurs sont copiées.
     *
     * @param matrix la matrice, {@code [lignes][colonnes]}
     * @return la carte, lignes et colonnes numérotées depuis 0
     * @throws IllegalArgumentException si la matrice est vide, si ses lignes n'ont pas la même longueur ou si une valeur
     *     n'est pas finie (le message donne sa position)
     */
    public static Heatmap of(double[][] matrix) {
        for (double[] row : Checks.present(matrix, "matrix", "une matrice")) {
            if (row == null || row.length != matrix[0].length) {
                throw Checks.refused("matrix : trouvé des lignes de longueurs différentes, attendu une matrice");
            }
        }
        return of(Nd4j.createFromArray(matrix));
    }

    /**
     * Nomme les lignes, de haut en bas ; deux lignes peuvent porter le même nom.
     *
     * @param labels un nom par ligne
     * @return cette carte
     * @throws IllegalArgumentException s'il n'y a pas autant de noms que de lignes
     */
    public Heatmap rows(List<String> labels) {
        rows = Checks.labels(labels, "rows", rows.size(), "de lignes");
        return this;
    }

    /**
     * Nomme les colonnes, de gauche à droite ; deux colonnes peuvent porter le même nom.
     *
     * @param labels un nom par colonne
     * @return cette carte
     * @throws IllegalArgumentException s'il n'y a pas autant de noms que de colonnes
     */
    public Heatmap columns(List<String> labels) {
        columns = Checks.labels(labels, "columns", columns.size(), "de colonnes");
        return this;
    }

    /**
     * Dit ce que sont les lignes.
     *
     * @param name le nom de l'axe vertical
     * @return cette carte
     */
    public Heatmap rowAxis(String name) {
        yAxis = Checks.present(name, "rowAxis", "un nom");
        return this;
    }

    /**
     * Dit ce que sont les colonnes.
     *
     * @param name le nom de l'axe horizontal
     * @return cette carte
     */
    public Heatmap columnAxis(String name) {
        xAxis = Checks.present(name, "columnAxis", "un nom");
        return this;
    }

    /**
     * Fixe l'échelle, pour comparer des figures entre elles ; sinon elle va de la plus petite valeur à la plus grande,
     * et de −m à m pour une échelle à milieu neutre. Une valeur hors de l'échelle prend la couleur du bord.
     *
     * @param min la valeur de la première couleur
     * @param max la valeur de la dernière couleur
     * @return cette carte
     * @throws IllegalArgumentException si l'un n'est pas fini ou si {@code min} n'est pas inférieur à {@code max}
     */
    public Heatmap range(double min, double max) {
        range = Checks.range("range", min, max);
        return this;
    }

    @Override
    String describe() {
        String axes = xAxis.isEmpty() && yAxis.isEmpty()
                ? ""
                : " (lignes : " + named(yAxis) + " ; colonnes : " + named(xAxis) + ")";
        return "Carte de chaleur " + rows.size() + " × " + columns.size() + axes + " ; la plus grande valeur : "
                + cell(1) + " ; la plus petite : " + cell(-1) + ".";
    }

    private String cell(int sign) {
        double[] all = values().toArray();
        int peak = extreme(all, sign, 1e-5);
        return French.number(all[peak], decimals()) + " (ligne " + French.quoted(rows, peak / columns.size())
                + ", colonne " + French.quoted(columns, peak % columns.size()) + ")";
    }
}
