package fr.cours.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Ce que JMH mesure : un travail, fait par le concurrent de cette JVM. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WorkBenchmark {
    /** Qui concourt dans cette JVM : {@link Child} le dit. */
    static Contender contender;

    /** Le nom du travail. */
    @Param("")
    public String work;

    private Contender.Task task;

    /** Prépare le travail. */
    @Setup
    public void setUp() {
        task = contender.prepare(Work.named(work));
    }

    /** {@return ce que le travail rend} */
    @Benchmark
    public Object run() {
        return task.run();
    }

    /** Rend la mémoire. */
    @TearDown
    public void tearDown() {
        task.close();
    }
}
