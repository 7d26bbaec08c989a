package fr.cours.attention.plots;

import java.awt.Rectangle;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Une matrice en couleurs, une case par nombre, la première ligne en haut.
 *
 * <pre>{@code
 * Heatmap.of(matrix).rows(words).columns(words).title("Similarités").colors(ColorMap.BLUE_RED).draw()
 * }</pre>
 *
 * <p>Jusqu'à 40, chaque ligne et chaque colonne garde son nom ; au-delà, un nom sur deux, cinq, dix… Les valeurs
 * s'écrivent dans les cases tant qu'elles s'y lisent ; la description donne toujours les extrêmes.
 */
public final class Heatmap {
    final double[][] values;
    boolean[] masked;
    List<String> rowLabels;
    List<String> columnLabels;
    String title = "";
    String rowAxis = "";
    String columnAxis = "";
    ColorMap colors = ColorMap.VIRIDIS;
    private Double min;
    private Double max;
    private Integer decimals;

    private Heatmap(double[][] values) {
        this.values = values;
        masked = new boolean[values.length];
        rowLabels = Checks.indices(values.length);
        columnLabels = Checks.indices(values[0].length);
    }

    /**
     * Prépare la carte d'une matrice ; ses valeurs sont copiées.
     *
     * @param matrix la matrice, {@code [lignes, colonnes]}, au plus 512 de chaque côté
     * @return la carte, lignes et colonnes numérotées depuis 0
     * @throws IllegalArgumentException si le rang n'est pas 2, si la matrice est vide ou trop grande, ou si une valeur
     *     n'est pas finie (le message donne sa position)
     */
    public static Heatmap of(INDArray matrix) {
        return new Heatmap(Checks.matrix(matrix, "matrix"));
    }

    /**
     * Prépare la carte d'une matrice ; ses valeurs sont copiées.
     *
     * @param matrix la matrice, {@code [lignes][colonnes]}, au plus 512 de chaque côté
     * @return la carte, lignes et colonnes numérotées depuis 0
     * @throws IllegalArgumentException si la matrice est vide ou trop grande, si ses lignes n'ont pas la même longueur
     *     ou si une valeur n'est pas finie (le message donne sa position)
     */
    public static Heatmap of(double[][] matrix) {
        return new Heatmap(Checks.matrix(matrix, "matrix"));
    }

    /**
     * Nomme les lignes, de haut en bas ; deux lignes peuvent porter le même nom.
     *
     * @param labels un nom par ligne
     * @return cette carte
     * @throws IllegalArgumentException s'il n'y a pas autant de noms que de lignes
     */
    public Heatmap rows(List<String> labels) {
        rowLabels = Checks.labels(labels, "rows", values.length, "de lignes");
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
        columnLabels = Checks.labels(labels, "columns", values[0].length, "de colonnes");
        return this;
    }

    /**
     * Donne un titre ; les émojis, que Java ne sait pas dessiner en couleurs, en sont ôtés.
     *
     * @param title le titre
     * @return cette carte
     */
    public Heatmap title(String title) {
        this.title = Checks.present(title, "title");
        return this;
    }

    /**
     * Dit ce que sont les lignes.
     *
     * @param name le nom de l'axe vertical
     * @return cette carte
     */
    public Heatmap rowAxis(String name) {
        rowAxis = Checks.present(name, "rowAxis");
        return this;
    }

    /**
     * Dit ce que sont les colonnes.
     *
     * @param name le nom de l'axe horizontal
     * @return cette carte
     */
    public Heatmap columnAxis(String name) {
        columnAxis = Checks.present(name, "columnAxis");
        return this;
    }

    /**
     * Choisit les couleurs ; {@link ColorMap#VIRIDIS} sinon.
     *
     * @param colors l'échelle ; {@link ColorMap#BLUE_RED} place son blanc sur zéro
     * @return cette carte
     */
    public Heatmap colors(ColorMap colors) {
        this.colors = Checks.present(colors, "colors");
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
        Checks.range("range", min, max);
        this.min = min;
        this.max = max;
        return this;
    }

    /**
     * Fixe le nombre de décimales ; sinon il suit la taille des valeurs (0 pour des entiers, 2 pour des poids).
     *
     * @param decimals de 0 à 6
     * @return cette carte
     * @throws IllegalArgumentException hors de 0 à 6
     */
    public Heatmap decimals(int decimals) {
        if (decimals < 0 || decimals > 6) {
            throw Checks.refused("decimals : trouvé " + decimals + ", attendu un entier de 0 à 6");
        }
        this.decimals = decimals;
        return this;
    }

