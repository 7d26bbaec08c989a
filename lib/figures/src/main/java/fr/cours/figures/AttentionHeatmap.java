package fr.cours.figures;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Une matrice de poids d'attention.
 *
 * <pre>{@code
 * AttentionHeatmap.of(weights, List.of("Le", "chat", "dort")).title("Qui regarde qui ?").draw()
 * }</pre>
 *
 * <p>La description nomme pour chaque requête la clé la plus regardée (jusqu'à 12 requêtes, les cinq poids les plus forts
 * au-delà) et les lignes masquées.
 */
public final class AttentionHeatmap extends AttentionPlot<AttentionHeatmap> {
    private AttentionHeatmap(
            INDArray weights, List<String> queries, String queryName, List<String> keys, String keyName) {
        super(weights, 2, queries, queryName, keys, keyName);
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
        return new AttentionHeatmap(weights, tokens, "tokens", tokens, "tokens");
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
        return new AttentionHeatmap(weights, queryTokens, "queryTokens", keyTokens, "keyTokens");
    }

    @Override
    String describe() {
        return "Carte de chaleur " + rows.size() + " × " + columns.size() + ", requêtes en lignes, clés en colonnes ; "
                + describe(matrices.get(0), 12) + describeUnknown();
    }
}
