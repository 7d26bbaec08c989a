package fr.cours.attention.layers;

import fr.cours.attention.math.Blank;
import fr.cours.attention.math.Gemm;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** La moyenne des mots d'une phrase, remplissage exclu. */
public final class MeanPooling {
    private MeanPooling() {}

    /**
     * La moyenne des premiers mots de chaque exemple : une attention dont les poids seraient tous égaux.
     *
     * @param tape le fil de la passe avant
     * @param x {@code [batch, n, d]}
     * @param lengths nombre de mots vrais de chaque exemple, de 0 à n ; une phrase vide donne 0
     * @return {@code [batch, d]}
     * @throws IllegalArgumentException si la forme ou une longueur ne convient pas
     */
    public static INDArray forward(Tape tape, INDArray x, int[] lengths) {
        Shapes.check("x", x, "[batch, n, d]", 3);
        Lengths.check(lengths, x);
        int n = (int) x.size(1);
        float[] shares = new float[lengths.length * n];
        for (int example = 0; example < lengths.length; example++) {
            Arrays.fill(shares, example * n, example * n + lengths[example], 1f / Math.max(1, lengths[example]));
        }
        INDArray weights = Nd4j.create(shares, new long[] {lengths.length, 1, n}, 'c'); // [batch, 1, n]
        INDArray mean = Blank.of(x.size(0), 1, x.size(2)); // [batch, 1, d]
        Gemm.ab(weights, x, 1, 0, mean);
        INDArray output = mean.reshape(x.size(0), x.size(2));
        tape.record(
                "moyenne",
                () -> {
                    INDArray dx = Blank.of(x.shape());
                    INDArray dMean = Shapes.rowMajor(tape.gradient(output)).reshape(mean.shape());
                    Gemm.atb(weights, dMean, 1, 0, dx);
                    tape.accumulate(x, dx);
                },
                output);
        return output;
    }
}
