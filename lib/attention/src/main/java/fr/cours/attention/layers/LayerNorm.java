package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Blank;
import fr.cours.attention.math.Normalization;
import fr.cours.attention.math.Rows;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Normalisation de couche : {@code γ⊙(x − moyenne)/√(variance + ε) + β}, moyenne et variance de chaque ligne (Ba, Kiros
 * et Hinton, 2016, éq. 4).
 */
public final class LayerNorm implements Layer {
    private static final float EPSILON = 1e-6f;

    private final String name;
    private final Parameter gamma; // [d]
    private final Parameter beta; // [d]

    /**
     * Une normalisation, γ à 1 et β à 0.
     *
     * @param name préfixe du nom de ses paramètres
     * @param d dimension des lignes
     * @throws IllegalArgumentException si {@code d} n'est pas positif
     */
    public LayerNorm(String name, int d) {
        Arguments.checkPositive("d", d);
        this.name = name;
        gamma = new Parameter(name + ".gamma", Nd4j.ones(DataType.FLOAT, d));
        beta = new Parameter(name + ".beta", Nd4j.zeros(DataType.FLOAT, d));
    }

    /**
     * Normalise chaque ligne.
     *
     * @param tape le fil de la passe avant
     * @param x {@code […, d]} de rang 2 à 4
     * @return la même forme
     * @throws IllegalArgumentException si la forme ne convient pas ou si {@code x} contient NaN ou un infini
     */
    public INDArray forward(Tape tape, INDArray x) {
        String expected = "[…, " + gamma.value().length() + "]";
        INDArray rows = Shapes.check("x", x, expected, 2, 3, 4);
        Shapes.checkSize("x", x, x.rank() - 1, gamma.value().length(), expected);
        INDArray normalized = Rows.scaled(rows, 1); // x̂ : gardé pour le gradient
        INDArray output = Blank.of(x.shape());
        Normalization loop = new Normalization(gamma.value(), beta.value(), EPSILON);
        float[] inverse = loop.forward(normalized, output);
        tape.record(
                name,
                () -> {
                    INDArray dx = Rows.scaled(tape.gradient(output), 1);
                    loop.backward(normalized, inverse, dx, gamma.receiveGradient(tape), beta.receiveGradient(tape));
                    tape.accumulate(x, dx);
                },
                output);
        return output;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(gamma, beta);
    }
}
