package fr.cours.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Les tableaux d'un travail, tirés de {@link Random} par une graine qui vient de son nom : les mêmes pour tous. */
final class Inputs {
    /** Où le pilote a écrit les avis, en identifiants : un avis par ligne, sa polarité d'abord. */
    static final String REVIEWS = "bench.reviews";

    /** Un tableau float32, ligne par ligne. */
    record Array(float[] values, long... shape) {}

    /** Un lot de phrases, complétées par des 0 à la même longueur. */
    record Batch(int[][] ids, int[] labels) {}

    private final Random random;

    private Inputs(Work work) {
        random = new Random(work.name().hashCode());
    }

    /** Requêtes, clés et valeurs, {@code [batch, n, d]}. */
    static List<Array> attention(Work work) {
        Inputs inputs = new Inputs(work);
        return List.of(inputs.sequences(work), inputs.sequences(work), inputs.sequences(work));
    }

    /** L'entrée, et le gradient qui arrive à la sortie. */
    static List<Array> inputAndUpstream(Work work) {
        Inputs inputs = new Inputs(work);
        return List.of(inputs.sequences(work), inputs.sequences(work));
    }

    /** Les longueurs vraies, de la moitié de n à n. */
    static int[] lengths(Work work) {
        return new Random(work.n())
                .ints(work.batch(), work.n() / 2, work.n() + 1)
                .toArray();
    }

    /** Ce que cache le masque du travail : {@code [1, n, n]} ou {@code [batch, 1, n]}. */
    static boolean[] hidden(Work work) {
        boolean causal = work.kind() == Work.Kind.CAUSAL;
        int[] visible = causal ? new int[work.n()] : lengths(work);
        if (causal) {
            Arrays.setAll(visible, query -> query + 1);
        }
        return hidden(visible, work.n());
    }

    /** Une ligne par longueur : vrai à partir d'elle. */
    static boolean[] hidden(int[] lengths, int n) {
        boolean[] hidden = new boolean[lengths.length * n];
        for (int row = 0; row < lengths.length; row++) {
            Arrays.fill(hidden, row * n + lengths[row], (row + 1) * n, true);
        }
        return hidden;
    }

    /** Les paramètres, dans l'ordre de ceux de notre couche. */
    static List<Array> parameters(Work work) {
        Inputs inputs = new Inputs(work);
        int d = work.d();
        List<Array> parameters = new ArrayList<>();
        switch (work.kind()) {
            case LSTM ->
                parameters.addAll(List.of(
                        inputs.scaled(1 / Math.sqrt(d), d, 4 * d),
                        inputs.scaled(1 / Math.sqrt(d), d, 4 * d),
                        inputs.scaled(0.1, 4 * d)));
            case MULTI_HEAD -> inputs.heads(parameters, d);
            case ENCODER -> inputs.block(parameters, d);
            default -> {
                parameters.add(inputs.scaled(0.03, Work.WORDS, d));
                inputs.block(parameters, d);
                inputs.dense(parameters, d, 1);
            }
        }
        return parameters;
    }

    /** Les lots d'un entraînement : des phrases de 50 mots tirées au sort, ou de vrais avis. */
    static List<Batch> batches(Work work) {
        List<Batch> batches = new ArrayList<>();
        if (work.kind() == Work.Kind.EPOCH) {
            List<int[]> reviews = reviews();
            for (int from = 0; from < reviews.size(); from += work.batch()) {
                batches.add(batch(reviews.subList(from, Math.min(reviews.size(), from + work.batch())), work.n()));
            }
        } else {
            Random words = new Random(1);
            for (int step = 0; step < Work.STEPS; step++) {
                int[][] ids = new int[work.batch()][];
                Arrays.setAll(ids, i -> words.ints(work.n(), 2, Work.WORDS).toArray());
                int[] labels = new int[work.batch()];
                Arrays.setAll(labels, i -> i % 2);
                batches.add(new Batch(ids, labels));
            }
        }
        return batches;
    }

    private static Batch batch(List<int[]> reviews, int n) {
        return new Batch(
                reviews.stream()
                        .map(line -> Arrays.copyOf(Arrays.copyOfRange(line, 1, line.length), n))
                        .toArray(int[][]::new),
                reviews.stream().mapToInt(line -> line[0]).toArray());
    }

    private static List<int[]> reviews() {
        try {
            return Files.readAllLines(Path.of(System.getProperty(REVIEWS))).stream()
                    .map(line -> Arrays.stream(line.split(" "))
                            .mapToInt(Integer::parseInt)
                            .toArray())
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Le nombre de mots avant le remplissage, un au moins. Récrit ici : les JVM des concurrents n’ont pas la bibliothèque. */
    static int length(int[] ids) {
        int length = ids.length;
        while (length > 1 && ids[length - 1] == 0) {
            length--;
        }
        return length;
    }

    private void block(List<Array> parameters, int d) {
        heads(parameters, d);
        normalization(parameters, d);
        dense(parameters, d, 4 * d);
        dense(parameters, 4 * d, d);
        normalization(parameters, d);
    }

    private void heads(List<Array> parameters, int d) {
        for (int projection = 0; projection < 4; projection++) {
            dense(parameters, d, d);
        }
    }

    private void dense(List<Array> parameters, int inputs, int units) {
        parameters.add(scaled(1 / Math.sqrt(inputs), inputs, units));
        parameters.add(scaled(0.1, units));
    }

    private void normalization(List<Array> parameters, int d) {
        Array gamma = scaled(0.1, d);
        for (int i = 0; i < d; i++) {
            gamma.values[i]++;
        }
        parameters.add(gamma);
        parameters.add(scaled(0.1, d));
    }

    private Array sequences(Work work) {
        return scaled(1, work.batch(), work.n(), work.d());
    }

    private Array scaled(double scale, long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return new Array(values, shape);
    }
}