    /**
     * Dessine.
     *
     * @return la figure, avec sa description
     */
    public Figure draw() {
        return draw(describe());
    }

    Figure draw(String description) {
        MatrixPanel panel = panel();
        ColorBar bar = new ColorBar(this, panel.height);
        Canvas canvas = new Canvas(title);
        Rectangle cells = cells(panel, canvas);
        int right = cells.x + cells.width;
        int width = Math.max(canvas.titleWidth(), right + bar.width() + Canvas.MARGIN);
        int height = cells.y + cells.height + panel.bottom() + Canvas.axisBand(columnAxis) + Canvas.MARGIN;
        return canvas.figure(width, height, description, g -> {
            panel.paintCells(g, cells.x, cells.y);
            panel.paintRowLabels(g, cells.x, cells.y);
            panel.paintColumnLabels(g, cells.x, cells.y);
            bar.paint(g, right, cells.y);
            Canvas.axes(g, columnAxis, cells.getCenterX(), height, rowAxis, cells.getCenterY());
        });
    }

    private MatrixPanel panel() {
        return new MatrixPanel(this, 500, 440, 58);
    }

    private Rectangle cells(MatrixPanel panel, Canvas canvas) {
        int left = Canvas.MARGIN + Canvas.axisBand(rowAxis) + panel.left();
        return new Rectangle(left, canvas.top(), panel.width, panel.height);
    }

    /** Où sont les cases dans la figure, en pixels CSS. */
    Rectangle cells() {
        return cells(panel(), new Canvas(title));
    }

    /** {@return ce qu'il reste à faire pour voir la figure} */
    @Override
    public String toString() {
        return "Carte de chaleur " + values.length + " × " + values[0].length + ", à dessiner avec draw()";
    }

    double min() {
        if (min != null) {
            return min;
        }
        double smallest = Math.min(extreme(-1), colors.isDiverging() ? -extreme(1) : Double.MAX_VALUE);
        return isConstant() ? Math.min(0, smallest) : smallest;
    }

    double max() {
        if (max != null) {
            return max;
        }
        double largest = Math.max(extreme(1), colors.isDiverging() ? -extreme(-1) : -Double.MAX_VALUE);
        // Une matrice constante n'a pas d'étendue : l'échelle rejoint alors zéro, ou un si tout est nul.
        return isConstant() ? (largest == 0 ? 1 : Math.max(0, largest)) : largest;
    }

    private boolean isConstant() {
        return extreme(-1) == extreme(1);
    }

    private double extreme(int sign) {
        return sign
                * Arrays.stream(values)
                        .flatMapToDouble(Arrays::stream)
                        .map(v -> sign * v)
                        .max()
                        .getAsDouble();
    }

    int decimals() {
        if (decimals != null) {
            return decimals;
        }
        boolean integers = Arrays.stream(values).flatMapToDouble(Arrays::stream).allMatch(v -> v == Math.rint(v));
        return French.decimalsFor(Math.max(Math.abs(extreme(-1)), Math.abs(extreme(1))), integers);
    }

    private String describe() {
        StringBuilder text = new StringBuilder(French.sentence(title));
        text.append("Carte de chaleur ").append(values.length).append(" × ").append(values[0].length);
        if (!rowAxis.isEmpty() || !columnAxis.isEmpty()) {
            text.append(" (lignes : ").append(rowAxis.isEmpty() ? "sans nom" : rowAxis);
            text.append(" ; colonnes : ")
                    .append(columnAxis.isEmpty() ? "sans nom" : columnAxis)
                    .append(")");
        }
        text.append(" ; la plus grande valeur : ").append(cell(1));
        text.append(" ; la plus petite : ").append(cell(-1));
        return text.append(".").toString();
    }

    private String cell(int sign) {
        int row = 0;
        int column = 0;
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values[i].length; j++) {
                // La première case à presque égalité : le dernier bit, qui varie d'une machine à l'autre, ne décide
                // pas.
                if (sign * (values[i][j] - values[row][column]) > 1e-5 * Math.abs(values[row][column])) {
                    row = i;
                    column = j;
                }
            }
        }
        return French.number(values[row][column], decimals()) + " (ligne " + French.quoted(rowLabels, row)
                + ", colonne " + French.quoted(columnLabels, column) + ")";
    }
}
