package fr.cours.attention.training;

import fr.cours.attention.layers.Shapes;
import fr.cours.attention.math.Arguments;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Une perte et son gradient, calculés ensemble à partir des scores bruts (<em>logits</em>) : le sigmoïde ou le softmax est
 * compris dans la formule, qui ne déborde ainsi jamais.
 *
 * @param value la perte moyenne du lot
 * @param logits les scores, tels que le modèle les a rendus
 * @param gradient le gradient de la perte par rapport aux scores, de même forme
 */
public record Loss(double value, INDArray logits, INDArray gradient) {
    /** L'étiquette d'une ligne qui ne compte pas. */
    public static final int IGNORED = -1;

    /**
     * Entropie croisée binaire : {@code max(z, 0) − z·y + ln(1 + e^{−|z|})}, en moyenne.
     *
     * @param logits {@code [batch, 1]}
     * @param labels une étiquette par exemple, 0 ou 1
     * @return la perte
     * @throws IllegalArgumentException si les tailles diffèrent, si un score n'est pas un nombre fini ou si une
     *     étiquette n'est ni 0 ni 1
     */
    public static Loss binaryCrossEntropy(INDArray logits, int[] labels) {
        float[] z = numbers(logits, labels, "[batch, 1]", 1, 2);
        float[] gradient = new float[z.length];
        double sum = 0;
        for (int i = 0; i < z.length; i++) {
            if (labels[i] != 0 && labels[i] != 1) {
                throw Arguments.refused("labels", labels[i] + " pour l'exemple " + i, "0 ou 1");
            }
            sum += Math.max(z[i], 0) - z[i] * labels[i] + Math.log1p(Math.exp(-Math.abs(z[i])));
            gradient[i] = (float) ((1 / (1 + Math.exp(-z[i])) - labels[i]) / z.length);
        }
        return new Loss(sum / z.length, logits, Nd4j.create(gradient, logits.shape(), 'c'));
    }

    /**
     * Entropie croisée à plusieurs classes : {@code ln Σ e^{z_j} − z_y}, en moyenne des lignes qui comptent.
     *
     * @param logits {@code [lignes, classes]}, ou {@code [batch, n, classes]} : alors une ligne par position
     * @param labels la classe de chaque ligne, dans l'ordre, de 0 à {@code classes − 1}, ou {@link #IGNORED}
     * @return la perte
     * @throws IllegalArgumentException si les tailles diffèrent, si un score n'est pas un nombre fini, si une étiquette
     *     n'existe pas ou si aucune ne compte
     */
    public static Loss categoricalCrossEntropy(INDArray logits, int[] labels) {
        String expected = "[lignes, classes] ou [batch, n, classes]";
        int classes = (int) Arguments.checkPresent("logits", logits, expected).size(-1);
        float[] z = numbers(logits, labels, expected, classes, 2, 3);
        long counted = Arrays.stream(labels).filter(label -> label != IGNORED).count();
        if (counted == 0) {
            throw new IllegalArgumentException("labels : aucune étiquette ne compte, attendu une au moins");
        }
        float[] gradient = new float[z.length];
        double loss = 0;
        for (int row = 0; row < labels.length; row++) {
            int label = labels[row];
            if (label == IGNORED) {
                continue;
            }
            if (label < 0 || label >= classes) {
                throw Arguments.refused(
                        "labels",
                        label + " à la ligne " + row,
                        "de 0 à " + (classes - 1) + ", ou " + IGNORED + " pour ne pas compter");
            }
            int from = row * classes;
            float max = z[from]; // le retrancher ne change rien au quotient
            for (int i = from; i < from + classes; i++) {
                max = Math.max(max, z[i]);
            }
            double sum = 0;
            for (int i = from; i < from + classes; i++) {
                sum += Math.exp(z[i] - max);
            }
            for (int i = from; i < from + classes; i++) {
                gradient[i] = (float) ((Math.exp(z[i] - max) / sum - (i == from + label ? 1 : 0)) / counted);
            }
            loss += Math.log(sum) + max - z[from + label];
        }
        return new Loss(loss / counted, logits, Nd4j.create(gradient, logits.shape(), 'c'));
    }

    /** Les scores, dans l'ordre des lignes, une fois contrôlé qu'il y a une étiquette par ligne. */
    private static float[] numbers(INDArray logits, int[] labels, String expected, int classes, int... ranks) {
        INDArray scores = Shapes.check("logits", logits, expected, ranks);
        Arguments.checkPresent("labels", labels, "une étiquette par ligne");
        if (scores.size(-1) != classes || labels.length * (long) classes != scores.length()) {
            throw Arguments.refused(
                    "logits",
                    Arrays.toString(scores.shape()) + " pour " + labels.length + " étiquettes",
                    "[" + labels.length + ", " + classes + "]");
        }
        return scores.dup('c').data().asFloat();
    }
}
