package fr.cours.attention.math;

import static org.assertj.core.api.Assertions.assertThat;

import fr.cours.attention.layers.AttentionMask;
import fr.cours.attention.layers.MultiHeadAttention;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bytedeco.openblas.global.openblas;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Ce que la bibliothèque change hors d'elle : rien, tant qu'on ne le lui demande pas. Une JVM neuve pour chaque essai. */
class ThreadsTest {
    private static final int ASKED = 2;

    @Test
    void loadingAndComputingLeaveOpenBlasAsItWas() throws Exception {
        Outcome untouched = run("sans");
        assertThat(untouched.threadsBefore).isEqualTo(ASKED);
        assertThat(untouched.threadsAfter).isEqualTo(ASKED);
        assertThat(untouched.parts).isEqualTo(1);
    }

    @Test
    void oneCallTakesTheCoresAndTheResultsAreTheSame() throws Exception {
        Outcome untouched = run("sans");
        Outcome started = run("avec");
        assertThat(started.threadsBefore).isEqualTo(ASKED); // start ne charge rien encore
        assertThat(started.threadsAfter).isEqualTo(1);
        assertThat(started.parts).isEqualTo(ASKED);
        assertThat(started.values).hasSameSizeAs(untouched.values);
        for (int i = 0; i < started.values.size(); i++) {
            assertThat(Math.abs(started.values.get(i) - untouched.values.get(i)))
                    .isLessThan(1e-6);
        }
    }

    private record Outcome(int threadsBefore, int threadsAfter, int parts, List<Double> values) {}

    private static Outcome run(String how) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                how));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("OPENBLAS_NUM_THREADS", Integer.toString(ASKED));
        builder.environment().put("OMP_NUM_THREADS", Integer.toString(ASKED));
        File out = File.createTempFile("fils", ".txt");
        try {
            Process child = builder.redirectOutput(out).start();
            assertThat(child.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(child.exitValue()).isZero();
            String[] words = Files.readString(out.toPath(), StandardCharsets.UTF_8)
                    .trim()
                    .split("\\s+");
            List<Double> values =
                    Stream.of(words).skip(3).map(Double::parseDouble).toList();
            return new Outcome(
                    Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]), values);
        } finally {
            assertThat(out.delete()).isTrue();
        }
    }

    /** Écrit les fils d'OpenBLAS avant et après un calcul, les parts, et quelques nombres du calcul. */
    static final class Program {
        public static void main(String[] args) {
            Nd4j.create(1); // ND4J règle OpenBLAS au chargement
            if (args[0].equals("avec")) {
                Parallel.start();
            }
            int before = openblas.blas_get_num_threads();
            INDArray x = RandomTensors.normal(new Random(1), 2, 70, 64);
            INDArray output = new MultiHeadAttention(64, 4, 3)
                    .forward(x, x, x, AttentionMask.none())
                    .output();
            StringBuilder line =
                    new StringBuilder(before + " " + openblas.blas_get_num_threads() + " " + Parallel.threads());
            for (int i = 0; i < 200; i++) {
                line.append(' ').append(output.getDouble(i * 7));
            }
            System.out.println(line);
        }
    }
}
