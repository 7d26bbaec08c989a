package fr.cours.attention.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.bytedeco.openblas.global.openblas;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelTest {
    private final int threads = Parallel.threads;

    @BeforeEach
    void twoThreads() {
        Parallel.threads = 2;
    }

    @AfterEach
    void asBefore() {
        Parallel.threads = threads;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE})
    void everyTaskIsDoneOnce(long work) {
        AtomicIntegerArray done = new AtomicIntegerArray(1000);
        int threads = Machine.blasThreads();
        Parallel.run(done.length(), work, done::incrementAndGet);
        for (int task = 0; task < done.length(); task++) {
            assertThat(done.get(task)).isEqualTo(1);
        }
        assertThat(openblas.blas_get_num_threads()).isEqualTo(threads);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE})
    void whatATaskThrowsComesOut(long work) {
        int threads = Machine.blasThreads();
        assertThatThrownBy(() -> Parallel.run(100, work, task -> {
                    if (task == 57) {
                        throw new ArithmeticException("tâche " + task);
                    }
                }))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("tâche 57");
        assertThat(openblas.blas_get_num_threads()).isEqualTo(threads);
    }

    @Test
    void anInterruptionComesOut() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Parallel.run(1, Long.MAX_VALUE, task -> Interruption.check()))
                .isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isFalse();
    }
}
