package fr.cours.attention.layers;

import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Un étage d'encodeur (Vaswani et al., 2017, § 3.1) : attention puis réseau dense, chacun suivi d'une connexion
 * résiduelle et d'une normalisation.
 */
public final class EncoderBlock implements Layer {
    private final MultiHeadAttention mha;
    private final LayerNorm layernorm1;
    private final FeedForward ffn;
    private final LayerNorm layernorm2;
    private final Dropout dropout;

    /**
     * Un étage.
     *
     * @param prefix ce qui précède le nom de ses paramètres
     * @param dModel dimension du modèle
     * @param numHeads nombre de têtes, qui divise {@code dModel}
     * @param hidden dimension intérieure du réseau dense
     * @param dropout probabilité d'abandon après l'attention et après le réseau dense
     * @param random la source des valeurs initiales
     * @throws IllegalArgumentException si une taille ne convient pas
     */
    public EncoderBlock(String prefix, int dModel, int numHeads, int hidden, double dropout, Random random) {
        this(prefix, dModel, numHeads, new ScaledDotProductAttention(), hidden, dropout, random);
    }

    /**
     * Un étage où l'attention est d'une autre sorte.
     *
     * @param prefix ce qui précède le nom de ses paramètres
     * @param dModel dimension du modèle
     * @param numHeads nombre de têtes, qui divise {@code dModel}
     * @param kind l'attention que porte chaque tête
     * @param hidden dimension intérieure du réseau dense
     * @param dropout probabilité d'abandon après l'attention et après le réseau dense
     * @param random la source des valeurs initiales
     * @throws IllegalArgumentException si une taille ne convient pas
     */
    public EncoderBlock(
            String prefix, int dModel, int numHeads, Attention kind, int hidden, double dropout, Random random) {
        mha = new MultiHeadAttention(prefix + "mha.", dModel, numHeads, kind, random);
        layernorm1 = new LayerNorm(prefix + "layernorm1", dModel);
        ffn = new FeedForward(prefix + "ffn.", dModel, hidden, random);
        layernorm2 = new LayerNorm(prefix + "layernorm2", dModel);
        this.dropout = new Dropout(dropout, random.nextLong());
    }

    /**
     * Fait passer un lot par l'étage.
     *
     * @param tape le fil de la passe avant
     * @param x {@code [batch, n, dModel]}
     * @param mask les clés cachées
     * @return sortie {@code [batch, n, dModel]}, poids {@code [batch, heads, n, n]}
     * @throws IllegalArgumentException si une forme ne convient pas
     */
    public AttentionOutput forward(Tape tape, INDArray x, AttentionMask mask) {
        AttentionOutput attended = mha.forward(tape, x, x, x, mask);
        INDArray y = layernorm1.forward(tape, tape.add(x, dropout.forward(tape, attended.output())));
        INDArray z = layernorm2.forward(tape, tape.add(y, dropout.forward(tape, ffn.forward(tape, y))));
        return new AttentionOutput(z, attended.weights());
    }

    @Override
    public List<Parameter> parameters() {
        return Layer.parametersOf(mha, layernorm1, ffn, layernorm2);
    }
}
