package fr.cours.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Des résultats comparés : tous leurs nombres, ou un sur quelques-uns dans les très grands tableaux. */
final class Samples {
    private static final int KEPT = 200_000;

    private Samples() {}

    /** Un nombre sur un pas impair : toutes les colonnes d'une matrice y passent. */
    static float[] of(long length, IntToDoubleFunction value) {
        int step = (int) (length / KEPT) | 1;
        float[] kept = new float[(int) ((length + step - 1) / step)];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = (float) value.applyAsDouble(i * step);
        }
        return kept;
    }

    static float[] of(float[] values) {
        return of(values.length, i -> values[i]);
    }

    static void write(Path directory, List<float[]> results) throws IOException {
        Files.createDirectories(directory);
        for (int i = 0; i < results.size(); i++) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(results.get(i).length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(results.get(i));
            Files.write(directory.resolve(i + ".f32"), bytes.array());
        }
    }

    private static List<float[]> read(Path directory) throws IOException {
        List<float[]> results = new ArrayList<>();
        for (Path file = directory.resolve("0.f32");
                Files.exists(file);
                file = directory.resolve(results.size() + ".f32")) {
            FloatBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            float[] values = new float[buffer.remaining()];
            buffer.get(values);
            results.add(values);
        }
        return results;
    }

    /**
     * Le plus grand écart entre deux suites de résultats, relatif au plus grand nombre de chaque tableau ; infini si
     * leurs formes diffèrent, s'il manque un résultat ou si un nombre n'est pas fini. Un tableau mille fois plus petit que les autres est rapporté à
     * eux : le gradient du biais des clés, nul en théorie, n'est que le bruit des arrondis.
     */
    static double gap(Path ours, Path theirs) throws IOException {
        List<float[]> expected = read(ours);
        List<float[]> found = read(theirs);
        if (expected.isEmpty() || expected.size() != found.size()) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = expected.stream().mapToDouble(Samples::largest).max().getAsDouble();
        double gap = 0;
        for (int i = 0; i < expected.size(); i++) {
            double difference = difference(expected.get(i), found.get(i));
            if (difference == Double.POSITIVE_INFINITY) {
                return difference; // rapporté à un NaN de chez nous, il ne serait plus un écart
            }
            if (difference > 0) { // deux tableaux de zéros sont égaux
                gap = Math.max(gap, difference / Math.max(largest(expected.get(i)), largest / 1000));
            }
        }
        return gap;
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double difference(float[] expected, float[] found) {
        if (expected.length != found.length) {
            return Double.POSITIVE_INFINITY;
        }
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            double here = Math.abs(expected[i] - found[i]);
            difference = Double.isNaN(here) ? Double.POSITIVE_INFINITY : Math.max(difference, here);
        }
        return difference;
    }
}
