package fr.cours.attention.bench;

import fr.cours.attention.layers.Lstm;
import fr.cours.attention.layers.Tape;
import fr.cours.attention.math.Machine;
import fr.cours.attention.math.RandomTensors;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;
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

/** Une LSTM de 128 unités sur 32 phrases de 50 mots de dimension 128 : la passe avant seule, puis l'aller et retour. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LstmBenchmark {
    private Lstm lstm;
    private INDArray x; // [32, 50, 128]
    private INDArray upstream; // [32, 50, 128]

    @Setup
    public void setUp() {
        System.out.println(Machine.describe());
        lstm = new Lstm("lstm", 128, 128, false, new Random(1));
        x = RandomTensors.normal(new Random(2), 32, 50, 128);
        upstream = RandomTensors.normal(new Random(3), 32, 50, 128);
    }

    @Benchmark
    public INDArray forward() {
        return lstm.forward(Tape.NONE, x);
    }

    @Benchmark
    public INDArray forwardAndBackward() {
        Tape tape = new Tape();
        tape.backward(lstm.forward(tape, x), upstream, lstm.parameters());
        return tape.gradient(x);
    }
}
