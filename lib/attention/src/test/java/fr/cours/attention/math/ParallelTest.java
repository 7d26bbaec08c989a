package fr.cours.attention.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ParallelTest {
    @BeforeAll
    static void start() {
        Parallel.start();
    }

    @Test
    void runsEachPartOnceOnAsManyThreadsAsThereAre() {
        AtomicIntegerArray seen = new AtomicIntegerArray(7);
        Set<String> threads = Collections.newSetFromMap(new ConcurrentHashMap<>());
        Parallel.run(7, part -> {
            seen.incrementAndGet(part);
            threads.add(Thread.currentThread().getName());
        });
        assertThat(IntStream.range(0, 7).map(seen::get)).containsOnly(1);
        assertThat(threads).hasSize(Math.min(7, Parallel.threads()));
    }

    @Test
    void aPartMayShareItsWorkAgainAndDoesItAlone() {
        AtomicIntegerArray seen = new AtomicIntegerArray(6);
        Parallel.run(2, outer -> {
            Thread mine = Thread.currentThread();
            Parallel.run(3, inner -> {
                assertThat(Thread.currentThread()).isSameAs(mine);
                seen.incrementAndGet(3 * outer + inner);
            });
        });
        assertThat(IntStream.range(0, 6).map(seen::get)).containsOnly(1);
    }

    @Test
    void nothingIsSharedWhileAWorkIsAlone() {
        Set<Thread> threads = Collections.newSetFromMap(new ConcurrentHashMap<>());
        Parallel.alone(() -> {
            Parallel.run(4, part -> threads.add(Thread.currentThread()));
            Parallel.alone(() -> Parallel.run(4, part -> threads.add(Thread.currentThread())));
        });
        assertThat(threads).containsExactly(Thread.currentThread());
        runsEachPartOnceOnAsManyThreadsAsThereAre();
    }

    @Test
    void aFailureIsTheCallersAndLeavesEverythingUsable() {
        int blas = Parallel.threads();
        for (int failing : List.of(0, 1)) {
            assertThatThrownBy(() -> Parallel.run(2, part -> {
                        if (part == failing) {
                            throw new ArithmeticException("part " + part);
                        }
                    }))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("part " + failing);
        }
        assertThat(Parallel.threads()).isEqualTo(blas);
        runsEachPartOnceOnAsManyThreadsAsThereAre();
    }

    @Test
    void anInterruptionWaitsForThePartsAndIsNotLost() {
        AtomicIntegerArray done = new AtomicIntegerArray(2);
        Thread.currentThread().interrupt();
        Parallel.run(2, done::incrementAndGet);
        assertThat(IntStream.range(0, 2).map(done::get)).containsOnly(1);
        assertThat(Thread.interrupted()).isTrue();
    }
}
