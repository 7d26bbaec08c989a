package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Rows;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Les contrôles à la porte : ce qui entre dans une couche a le bon type, le bon rang, et des nombres finis. */
public final class Shapes {
    private Shapes() {}

    /**
     * Contrôle un tableau et le rend contigu, en lignes.
     *
     * @param name nom de l'argument, pour le message
     * @param array le tableau
     * @param expected la forme attendue, en mots : {@code "[batch, n, d]"}
     * @param ranks les rangs admis
     * @return le tableau lui-même s'il est déjà contigu en lignes, sinon une copie qui l'est
     * @throws IllegalArgumentException si le tableau est absent, vide, d'un autre type ou d'un autre rang, ou contient
     *     NaN ou un infini
     */
    public static INDArray check(String name, INDArray array, String expected, int... ranks) {
        checkUsable(name, array, expected);
        if (array.isEmpty() || Arrays.stream(ranks).noneMatch(rank -> rank == array.rank())) {
            throw mismatch(name, array, expected);
        }
        INDArray rowMajor = rowMajor(array);
        if (!Rows.allFinite(rowMajor)) {
            long at = Rows.firstNotFinite(rowMajor);
            throw new IllegalArgumentException(
                    name + " : " + name(rowMajor.ravel().getFloat(at)) + " à la position "
                            + Arrays.toString(position(at, array.shape())) + ", attendu des nombres finis");
        }
        return rowMajor;
    }

    /** Contrôle qu'un tableau est là, vivant et float32, sans en lire les nombres. */
    static void checkUsable(String name, INDArray array, String expected) {
        Arguments.checkPresent(name, array, expected);
        Arguments.checkAlive(name, array);
        if (array.dataType() != DataType.FLOAT) {
            throw Arguments.refused(
                    name, "le type " + array.dataType(), "FLOAT ; convertissez par castTo(DataType.FLOAT)");
        }
    }

    /**
     * Contrôle une dimension.
     *
     * @param name nom de l'argument
     * @param array le tableau
     * @param axis la dimension contrôlée
     * @param size sa taille attendue
     * @param expected la forme attendue, en mots et en nombres
     * @throws IllegalArgumentException si la taille diffère
     */
    public static void checkSize(String name, INDArray array, int axis, long size, String expected) {
        if (array.size(axis) != size) {
            throw mismatch(name, array, expected);
        }
    }

    /**
     * L'exception des formes qui ne s'accordent pas.
     *
     * @param name nom de l'argument
     * @param array ce qu'on a trouvé
     * @param expected la forme attendue, en mots
     * @return l'exception, à lancer
     */
    public static IllegalArgumentException mismatch(String name, INDArray array, String expected) {
        return Arguments.refused(name, Arrays.toString(array.shape()), expected);
    }

    /** Le tableau, copié seulement si ses éléments ne se suivent pas dans l'ordre des lignes. */
    static INDArray rowMajor(INDArray array) {
        long stride = 1;
        for (int axis = array.rank() - 1; axis >= 0; axis--) {
            if (array.size(axis) != 1 && array.stride(axis) != stride) {
                return array.dup('c');
            }
            stride *= array.size(axis);
        }
        return array.ordering() == 'c' ? array : array.dup('c');
    }

    private static String name(float value) {
        if (Float.isNaN(value)) {
            return "NaN";
        }
        return value > 0 ? "+∞" : "−∞";
    }

    private static long[] position(long at, long[] shape) {
        long[] position = new long[shape.length];
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            position[axis] = at % shape[axis];
            at /= shape[axis];
        }
        return position;
    }
}
