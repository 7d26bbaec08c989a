package fr.cours.attention.math;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Des tableaux tirés au sort par {@link Random}, dont l'algorithme est écrit dans la documentation de Java : la même
 * graine donne les mêmes nombres sur toute machine, ce que le générateur d'ND4J ne promet pas.
 */
public final class RandomTensors {
    private RandomTensors() {}

    /**
     * Loi normale centrée réduite.
     *
     * @param random la source du hasard
     * @param shape la forme
     * @return un tableau float32 de cette forme
     */
    public static INDArray normal(Random random, long... shape) {
        return fill(shape, random::nextGaussian);
    }

    /**
     * Loi uniforme entre {@code −limit} et {@code limit}.
     *
     * @param random la source du hasard
     * @param limit la borne, positive
     * @param shape la forme
     * @return un tableau float32 de cette forme
     */
    public static INDArray uniform(Random random, double limit, long... shape) {
        return fill(shape, () -> (2 * random.nextDouble() - 1) * limit);
    }

    /**
     * Les valeurs initiales d'une couche dense : uniforme de borne {@code √(6/(inputs + units))} (Glorot et Bengio,
     * 2010, éq. 16).
     *
     * @param random la source du hasard
     * @param inputs dimension d'entrée
     * @param units dimension de sortie
     * @return {@code [inputs, units]}
     */
    public static INDArray glorotUniform(Random random, int inputs, int units) {
        return uniform(random, Math.sqrt(6.0 / (inputs + units)), inputs, units);
    }

    private static INDArray fill(long[] shape, DoubleSupplier next) {
        if (Arrays.stream(shape).anyMatch(size -> size <= 0)) {
            throw new IllegalArgumentException(
                    "shape : trouvé " + Arrays.toString(shape) + ", attendu des tailles positives");
        }
        float[] data = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) next.getAsDouble();
        }
        return Nd4j.create(data, shape, 'c');
    }
}
