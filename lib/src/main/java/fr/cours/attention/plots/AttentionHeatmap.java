package fr.cours.attention.plots;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Des poids d'attention en couleurs : qui regarde qui.
 *
 * <p>Une ligne par requête, de haut en bas ; une colonne par clé, de gauche à droite. Chaque ligne est une distribution :
 * elle somme à 1, ou elle est entièrement nulle parce qu'un masque a tout caché ; elle est alors hachurée. Un poids
 * exactement nul s'écrit « 0 », un poids petit « 0,00 ». L'échelle part de 0 et va au plus grand poids.
 *
 * <pre>{@code
 * AttentionHeatmap.of(weights, List.of("Le", "chat", "dort")).title("Qui regarde qui ?").draw()
 * }</pre>
 */
public final class AttentionHeatmap {
    private static final int DESCRIBED_ROWS = 12;
    private static final int DESCRIBED_TOP = 5;

    private final Heatmap map;

    private AttentionHeatmap(double[][] weights, List<String> queries, List<String> keys, String name) {
        map = Heatmap.of(weights)
                .rows(queries)
                .columns(keys)
                .rowAxis("Requêtes (qui regarde)")
                .columnAxis("Clés (ce qui est regardé)")
                .decimals(2);
        map.masked = Checks.maskedRows(weights, queries, keys, name);
        map.range(0, largest(weights));
    }

    /**
     * Auto-attention : les mêmes mots en lignes et en colonnes.
     *
     * @param weights les poids, {@code [n, n]} ou {@code [1, n, n]}
     * @param tokens les n mots ; un mot peut revenir
     * @return la carte
     * @throws IllegalArgumentException si la forme n'est pas celle-là, si le nombre de mots est autre que n, si un poids
     *     n'est pas fini ou est négatif, ou si une ligne ni ne somme à 1 ni n'est entièrement nulle
     */
    public static AttentionHeatmap of(INDArray weights, List<String> tokens) {
        double[][] matrix = Checks.weights(weights);
        if (matrix.length != matrix[0].length) {
            throw Checks.refused("weights : trouvé " + Checks.shape(weights)
                    + ", attendu une matrice carrée ; pour d'autres clés que les requêtes,"
                    + " donnez deux listes : of(weights, queryTokens, keyTokens)");
        }
        List<String> labels = Checks.labels(tokens, "tokens", matrix.length, "de lignes de weights");
        return new AttentionHeatmap(matrix, labels, labels, "weights");
    }

    /**
     * Attention croisée : les requêtes en lignes, d'autres clés en colonnes.
     *
     * @param weights les poids, {@code [n, m]} ou {@code [1, n, m]}
     * @param queryTokens les n mots qui regardent
     * @param keyTokens les m mots regardés
     * @return la carte
     * @throws IllegalArgumentException dans les mêmes cas que {@link #of(INDArray, List)}
     */
    public static AttentionHeatmap of(INDArray weights, List<String> queryTokens, List<String> keyTokens) {
        double[][] matrix = Checks.weights(weights);
        return new AttentionHeatmap(
                matrix,
                Checks.labels(queryTokens, "queryTokens", matrix.length, "de lignes de weights"),
                Checks.labels(keyTokens, "keyTokens", matrix[0].length, "de colonnes de weights"),
                "weights");
    }

    /**
     * Donne un titre ; les émojis en sont ôtés.
     *
     * @param title le titre
     * @return cette carte
     */
    public AttentionHeatmap title(String title) {
        map.title(title);
        return this;
    }

    /**
     * Renomme l'axe des requêtes ; « Requêtes (qui regarde) » sinon.
     *
     * @param name le nom
     * @return cette carte
     */
    public AttentionHeatmap queryAxis(String name) {
        map.rowAxis(name);
        return this;
    }

    /**
     * Renomme l'axe des clés ; « Clés (ce qui est regardé) » sinon.
     *
     * @param name le nom
     * @return cette carte
     */
    public AttentionHeatmap keyAxis(String name) {
        map.columnAxis(name);
        return this;
    }

