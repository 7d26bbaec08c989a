package fr.cours.bench;

import fr.cours.attention.math.Parallel;
import fr.cours.attention.models.AttentionSentimentAnalyzer;
import fr.cours.attention.training.Loss;
import fr.cours.attention.training.Trainer;
import fr.cours.figures.LineChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** La mémoire résidente au fil de cinquante entraînements dans une même JVM : rien ne doit s'y accumuler. */
final class Trainings {
    private static final int TRAININGS = 50;
    private static final int STEPS = 10;
    private static final int BATCH = 32;

    private record Example(int[] ids, int label) {}

    private Trainings() {}

    /** @param args le dossier où écrire {@code memoire.png} et {@code memoire.csv} */
    public static void main(String[] args) throws IOException {
        Parallel.start();
        double[] resident = new double[TRAININGS];
        double[] x = new double[TRAININGS];
        for (int i = 0; i < TRAININGS; i++) {
            train(i);
            x[i] = i + 1;
            resident[i] = resident();
            System.out.printf("après %2d entraînement(s) : %.0f Mio%n", i + 1, resident[i]);
        }
        double early = Arrays.stream(resident, 4, 14).average().orElseThrow();
        double late =
                Arrays.stream(resident, TRAININGS - 10, TRAININGS).average().orElseThrow();
        System.out.printf(
                "au plus %.0f Mio ; en moyenne %.0f Mio du 5e au 14e, %.0f Mio sur les dix derniers%n",
                Arrays.stream(resident).max().orElseThrow(), early, late);
        Path directory = Path.of(args[0]);
        Files.write(
                directory.resolve("memoire.png"),
                LineChart.of("mémoire résidente", x, resident)
                        .level("500 Mio", 500)
                        .title("Mémoire du noyau au fil de cinquante entraînements")
                        .xAxis("entraînements faits")
                        .yAxis("Mio")
                        .draw()
                        .png());
        Files.write(
                directory.resolve("memoire.csv"),
                IntStream.range(0, TRAININGS)
                        .mapToObj(i -> (i + 1) + ";" + resident[i])
                        .toList());
    }

    /** Un modèle neuf, quelques pas, et tout est laissé au ramasse-miettes, comme d'une cellule réexécutée. */
    private static void train(int seed) {
        Random random = new Random(seed);
        var model = new AttentionSentimentAnalyzer(Work.WORDS, 128, 4, 50, seed);
        List<Example> examples = IntStream.range(0, STEPS * BATCH)
                .mapToObj(i -> new Example(random.ints(50, 2, Work.WORDS).toArray(), i % 2))
                .toList();
        new Trainer<Example>(model, (tape, batch) -> {
                    int[][] ids = batch.stream().map(Example::ids).toArray(int[][]::new);
                    int[] labels = batch.stream().mapToInt(Example::label).toArray();
                    return Loss.binaryCrossEntropy(model.forward(tape, ids).logits(), labels);
                })
                .batchSize(BATCH)
                .fit(examples);
    }

    private static double resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                .findFirst()
                .orElseThrow();
    }
}
