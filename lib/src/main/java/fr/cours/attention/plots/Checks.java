package fr.cours.attention.plots;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Ce que les figures acceptent ; ce qu'elles refusent est nommé, avec ce qui était attendu. */
final class Checks {
    /** Au-delà, une case fait moins d'un pixel : l'image ne montrerait plus la matrice. */
    static final int LARGEST_SIDE = 512;

    private Checks() {}

    static <T> T present(T value, String name) {
        return Objects.requireNonNull(value, () -> name + " : valeur absente (null)");
    }

    static IllegalArgumentException refused(String message) {
        return new IllegalArgumentException(French.typography(message));
    }

    /** La matrice en nombres Java, copiée : la figure ne change plus quand le tableau change. */
    static double[][] matrix(INDArray array, String name) {
        present(array, name);
        if (array.isEmpty() || array.rank() != 2) {
            throw refused(name + " : trouvé " + shape(array) + ", attendu [lignes, colonnes]"
                    + (array.rank() == 1 ? " ; une ligne seule s'écrit " + name + ".reshape(1, -1)" : ""));
        }
        return matrix(array.castTo(DataType.DOUBLE).toDoubleMatrix(), name);
    }

    static double[][] matrix(double[][] values, String name) {
        present(values, name);
        if (values.length == 0 || present(values[0], name + "[0]").length == 0) {
            throw refused(name + " : trouvé une matrice vide, attendu au moins une ligne et une colonne");
        }
        double[][] copy = new double[values.length][];
        for (int i = 0; i < values.length; i++) {
            copy[i] = numbers(values[i], name + "[" + i + "]", name + "[" + i + ", ");
            if (copy[i].length != copy[0].length) {
                throw refused(name + " : la ligne " + i + " a " + copy[i].length + " colonnes, la ligne 0 en a "
                        + copy[0].length + " ; attendu des lignes de même longueur");
            }
        }
        if (Math.max(copy.length, copy[0].length) > LARGEST_SIDE) {
            throw refused(name + " : trouvé " + copy.length + " × " + copy[0].length + ", attendu au plus "
                    + LARGEST_SIDE + " de chaque côté ; montrez-en une partie");
        }
        return copy;
    }

    /** Une suite de nombres finis, copiée. */
    static double[] numbers(double[] values, String name) {
        return numbers(values, name, name + "[");
    }

    private static double[] numbers(double[] values, String name, String start) {
        present(values, name);
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                String found = Double.isNaN(values[i]) ? "NaN" : values[i] > 0 ? "+∞" : "−∞";
                throw refused(start + i + "] : trouvé " + found + ", attendu un nombre fini");
            }
        }
        return values.clone();
    }

    static double[] numbers(double[] values, String name, int size, String what) {
        double[] copy = numbers(values, name);
        if (copy.length != size) {
            throw refused(name + " : trouvé " + count(copy.length, "nombre") + ", attendu " + size + " (autant que "
                    + what + ")");
        }
        return copy;
    }

    static double[] spread(double[] values, int size, String what) {
        double[] copy = numbers(values, "spread", size, what);
        for (int i = 0; i < size; i++) {
            if (copy[i] < 0) {
                throw refused(
                        "spread[" + i + "] : trouvé " + French.compact(copy[i]) + ", attendu un écart positif ou nul");
            }
        }
        return copy;
    }

    static double[] range(String name, double min, double max) {
        if (!(Double.isFinite(min) && Double.isFinite(max) && min < max)) {
            throw refused(name + " : trouvé de " + min + " à " + max + ", attendu deux nombres finis croissants");
        }
        return new double[] {min, max};
    }

    static void scale(double max) {
        if (!(max > 0 && max <= 1)) {
            throw refused("scale : trouvé " + max + ", attendu un poids supérieur à 0 et au plus égal à 1");
        }
    }

    static void name(String value, String name) {
        if (present(value, name).isBlank()) {
            throw refused(name + " : trouvé un nom vide, attendu un nom à écrire dans la légende");
        }
    }

    static List<String> labels(List<String> labels, String name, int size, String what) {
        present(labels, name);
        if (labels.size() != size) {
            throw refused(name + " : trouvé " + count(labels.size(), "nom") + ", attendu " + size + " (autant que "
                    + what + ")");
        }
        List<String> copy = new ArrayList<>();
        for (String label : labels) {
            copy.add(present(label, name + "[" + copy.size() + "]"));
        }
        return List.copyOf(copy);
    }

    static List<String> indices(int size) {
        return IntStream.range(0, size).mapToObj(Integer::toString).toList();
    }

    /**
     * Vérifie des poids d'attention : positifs, chaque ligne de somme 1, ou entièrement nulle (masquée).
     *
     * @return pour chaque ligne, vrai si elle est masquée
     */
    static boolean[] maskedRows(double[][] weights, List<String> queries, List<String> keys, String name) {
        boolean[] masked = new boolean[weights.length];
        for (int i = 0; i < weights.length; i++) {
            double sum = 0;
            for (int j = 0; j < weights[i].length; j++) {
                if (weights[i][j] < 0) {
                    throw refused(name + "[" + i + ", " + j + "] (" + French.quoted(queries, i) + " → "
                            + French.quoted(keys, j) + ") : trouvé " + French.compact(weights[i][j])
                            + ", attendu un poids positif ou nul");
                }
                sum += weights[i][j];
            }
            masked[i] = Arrays.stream(weights[i]).allMatch(w -> w == 0);
            // Un millième : l'arrondi d'un softmax en float32 passe mille fois, une ligne oubliée jamais.
            if (!masked[i] && Math.abs(sum - 1) > 1e-3) {
                throw refused(name + " : la ligne " + i + " (" + French.quoted(queries, i) + ") a pour somme "
                        + French.number(sum, 3) + ", attendu 1, ou une ligne entièrement nulle (masquée)");
            }
        }
        return masked;
    }

    /** Les poids d'une seule tête, {@code [n, m]} ou {@code [1, n, m]} ; pour le reste, la tranche à prendre est dite. */
    static double[][] weights(INDArray weights) {
        present(weights, "weights");
        if (!weights.isEmpty() && weights.rank() == 3 && weights.size(0) == 1) {
            return matrix(weights.slice(0), "weights");
        }
        if (weights.isEmpty() || weights.rank() != 2) {
            String hint = weights.rank() == 3
                    ? " ; choisissez une tranche : weights.slice(0)"
                    : weights.rank() == 4
                            ? " ; choisissez un exemple et une tête : weights.slice(0).slice(0),"
                                    + " ou montrez toutes les têtes avec HeadGrid"
                            : "";
            throw refused("weights : trouvé " + shape(weights) + ", attendu [n, m] ou [1, n, m]" + hint);
        }
        return matrix(weights, "weights");
    }

    static String shape(INDArray array) {
        return array.isEmpty() ? "un tableau vide" : Arrays.toString(array.shape());
    }

    static String count(int n, String noun) {
        return n + " " + noun + (n > 1 ? "s" : "");
    }
}
