package fr.cours.figures;

import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Les têtes d'une attention, côte à côte, sur une seule échelle de couleurs.
 *
 * <p>Même couleur, même poids d'une tête à l'autre : les têtes se comparent. Les mots sont écrits au bord de la grille,
 * un sur deux ou sur trois quand ils se toucheraient.
 *
 * <pre>{@code
 * HeadGrid.of(output.weights().slice(0), List.of("The", "cat", "sat")).title("Huit têtes").draw()
 * }</pre>
 *
 * <p>La description dit, tête par tête jusqu'à quatre, ce que regarde chaque requête, et au-delà le poids le plus fort de
 * chaque tête ; les lignes masquées sont nommées.
 */
public final class HeadGrid extends AttentionPlot<HeadGrid> {
    private List<String> names;

    private HeadGrid(INDArray weights, List<String> queries, String queryName, List<String> keys, String keyName) {
        super(weights, 3, queries, queryName, keys, keyName);
        names = IntStream.rangeClosed(1, matrices.size())
                .mapToObj(h -> "Tête " + h)
                .toList();
    }

    /**
     * Auto-attention : les mêmes mots en lignes et en colonnes.
     *
     * @param weights les poids, {@code [têtes, n, n]} ou {@code [1, têtes, n, n]}
     * @param tokens les n mots
     * @return la grille
     * @throws IllegalArgumentException si la forme n'est pas celle-là, si le nombre de mots est autre que n, si un poids
     *     n'est pas fini ou est négatif, ou si une ligne ni ne somme à 1 ni n'est entièrement nulle
     */
    public static HeadGrid of(INDArray weights, List<String> tokens) {
        return new HeadGrid(weights, tokens, "tokens", tokens, "tokens");
    }

    /**
     * Attention croisée : les requêtes en lignes, d'autres clés en colonnes.
     *
     * @param weights les poids, {@code [têtes, n, m]} ou {@code [1, têtes, n, m]}
     * @param queryTokens les n mots qui regardent
     * @param keyTokens les m mots regardés
     * @return la grille
     * @throws IllegalArgumentException dans les mêmes cas que {@link #of(INDArray, List)}
     */
    public static HeadGrid of(INDArray weights, List<String> queryTokens, List<String> keyTokens) {
        return new HeadGrid(weights, queryTokens, "queryTokens", keyTokens, "keyTokens");
    }

    /**
     * Nomme les têtes ; « Tête 1 », « Tête 2 »… sinon.
     *
     * @param names un nom par tête
     * @return cette grille
     * @throws IllegalArgumentException s'il n'y a pas autant de noms que de têtes
     */
    public HeadGrid heads(List<String> names) {
        this.names = Checks.labels(names, "heads", matrices.size(), "de têtes");
        return this;
    }

    @Override
    List<String> names() {
        return names;
    }

    @Override
    String describe() {
        int heads = matrices.size();
        String text = heads + (heads > 1 ? " cartes" : " carte") + " de chaleur " + rows.size() + " × " + columns.size()
                + ", une par tête, requêtes en lignes, clés en colonnes, échelle commune de 0 à "
                + French.number(range[1], 2);
        for (int h = 0; h < heads; h++) {
            text += ". " + names.get(h) + " : " + describe(matrices.get(h), heads > 4 ? 0 : 12);
        }
        return text + describeUnknown();
    }
}
