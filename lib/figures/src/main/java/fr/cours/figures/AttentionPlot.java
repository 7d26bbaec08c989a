package fr.cours.figures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Des poids d'attention en couleurs : qui regarde qui.
 *
 * <p>Une ligne par requête, de haut en bas ; une colonne par clé, de gauche à droite. Chaque ligne est une distribution :
 * elle somme à 1, ou elle est entièrement nulle parce qu'un masque a tout caché ; elle est alors hachurée. Un poids
 * exactement nul s'écrit « 0 », un poids petit « 0,00 ». L'échelle part de 0 et va au plus grand poids.
 *
 * @param <T> la figure elle-même
 */
public abstract class AttentionPlot<T extends AttentionPlot<T>> extends MatrixPlot<T> {
    private Set<Integer> unknown = Set.of();

    /** Les poids d'une tête (rang 2) ou de plusieurs (rang 3) ; un seul nom d'argument : l'auto-attention. */
    AttentionPlot(
            INDArray weights, int rank, List<String> queries, String queryName, List<String> keys, String keyName) {
        super(heads(weights, rank));
        double[][] first = matrices.get(0);
        rows = Checks.labels(queries, queryName, first.length, "de lignes de weights");
        columns = Checks.labels(keys, keyName, first[0].length, "de colonnes de weights");
        for (int h = 0; h < matrices.size(); h++) {
            String name = rank == 2 ? "weights" : "weights[" + h + "]";
            for (int i = 0; i < rows.size(); i++) {
                double[] row = matrices.get(h)[i];
                Checks.each(row, name + "[" + i + ", ", weight -> weight >= 0, "un poids positif ou nul");
                double sum = Arrays.stream(row).sum();
                // Un millième : l'arrondi d'un softmax en float32 passe mille fois, une ligne oubliée jamais.
                if (!isMasked(row) && Math.abs(sum - 1) > 1e-3) {
                    throw Checks.refused(name + " : la ligne " + i + " (" + French.quoted(rows, i) + ") a pour somme "
                            + French.number(sum, 3) + ", attendu 1, ou une ligne entièrement nulle (masquée)");
                }
            }
        }
        double largest = values().max().getAsDouble();
        range = new double[] {0, largest == 0 ? 1 : largest};
        decimals = 2;
        yAxis = "Requêtes (qui regarde)";
        xAxis = "Clés (ce qui est regardé)";
    }

    /** Les têtes, une à une ; la place d'un lot d'un seul exemple est ôtée. */
    private static List<double[][]> heads(INDArray weights, int rank) {
        int extra = Checks.present(weights, "weights", "un tableau de poids").rank() - rank;
        if (weights.isEmpty() || extra < 0 || extra > 1 || extra == 1 && weights.size(0) != 1) {
            String shape = rank == 2 ? "n, m]" : "têtes, n, m]";
            String hint = extra > 0 ? " ; choisissez une tranche : weights" + ".slice(0)".repeat(extra) : "";
            throw Checks.refused(
                    "weights : trouvé " + Checks.shape(weights) + ", attendu [" + shape + " ou [1, " + shape + hint);
        }
        INDArray array = extra == 1 ? weights.slice(0) : weights;
        return rank == 2
                ? List.<double[][]>of(Checks.matrix(array, "weights"))
                : IntStream.range(0, (int) array.size(0))
                        .mapToObj(h -> Checks.matrix(array.slice(h), "weights[" + h + "]"))
                        .toList();
    }

    /**
     * Renomme l'axe des requêtes ; « Requêtes (qui regarde) » sinon.
     *
     * @param name le nom
     * @return cette figure
     */
    public T queryAxis(String name) {
        yAxis = Checks.present(name, "queryAxis", "un nom");
        return self();
    }

    /**
     * Renomme l'axe des clés ; « Clés (ce qui est regardé) » sinon.
     *
     * @param name le nom
     * @return cette figure
     */
    public T keyAxis(String name) {
        xAxis = Checks.present(name, "keyAxis", "un nom");
        return self();
    }

    /**
     * Fixe le poids de la dernière couleur, pour comparer des figures : {@code scale(1)} montre les poids dans l'absolu.
     *
     * @param max le poids de la dernière couleur
     * @return cette figure
     * @throws IllegalArgumentException s'il n'est pas positif et fini
     */
    public T scale(double max) {
        range = Checks.range("scale", 0, max);
        return self();
    }

    /**
     * Hachure les clés dont le modèle ne connaît pas le mot : leurs poids restent écrits, mais ne disent rien d'elles.
     *
     * @param unknown leurs positions
     * @return cette figure
     * @throws IllegalArgumentException si l'une n'est pas celle d'une clé
     */
    public T unknown(Set<Integer> unknown) {
        for (int j : Checks.present(unknown, "unknown", "des positions")) {
            if (j < 0 || j >= columns.size()) {
                throw Checks.refused("unknown : trouvé " + j + ", attendu une position de 0 à " + (columns.size() - 1));
            }
        }
        this.unknown = Set.copyOf(unknown);
        return self();
    }

    /** Les mots hachurés, à la fin d'une description. */
    String describeUnknown() {
        String words =
                unknown.stream().sorted().map(j -> French.quoted(columns, j)).collect(Collectors.joining(", "));
        return unknown.isEmpty() ? "." : ". Hachurés, car jamais vus par le modèle : " + words + ".";
    }

    @Override
    boolean isMasked(double[] row) {
        return Arrays.stream(row).allMatch(weight -> weight == 0);
    }

    @Override
    boolean isUnknown(int column) {
        return unknown.contains(column);
    }

    /** Ce que regarde chaque requête, s'il n'y en a pas trop ; sinon les cinq poids les plus forts, ou un seul. */
    String describe(double[][] head, int mostRows) {
        List<Integer> seen = new ArrayList<>();
        List<String> hidden = new ArrayList<>();
        for (int i = 0; i < head.length; i++) {
            if (isMasked(head[i])) {
                hidden.add(French.quoted(rows, i));
            } else {
                seen.add(i);
            }
        }
        String start = seen.isEmpty() ? "aucun poids" : "le plus fort de chaque ligne : ";
        if (seen.size() > mostRows) {
            int top = mostRows == 0 ? 1 : 5;
            start = top > 1 ? "les plus forts : " : "le plus fort : ";
            seen.sort(Comparator.comparingDouble(i -> -Math.rint(head[i][extreme(head[i], 1, 1e-5)] * 1e5)));
            seen = seen.subList(0, top);
        }
        String text = start
                + String.join(" ; ", seen.stream().map(i -> peak(head[i], i)).toList());
        String masked = hidden.size() > 1 ? " ; lignes masquées : " : " ; ligne masquée : ";
        return hidden.isEmpty() ? text : text + masked + String.join(", ", hidden);
    }

    private String peak(double[] weights, int row) {
        int best = extreme(weights, 1, 1e-5);
        boolean flat = weights.length > 1 && Arrays.stream(weights).allMatch(w -> Math.abs(w - weights[0]) < 1e-5);
        return French.quoted(rows, row)
                + (flat ? " → partout " : " → " + French.quoted(columns, best) + " ")
                + French.number(weights[best], decimals);
    }
}
