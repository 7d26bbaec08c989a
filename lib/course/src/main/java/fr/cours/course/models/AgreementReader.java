package fr.cours.course.models;

import fr.cours.attention.layers.AttentionMask;
import fr.cours.attention.layers.AttentionOutput;
import fr.cours.attention.layers.Dense;
import fr.cours.attention.layers.Embedding;
import fr.cours.attention.layers.EncoderBlock;
import fr.cours.attention.layers.Layer;
import fr.cours.attention.layers.Parameter;
import fr.cours.attention.layers.PositionalEncoding;
import fr.cours.attention.layers.ScaledDotProductAttention;
import fr.cours.attention.layers.Tape;
import fr.cours.attention.text.PaddedBatch;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Un lecteur dont l'attention se lit : un étage d'encodeur décide où regarder, mais ce qui est lu, les valeurs, ce sont
 * les mots nus. Pour donner le genre d'un nom, il faut alors le regarder, lui.
 *
 * <pre>{@code
 * h = Encoder(√d·E + PE)
 * r = softmax(h·Wq (h·Wk)ᵀ/√d, soi-même caché)·√d·E
 * scores = [r au masque ; mot masqué]·W + b
 * }</pre>
 */
public final class AgreementReader implements Layer {
    private final int dModel;
    private final boolean carryPrevious;
    private final Embedding embedding;
    private final INDArray encoding; // [maxLength, dModel]
    private final EncoderBlock encoder;
    private final Dense wq;
    private final Dense wk;
    private final ScaledDotProductAttention reading = new ScaledDotProductAttention();
    private final Dense classifier;

    /**
     * Ce que le lecteur dit d'un lot.
     *
     * @param logits un score par forme, {@code [batch, forms]}
     * @param weights où chaque mot lirait, {@code [batch, n, n]} ; seule la ligne du mot masqué a été apprise
     * @param encoderWeights les poids de l'étage qui prépare la lecture, {@code [batch, heads, n, n]}
     */
    public record Output(INDArray logits, INDArray weights, INDArray encoderWeights) {}

    /**
     * Un lecteur neuf.
     *
     * @param vocabSize nombre de mots
     * @param forms nombre de réponses possibles
     * @param dModel dimension des mots
     * @param numHeads têtes de l'étage qui prépare la lecture ; divise {@code dModel}
     * @param maxLength longueur la plus grande
     * @param carryPrevious vrai : chaque valeur porte aussi le mot d'avant, le contre-exemple du cours
     * @param seed graine des valeurs initiales
     * @throws IllegalArgumentException si une taille ne convient pas
     */
    public AgreementReader(
            int vocabSize, int forms, int dModel, int numHeads, int maxLength, boolean carryPrevious, long seed) {
        Random random = new Random(seed);
        this.dModel = dModel;
        this.carryPrevious = carryPrevious;
        embedding = new Embedding("embedding", vocabSize, dModel, random);
        encoding = PositionalEncoding.sinusoidal(maxLength, dModel);
        encoder = new EncoderBlock("", dModel, numHeads, 4 * dModel, 0, random);
        wq = new Dense("wq", dModel, dModel, random);
        wk = new Dense("wk", dModel, dModel, random);
        classifier = new Dense("classifier", (carryPrevious ? 3 : 2) * dModel, forms, random);
    }

    /**
     * Lit un lot de phrases.
     *
     * @param tape le fil de la passe avant
     * @param ids {@code [batch][n]}, complété par des 0
     * @param positions la position du mot masqué dans chaque phrase
     * @param hidden ce que la lecture ne doit pas voir, en plus du remplissage et du mot masqué lui-même
     * @return scores et poids
     * @throws IllegalArgumentException si le lot est vide, irrégulier ou trop long, si un identifiant est inconnu ou si
     *     une position sort de la phrase
     */
    public Output forward(Tape tape, int[][] ids, int[] positions, AttentionMask hidden) {
        embedding.check(ids);
        int n = ids[0].length;
        AttentionMask padding = AttentionMask.padding(PaddedBatch.lengthsOf(ids), n);
        INDArray words = embed(tape, ids); // [batch, n, d]
        AttentionOutput encoded = encoder.forward(tape, PositionalEncoding.add(tape, words, encoding), padding);
        INDArray values = carryPrevious ? tape.concatenate(2, words, embed(tape, previous(ids))) : words;
        AttentionOutput read = reading.forward(
                tape,
                wq.forward(tape, encoded.output()), // [batch, n, d]
                wk.forward(tape, encoded.output()), // [batch, n, d]
                values, // [batch, n, d] : les mots nus, sans positions ni contexte
                padding.and(itself(n)).and(hidden));
        INDArray answer = tape.concatenate(
                1, tape.at(read.output(), positions), tape.at(words, positions)); // [batch, 2d] : aucun autre chemin
        return new Output(classifier.forward(tape, answer), read.weights(), encoded.weights());
    }

    private INDArray embed(Tape tape, int[][] ids) {
        return tape.scale(embedding.forward(tape, ids), Math.sqrt(dModel));
    }

    private static int[][] previous(int[][] ids) {
        int[][] shifted = new int[ids.length][ids[0].length]; // rien avant le premier mot : le remplissage
        for (int i = 0; i < ids.length; i++) {
            System.arraycopy(ids[i], 0, shifted[i], 1, ids[i].length - 1);
        }
        return shifted;
    }

    private static AttentionMask itself(int n) {
        boolean[][] diagonal = new boolean[n][n];
        IntStream.range(0, n).forEach(i -> diagonal[i][i] = true);
        return AttentionMask.of(diagonal);
    }

    @Override
    public List<Parameter> parameters() {
        return Layer.parametersOf(embedding, encoder, wq, wk, classifier);
    }
}
