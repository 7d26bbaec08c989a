package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Blank;
import fr.cours.attention.math.Rows;
import fr.cours.attention.math.Tile;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Le rang d'un mot, écrit en sinus et cosinus (Vaswani et al., 2017, § 3.5). */
public final class PositionalEncoding {
    private PositionalEncoding() {}

    /**
     * Ajoute leur position aux mots d'un lot.
     *
     * @param tape le fil de la passe avant
     * @param x {@code [batch, n, d_model]}
     * @param positions {@code [length, d_model]}, {@code length ≥ n}
     * @return {@code x + positions}, la même pour tous les exemples
     * @throws IllegalArgumentException si les formes ne s'accordent pas
     */
    public static INDArray add(Tape tape, INDArray x, INDArray positions) {
        INDArray rows = Shapes.check("x", x, "[batch, n, d_model]", 3);
        Shapes.check("positions", positions, "[length, d_model]", 2);
        if (positions.size(0) < x.size(1) || positions.size(1) != x.size(2)) {
            throw Shapes.mismatch("positions", positions, "[au moins " + x.size(1) + ", " + x.size(2) + "] comme x");
        }
        INDArray first = positions.get(NDArrayIndex.interval(0, x.size(1)), NDArrayIndex.all());
        INDArray sum = Blank.of(x.shape()); // [batch, n, d_model]
        INDArray flat = sum.reshape(x.size(0), -1); // une ligne par exemple
        Rows.fill(flat, first.reshape(-1).toFloatVector(), Tile.whole(flat));
        Rows.add(rows, sum);
        tape.record("positions", () -> tape.accumulate(x, tape.gradient(sum)), sum);
        return sum;
    }

    /**
     * {@code PE(p, 2i) = sin(p / 10000^(2i/d_model))} et {@code PE(p, 2i+1) = cos(p / 10000^(2i/d_model))}.
     *
     * @param length nombre de positions
     * @param dModel dimension du modèle
     * @return {@code [length, dModel]}
     * @throws IllegalArgumentException si une taille n'est pas positive
     */
    public static INDArray sinusoidal(int length, int dModel) {
        Arguments.checkPositive("length", length);
        Arguments.checkPositive("dModel", dModel);
        float[][] encoding = new float[length][dModel];
        for (int position = 0; position < length; position++) {
            for (int i = 0; i < dModel; i++) {
                double angle = position / Math.pow(10000, 2 * (i / 2) / (double) dModel);
                encoding[position][i] = (float) (i % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
            }
        }
        return Nd4j.createFromArray(encoding);
    }
}
