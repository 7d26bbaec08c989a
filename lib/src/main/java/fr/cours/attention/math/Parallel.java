package fr.cours.attention.math;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.bytedeco.openblas.global.openblas;

/**
 * Des tâches indépendantes, partagées entre les cœurs. Chaque tâche écrit son propre morceau du résultat : qui la fait
 * ne change pas un bit.
 *
 * <p>Pendant ce temps BLAS travaille sur un seul fil par appel : ses fils et les nôtres se disputeraient les cœurs.
 */
final class Parallel {
    /** Ce que coûte de réveiller un autre fil, en multiplications : en dessous, on reste seul. */
    private static final long WORTH_WAKING = 1 << 22;

    // Un seul fil d'ordinaire, et BLAS garde les siens : sur deux cœurs occupés, les nôtres ont ralenti l'entraînement
    // du
    // modèle de sentiment de 1,3 à 1,9 fois (25 novembre 2026). -Dattention.threads=2 les essaie.
    static int threads = Integer.getInteger("attention.threads", 1);

    private static final ExecutorService HELPERS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "math");
        thread.setDaemon(true);
        return thread;
    });
    private static final Object BLAS = new Object();
    private static int regions;
    private static int blasThreads;

    private Parallel() {}

    /**
     * Fait {@code body(0)} à {@code body(tasks − 1)}, dans un ordre quelconque.
     *
     * @param tasks nombre de tâches
     * @param work leur coût à toutes, en multiplications, pour juger s'il vaut un second fil
     * @param body une tâche ; ce qu'elle lance arrête les autres et ressort ici
     */
    static void run(int tasks, long work, IntConsumer body) {
        int helpers = work < WORTH_WAKING || ComputePath.isPlain() ? 0 : Math.min(tasks, threads) - 1;
        if (helpers <= 0) {
            for (int task = 0; task < tasks; task++) {
                body.accept(task);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        CountDownLatch left = new CountDownLatch(tasks);
        Runnable share = () -> {
            for (int task = next.getAndIncrement(); task < tasks; task = next.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        body.accept(task);
                    }
                } catch (RuntimeException thrown) {
                    failure.compareAndSet(null, thrown);
                } finally {
                    left.countDown();
                }
            }
        };
        singleThreadedBlas(1);
        try {
            for (int helper = 0; helper < helpers; helper++) {
                HELPERS.execute(share);
            }
            share.run();
        } finally {
            awaitAll(left);
            singleThreadedBlas(-1);
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private static void singleThreadedBlas(int entered) {
        synchronized (BLAS) {
            if (entered > 0 && regions == 0) {
                blasThreads = openblas.blas_get_num_threads();
            }
            regions += entered;
            openblas.blas_set_num_threads(regions > 0 ? 1 : blasThreads);
        }
    }

    /**
     * Les aides écrivent dans la mémoire de l'appelant : même interrompu, il attend les tâches qu'elles ont prises. Une
     * aide qui n'a pas encore démarré n'a rien pris, et ne retarde personne.
     */
    private static void awaitAll(CountDownLatch left) {
        boolean interrupted = false;
        while (left.getCount() > 0) {
            try {
                left.await();
            } catch (InterruptedException asked) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
