package fr.cours.attention.models;

import fr.cours.attention.layers.AttentionMask;
import fr.cours.attention.layers.AttentionOutput;
import fr.cours.attention.layers.Dense;
import fr.cours.attention.layers.Draws;
import fr.cours.attention.layers.Dropout;
import fr.cours.attention.layers.Embedding;
import fr.cours.attention.layers.EncoderBlock;
import fr.cours.attention.layers.Layer;
import fr.cours.attention.layers.MeanPooling;
import fr.cours.attention.layers.Parameter;
import fr.cours.attention.layers.PositionalEncoding;
import fr.cours.attention.layers.Tape;
import fr.cours.attention.math.Arguments;
import fr.cours.attention.text.PaddedBatch;
import fr.cours.attention.text.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * L'analyseur de sentiment du cours d'origine : plongement, positions, un étage d'encodeur, moyenne, décision.
 *
 * <p>Une phrase est un tableau d'identifiants complété par {@link Vocabulary#PADDING} à la longueur du lot.
 */
public final class AttentionSentimentAnalyzer implements Layer {
    private final int dModel;
    private final int maxLength;
    private final Options options;
    private final Embedding embedding;
    private final INDArray positions; // [maxLength, dModel]
    private final EncoderBlock encoder;
    private final Dropout embeddingDropout;
    private final Dropout dropout;
    private final Dense classifier;
    private final Draws wordDropout;

    /**
     * Ce que l'on peut changer au modèle d'origine.
     *
     * @param hidden dimension intérieure du réseau dense
     * @param embeddingDropout probabilité d'abandon après le plongement
     * @param dropout probabilité d'abandon avant la décision
     * @param wordDropout à l'entraînement, part des mots remplacés par le mot inconnu
     * @param paddingMask vrai : le remplissage est caché à l'attention et exclu de la moyenne
     */
    public record Options(
            int hidden, double embeddingDropout, double dropout, double wordDropout, boolean paddingMask) {
        /**
         * Les choix du cours d'origine, qui oublie le masque de remplissage.
         *
         * @param dModel dimension du modèle
         * @return ces choix
         */
        public static Options original(int dModel) {
            return new Options(4 * dModel, 0, 0.1, 0, false);
        }
    }

    /**
     * Ce que le modèle dit d'un lot.
     *
     * @param logits les scores bruts, {@code [batch, 1]}
     * @param weights les poids d'attention, {@code [batch, heads, n, n]}
     */
    public record Output(INDArray logits, INDArray weights) {
        /** {@return la probabilité que chaque avis soit positif, {@code [batch, 1]}} */
        public INDArray probabilities() {
            return Transforms.sigmoid(logits);
        }
    }

    /**
     * Le modèle d'origine.
     *
     * @param vocabSize nombre de mots
     * @param dModel dimension du modèle
     * @param numHeads nombre de têtes, qui divise {@code dModel}
     * @param maxLength longueur la plus grande
     * @param seed graine des valeurs initiales et des abandons
     * @throws IllegalArgumentException si une taille ne convient pas
     */
    public AttentionSentimentAnalyzer(int vocabSize, int dModel, int numHeads, int maxLength, long seed) {
        this(vocabSize, dModel, numHeads, maxLength, seed, Options.original(dModel));
    }

    /**
     * Le modèle d'origine, à quelques choix près.
     *
     * @param vocabSize nombre de mots
     * @param dModel dimension du modèle
     * @param numHeads nombre de têtes, qui divise {@code dModel}
     * @param maxLength longueur la plus grande
     * @param seed graine des valeurs initiales et des abandons
     * @param options ces choix
     * @throws IllegalArgumentException si une taille ne convient pas
     */
    public AttentionSentimentAnalyzer(
            int vocabSize, int dModel, int numHeads, int maxLength, long seed, Options options) {
        Arguments.checkPresent("options", options, "des choix ; Options.original(dModel) pour ceux du cours d'origine");
        double dropped = options.wordDropout();
        Arguments.check(dropped >= 0 && dropped <= 1, "wordDropout", dropped, "une part de 0 à 1");
        Random random = new Random(seed);
        this.dModel = dModel;
        this.maxLength = maxLength;
        this.options = options;
        embedding = new Embedding("embedding", vocabSize, dModel, random);
        positions = PositionalEncoding.sinusoidal(maxLength, dModel);
        encoder = new EncoderBlock("", dModel, numHeads, options.hidden(), 0, random);
        classifier = new Dense("classifier", dModel, 1, random);
        embeddingDropout = new Dropout(options.embeddingDropout(), random.nextLong());
        dropout = new Dropout(options.dropout(), random.nextLong());
        wordDropout = new Draws(random.nextLong());
    }

    /**
     * Juge un lot de phrases.
     *
     * @param ids {@code [batch][n]}, complété par des 0
     * @return scores et poids
     * @throws IllegalArgumentException si le lot est vide, irrégulier ou trop long, ou si un identifiant est inconnu
     */
    public Output forward(int[][] ids) {
        return forward(Tape.NONE, ids);
    }

    /**
     * Juge un lot de phrases et note sur le fil comment revenir.
     *
     * @param tape le fil de la passe avant ; s'il enregistre, les abandons ont lieu
     * @param ids {@code [batch][n]}, complété par des 0
     * @return scores et poids
     * @throws IllegalArgumentException comme l'autre forme
     */
    public Output forward(Tape tape, int[][] ids) {
        embedding.check(ids);
        int[] lengths = lengths(ids);
        AttentionMask mask =
                options.paddingMask() ? AttentionMask.padding(lengths, ids[0].length) : AttentionMask.none();

        INDArray x = embedding.forward(tape, dropWords(tape, ids)); // [batch, n, d]
        x = tape.scale(x, Math.sqrt(dModel));
        x = embeddingDropout.forward(tape, PositionalEncoding.add(tape, x, positions));
        AttentionOutput encoded = encoder.forward(tape, x, mask); // [batch, n, d]
        INDArray pooled = MeanPooling.forward(tape, encoded.output(), lengths); // [batch, d]
        INDArray logits = classifier.forward(tape, dropout.forward(tape, pooled)); // [batch, 1]
        return new Output(logits, encoded.weights());
    }

    /** Sans masque, le modèle prend le remplissage pour des mots, comme celui d'origine. */
    private int[] lengths(int[][] ids) {
        int n = ids[0].length;
        if (n > maxLength) {
            throw Arguments.refused("ids", n + " mots par phrase", "de 1 à " + maxLength);
        }
        if (options.paddingMask()) {
            return PaddedBatch.lengthsOf(ids);
        }
        int[] lengths = new int[ids.length];
        Arrays.fill(lengths, n);
        return lengths;
    }

    private int[][] dropWords(Tape tape, int[][] ids) {
        if (!tape.isRecording() || options.wordDropout() == 0) {
            return ids;
        }
        SplittableRandom random = wordDropout.of(tape);
        IntUnaryOperator drop =
                id -> id != Vocabulary.PADDING && random.nextDouble() < options.wordDropout() ? Vocabulary.UNKNOWN : id;
        return Stream.of(ids)
                .map(sentence -> Arrays.stream(sentence).map(drop).toArray())
                .toArray(int[][]::new);
    }

    @Override
    public List<Parameter> parameters() {
        return Layer.parametersOf(embedding, encoder, classifier);
    }
}
