package fr.cours.attention.bench;

import fr.cours.attention.layers.Tape;
import fr.cours.attention.math.Machine;
import fr.cours.attention.models.AttentionSentimentAnalyzer;
import fr.cours.attention.training.LearningRate;
import fr.cours.attention.training.Loss;
import fr.cours.attention.training.Trainer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Un pas d'entraînement du modèle d'origine : 10 000 mots, d 128, 4 têtes, lots de 32 phrases de 50 mots, abandon 0,1,
 * Adam sur tous les paramètres. Une mesure est une époque de 20 pas : le temps rendu est celui de 20 pas.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class TrainingStepBenchmark {
    private static final int STEPS = 20;
    private static final int BATCH = 32;

    private record Example(int[] ids, int label) {}

    private AttentionSentimentAnalyzer model;
    private List<Example> examples;

    @Setup
    public void setUp() {
        System.out.println(Machine.describe());
        Random random = new Random(1);
        model = new AttentionSentimentAnalyzer(10_000, 128, 4, 50, 1);
        examples = IntStream.range(0, STEPS * BATCH)
                .mapToObj(i -> new Example(random.ints(50, 2, 10_000).toArray(), i % 2))
                .toList();
    }

    @Benchmark
    public double twentySteps() {
        return new Trainer<Example>(model, this::loss)
                .batchSize(BATCH)
                .learningRate(LearningRate.constant(1e-3))
                .fit(examples)
                .losses()[0];
    }

    private Loss loss(Tape tape, List<Example> batch) {
        int[][] ids = batch.stream().map(Example::ids).toArray(int[][]::new);
        return Loss.binaryCrossEntropy(
                model.forward(tape, ids).logits(),
                batch.stream().mapToInt(Example::label).toArray());
    }
}
