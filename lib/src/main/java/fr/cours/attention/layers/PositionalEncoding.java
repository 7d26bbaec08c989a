package fr.cours.attention.layers;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Le rang d'un mot, écrit en sinus et cosinus (Vaswani et al., 2017, § 3.5). */
public final class PositionalEncoding {
    private PositionalEncoding() {}

    /**
     * {@code PE(p, 2i) = sin(p / 10000^(2i/d_model))} et {@code PE(p, 2i+1) = cos(p / 10000^(2i/d_model))}.
     *
     * @param length nombre de positions
     * @param dModel dimension du modèle
     * @return {@code [length, dModel]}
     * @throws IllegalArgumentException si une taille n'est pas positive
     */
    public static INDArray sinusoidal(int length, int dModel) {
        Shapes.checkPositive("length", length);
        Shapes.checkPositive("dModel", dModel);
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
