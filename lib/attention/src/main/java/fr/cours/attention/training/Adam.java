package fr.cours.attention.training;

import fr.cours.attention.layers.Parameter;
import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Loops;
import fr.cours.attention.math.Rows;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Adam (Kingma et Ba, 2015, § 2), à décroissance des poids découplée (Loshchilov et Hutter, 2019) ; constantes de Keras.
 *
 * <p>La décroissance ne touche que les matrices : les biais et les normalisations n'ont pas à tendre vers 0.
 */
public final class Adam implements AutoCloseable {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final float EPSILON = 1e-7f;

    private final List<Parameter> parameters;
    private final List<INDArray> first;
    private final List<INDArray> second;
    private final double weightDecay;
    private final boolean lazy;
    private int steps;
    private boolean closed;

    /**
     * Un optimiseur, ses moments à zéro.
     *
     * @param parameters les paramètres ; les gelés sont laissés tels quels
     * @param weightDecay part des matrices perdue à chaque pas, par unité de taux d'apprentissage ; 0 pour aucune
     * @throws IllegalArgumentException si {@code weightDecay} est négatif
     */
    public Adam(List<Parameter> parameters, double weightDecay) {
        this(parameters, weightDecay, false);
    }

    /**
     * Un optimiseur, ses moments à zéro.
     *
     * @param parameters les paramètres ; les gelés sont laissés tels quels
     * @param weightDecay part des matrices perdue à chaque pas, par unité de taux d'apprentissage ; 0 pour aucune
     * @param lazy vrai : d'une table, seules les lignes que le lot a touchées changent
     * @throws IllegalArgumentException si {@code weightDecay} est négatif
     */
    public Adam(List<Parameter> parameters, double weightDecay, boolean lazy) {
        Arguments.check(weightDecay >= 0, "weightDecay", weightDecay, "0 ou plus");
        this.parameters = Arguments.checkPresent("parameters", parameters, "les paramètres d'un modèle").stream()
                .distinct()
                .toList();
        this.weightDecay = weightDecay;
        this.lazy = lazy;
        first = this.parameters.stream().map(Adam::zeros).toList();
        second = this.parameters.stream().map(Adam::zeros).toList();
    }

    private static INDArray zeros(Parameter parameter) {
        return Nd4j.zeros(parameter.value().dataType(), parameter.value().shape());
    }

    /**
     * Change les paramètres selon leurs gradients.
     *
     * @param learningRate taux d'apprentissage de ce pas
     * @param gradientScale facteur des gradients : 1, ou moins pour les écrêter
     * @throws IllegalStateException après {@link #close}
     */
    public void step(double learningRate, double gradientScale) {
        if (closed) {
            throw new IllegalStateException("les moments de cet optimiseur ont été rendus (close) : prenez-en un neuf");
        }
        steps++;
        double rate = learningRate * Math.sqrt(1 - Math.pow(BETA2, steps)) / (1 - Math.pow(BETA1, steps));
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            if (parameter.isTrainable()) {
                double decay = parameter.value().rank() > 1 ? learningRate * weightDecay : 0;
                int[] rows = lazy ? parameter.touchedRows() : null;
                Loops.adam(
                        parameter.value(),
                        parameter.gradient(),
                        first.get(i),
                        second.get(i),
                        rows,
                        new Loops.AdamStep(
                                (float) gradientScale, (float) BETA1, (float) BETA2, (float) rate, EPSILON, (float)
                                        decay));
            }
        }
    }

    /** {@return la norme de tous les gradients ensemble : la longueur du pas qu'ils demandent} */
    public double gradientNorm() {
        return Math.sqrt(parameters.stream()
                .filter(Parameter::isTrainable)
                .mapToDouble(parameter -> Rows.sumOfSquares(parameter.gradient()))
                .sum());
    }

    /** Rend la mémoire des moments, deux fois celle du modèle, sans attendre le ramasse-miettes. */
    @Override
    public void close() {
        closed = true;
        Stream.concat(first.stream(), second.stream())
                .filter(INDArray::closeable)
                .forEach(INDArray::close);
    }
}
