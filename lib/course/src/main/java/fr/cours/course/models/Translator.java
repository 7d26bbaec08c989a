package fr.cours.course.models;

import fr.cours.attention.layers.AttentionMask;
import fr.cours.attention.layers.AttentionOutput;
import fr.cours.attention.layers.Dense;
import fr.cours.attention.layers.Dropout;
import fr.cours.attention.layers.Embedding;
import fr.cours.attention.layers.EncoderBlock;
import fr.cours.attention.layers.FeedForward;
import fr.cours.attention.layers.Layer;
import fr.cours.attention.layers.LayerNorm;
import fr.cours.attention.layers.MultiHeadAttention;
import fr.cours.attention.layers.Parameter;
import fr.cours.attention.layers.PositionalEncoding;
import fr.cours.attention.layers.Tape;
import fr.cours.attention.text.PaddedBatch;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Un petit traducteur : un étage d'encodeur, un étage de décodeur (Vaswani et al., 2017, § 3.1). L'étage de décodeur est
 * celui qu'écrit le lecteur de l'exercice 3 ; le reste est fourni.
 */
public final class Translator implements Layer {
    private final int dModel;
    private final Embedding source;
    private final Embedding target;
    private final INDArray positions; // [maxLength, dModel]
    private final EncoderBlock encoder;
    private final Parts parts;
    private final Decoder decoder;
    private final Dense classifier;
    private final Dropout dropout;

    /**
     * Les couches d'un étage de décodeur, à assembler.
     *
     * @param self l'attention de la cible à elle-même
     * @param norm1 la normalisation qui la suit
     * @param cross l'attention de la cible à la source
     * @param norm2 la normalisation qui la suit
     * @param ffn le réseau dense
     * @param norm3 la normalisation qui le suit
     */
    public record Parts(
            MultiHeadAttention self,
            LayerNorm norm1,
            MultiHeadAttention cross,
            LayerNorm norm2,
            FeedForward ffn,
            LayerNorm norm3)
            implements Layer {
        /**
         * Des couches neuves.
         *
         * @param dModel dimension du modèle
         * @param numHeads nombre de têtes, qui divise {@code dModel}
         * @param random la source de leurs valeurs initiales
         * @return les couches
         * @throws IllegalArgumentException si une taille ne convient pas
         */
        public static Parts of(int dModel, int numHeads, Random random) {
            return new Parts(
                    new MultiHeadAttention("décodeur.self.", dModel, numHeads, random),
                    new LayerNorm("décodeur.norm1", dModel),
                    new MultiHeadAttention("décodeur.cross.", dModel, numHeads, random),
                    new LayerNorm("décodeur.norm2", dModel),
                    new FeedForward("décodeur.ffn.", dModel, 2 * dModel, random),
                    new LayerNorm("décodeur.norm3", dModel));
        }

        @Override
        public List<Parameter> parameters() {
            return Layer.parametersOf(self, norm1, cross, norm2, ffn, norm3);
        }
    }

    /** Un étage de décodeur. */
    @FunctionalInterface
    public interface Decoder {
        /**
         * Fait passer un lot par l'étage.
         *
         * @param tape le fil de la passe avant
         * @param parts les couches de l'étage
         * @param y la cible déjà écrite, {@code [batch, n, dModel]}
         * @param source la source, telle que l'encodeur l'a rendue, {@code [batch, m, dModel]}
         * @param past le masque qui cache l'avenir de la cible
         * @param padding le masque qui cache le remplissage de la source
         * @return sortie {@code [batch, n, dModel]}, poids de la cible à la source {@code [batch, heads, n, m]}
         */
        AttentionOutput forward(
                Tape tape, Parts parts, INDArray y, INDArray source, AttentionMask past, AttentionMask padding);
    }

    /**
     * Ce que le traducteur dit d'un lot.
     *
     * @param logits les scores bruts du mot suivant, {@code [batch, n, targetWords]}
     * @param weights ce que chaque mot de la cible regarde dans la source, {@code [batch, heads, n, m]}
     */
    public record Output(INDArray logits, INDArray weights) {}

    /**
     * Un traducteur.
     *
     * @param sourceWords taille du vocabulaire de la source
     * @param targetWords taille du vocabulaire de la cible
     * @param dModel dimension du modèle
     * @param numHeads nombre de têtes, qui divise {@code dModel}
     * @param dropout probabilité d'abandon
     * @param seed graine des valeurs initiales et des abandons
     * @param decoder l'étage de décodeur
     * @throws IllegalArgumentException si une taille ne convient pas
     */
    public Translator(
            int sourceWords, int targetWords, int dModel, int numHeads, double dropout, long seed, Decoder decoder) {
        Random random = new Random(seed);
        this.dModel = dModel;
        this.decoder = decoder;
        source = new Embedding("source", sourceWords, dModel, random);
        target = new Embedding("cible", targetWords, dModel, random);
        positions = PositionalEncoding.sinusoidal(100, dModel);
        encoder = new EncoderBlock("encodeur.", dModel, numHeads, 2 * dModel, dropout, random);
        parts = Parts.of(dModel, numHeads, random);
        classifier = new Dense("classifier", dModel, targetWords, random);
        this.dropout = new Dropout(dropout, random.nextLong());
    }

    /**
     * Les scores du mot qui suit chaque mot de la cible.
     *
     * @param tape le fil de la passe avant
     * @param sourceIds {@code [batch][m]}, complété par des 0
     * @param targetIds {@code [batch][n]}, complété par des 0
     * @return scores et poids
     * @throws IllegalArgumentException si un lot est vide ou irrégulier, ou si un identifiant est inconnu
     */
    public Output forward(Tape tape, int[][] sourceIds, int[][] targetIds) {
        INDArray x = embed(tape, source, sourceIds); // [batch, m, d]
        INDArray y = embed(tape, target, targetIds); // [batch, n, d]
        AttentionMask padding = AttentionMask.padding(PaddedBatch.lengthsOf(sourceIds), sourceIds[0].length);
        AttentionMask past = AttentionMask.causal(targetIds[0].length);
        INDArray read = encoder.forward(tape, x, padding).output(); // [batch, m, d]
        AttentionOutput written = decoder.forward(tape, parts, y, read, past, padding);
        return new Output(classifier.forward(tape, dropout.forward(tape, written.output())), written.weights());
    }

    private INDArray embed(Tape tape, Embedding embedding, int[][] ids) {
        INDArray x = tape.scale(embedding.forward(tape, ids), Math.sqrt(dModel));
        return dropout.forward(tape, PositionalEncoding.add(tape, x, positions));
    }

    @Override
    public List<Parameter> parameters() {
        return Layer.parametersOf(source, target, encoder, parts, classifier);
    }
}
