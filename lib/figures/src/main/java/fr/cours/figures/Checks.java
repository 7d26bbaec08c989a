package fr.cours.figures;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Ce que les figures acceptent, copié ; ce qu'elles refusent est nommé, avec ce qui était attendu. */
final class Checks {
    private Checks() {}

    static IllegalArgumentException refused(String message) {
        return new IllegalArgumentException(French.typography(message));
    }

    static <T> T present(T value, String name, String expected) {
        if (value == null) {
            throw refused(name + " : valeur absente (null), attendu " + expected);
        }
        return value;
    }

    static double[][] matrix(INDArray array, String name) {
        present(array, name, "une matrice");
        if (array.isEmpty() || array.rank() != 2) {
            throw refused(name + " : trouvé " + shape(array) + ", attendu [lignes, colonnes]"
                    + (array.rank() == 1 ? " ; une ligne seule s'écrit " + name + ".reshape(1, -1)" : ""));
        }
        double[][] values = array.castTo(DataType.DOUBLE).toDoubleMatrix();
        for (int i = 0; i < values.length; i++) {
            each(values[i], name + "[" + i + ", ", Double::isFinite, "un nombre fini");
        }
        return values;
    }

    /** Une suite dont chaque nombre convient, copiée ; le premier qui ne convient pas est nommé par sa position. */
    static double[] each(double[] values, String position, DoublePredicate accepted, String expected) {
        for (int i = 0; i < values.length; i++) {
            if (!accepted.test(values[i])) {
                throw refused(position + i + "] : trouvé " + French.compact(values[i]) + ", attendu " + expected);
            }
        }
        return values.clone();
    }

    static double[] numbers(double[] values, String name) {
        if (present(values, name, "des nombres").length == 0) {
            throw refused(name + " : trouvé un tableau vide, attendu au moins un nombre");
        }
        return each(values, name + "[", Double::isFinite, "un nombre fini");
    }

    static double[] numbers(double[] values, String name, int size, String what) {
        sized(numbers(values, name).length, "nombre", name, size, what);
        return values.clone();
    }

    static double[] range(String name, double min, double max) {
        if (!(Double.isFinite(min) && Double.isFinite(max) && min < max)) {
            throw refused(name + " : trouvé de " + min + " à " + max + ", attendu deux nombres finis croissants");
        }
        return new double[] {min, max};
    }

    static List<String> labels(List<String> labels, String name, int size, String what) {
        sized(present(labels, name, "une liste de noms").size(), "nom", name, size, what);
        for (int i = 0; i < size; i++) {
            present(labels.get(i), name + "[" + i + "]", "un nom");
        }
        return List.copyOf(labels);
    }

    private static void sized(int found, String noun, String name, int size, String what) {
        if (found != size) {
            throw refused(name + " : trouvé " + French.count(found, noun) + ", attendu " + size + " (autant que " + what
                    + ")");
        }
    }

    static String shape(INDArray array) {
        return array.isEmpty() ? "un tableau vide" : Arrays.toString(array.shape());
    }
}