    /**
     * Choisit les couleurs ; {@link ColorMap#VIRIDIS} sinon.
     *
     * @param colors l'échelle
     * @return cette carte
     */
    public AttentionHeatmap colors(ColorMap colors) {
        map.colors(colors);
        return this;
    }

    /**
     * Fixe le poids de la dernière couleur, pour comparer des figures : {@code scale(1)} montre les poids dans l'absolu.
     *
     * @param max le poids de la dernière couleur, de 0 (exclu) à 1
     * @return cette carte
     * @throws IllegalArgumentException hors de ces bornes
     */
    public AttentionHeatmap scale(double max) {
        Checks.scale(max);
        map.range(0, max);
        return this;
    }

    /**
     * Fixe le nombre de décimales ; 2 sinon.
     *
     * @param decimals de 0 à 6
     * @return cette carte
     * @throws IllegalArgumentException hors de 0 à 6
     */
    public AttentionHeatmap decimals(int decimals) {
        map.decimals(decimals);
        return this;
    }

    /**
     * Dessine.
     *
     * @return la figure ; sa description nomme pour chaque requête la clé la plus regardée (jusqu'à 12 requêtes, les cinq
     *     poids les plus forts au-delà) et les lignes masquées
     */
    public Figure draw() {
        return map.draw(
                French.sentence(map.title) + "Carte de chaleur " + map.values.length + " × " + map.values[0].length
                        + ", requêtes en lignes, clés en colonnes ; " + describe(map, DESCRIBED_ROWS) + ".");
    }

    /** {@return ce qu'il reste à faire pour voir la figure} */
    @Override
    public String toString() {
        return map.toString();
    }

    /** Où sont les cases dans la figure, en pixels CSS. */
    Rectangle cells() {
        return map.cells();
    }

    /** Ce que regarde chaque requête, s'il n'y en a pas trop, en une phrase sans majuscule ni point. */
    static String describe(Heatmap map, int mostRows) {
        List<String> peaks = new ArrayList<>();
        List<String> hidden = new ArrayList<>();
        List<Peak> all = new ArrayList<>();
        for (int i = 0; i < map.values.length; i++) {
            if (map.masked[i]) {
                hidden.add(French.quoted(map.rowLabels, i));
            } else {
                all.add(Peak.of(map, i));
            }
        }
        boolean each = all.size() <= mostRows;
        int top = mostRows == 0 ? 1 : DESCRIBED_TOP;
        all.stream()
                .sorted(each ? Comparator.comparingInt(Peak::row) : Comparator.comparingDouble(p -> -p.rounded()))
                .limit(each ? mostRows : top)
                .forEach(p -> peaks.add(p.say(map)));
        String text = peaks.isEmpty()
                ? "aucun poids"
                : (each ? "le plus fort de chaque ligne : " : top > 1 ? "les plus forts : " : "le plus fort : ")
                        + String.join(" ; ", peaks);
        if (!hidden.isEmpty()) {
            text += (hidden.size() > 1 ? " ; lignes masquées : " : " ; ligne masquée : ") + String.join(", ", hidden);
        }
        return text;
    }

    static double largest(double[][] weights) {
        double largest = 0;
        for (double[] row : weights) {
            for (double weight : row) {
                largest = Math.max(largest, weight);
            }
        }
        return largest == 0 ? 1 : largest;
    }

    /** La clé la plus regardée d'une requête ; à presque égalité, la première : le dernier bit ne décide pas. */
    private record Peak(int row, int column, double weight, boolean flat) {
        static Peak of(Heatmap map, int row) {
            double[] weights = map.values[row];
            int best = 0;
            boolean flat = weights.length > 1;
            for (int j = 1; j < weights.length; j++) {
                flat &= Math.abs(weights[j] - weights[0]) < 1e-5;
                best = weights[j] > weights[best] + 1e-5 ? j : best;
            }
            return new Peak(row, best, weights[best], flat);
        }

        double rounded() {
            return Math.rint(weight * 1e5) / 1e5;
        }

        String say(Heatmap map) {
            return French.quoted(map.rowLabels, row)
                    + (flat ? " → partout " : " → " + French.quoted(map.columnLabels, column) + " ")
                    + French.number(weight, map.decimals());
        }
    }
}
