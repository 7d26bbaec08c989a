package fr.cours.attention.math;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.bytedeco.openblas.global.openblas;

/**
 * Un calcul coupé en parts indépendantes, une par cœur.
 *
 * <p>OpenBLAS sait partager un produit entre deux fils ; mais entre deux produits, un seul travaille, et se rejoindre
 * coûte. Des parts longues n'ont pas ce défaut : chacune fait tout son calcul, ses produits à un seul fil.
 */
public final class Parallel {
    private static final int THREADS = Math.max(1, Machine.blasThreads());
    private static final List<ExecutorService> WORKERS = IntStream.range(1, THREADS)
            .mapToObj(number -> Executors.newSingleThreadExecutor(task -> {
                Thread worker = new Thread(task, "attention-" + number);
                worker.setDaemon(true); // ne retient pas le noyau
                return worker;
            }))
            .toList();

    /** Un seul calcul se partage à la fois : celui qui trouve les fils pris, ou qui est lui-même une part, reste seul. */
    private static final Semaphore FREE = new Semaphore(1);

    private Parallel() {}

    /** {@return combien de parts peuvent avancer ensemble : le nombre de fils donné à OpenBLAS} */
    public static int threads() {
        return THREADS;
    }

    /**
     * Exécute chaque part une fois. Les parts n'écrivent rien en commun : le résultat ne dépend pas du nombre de cœurs.
     *
     * @param parts le nombre de parts
     * @param part reçoit le numéro de la part, à partir de 0 ; la même revient toujours au même fil
     * @throws RuntimeException celle d'une part qui échoue ; les autres ont fini, aucune ne court plus
     */
    public static void run(int parts, IntConsumer part) {
        if (parts == 1 || THREADS == 1 || ComputePath.isPlain() || !FREE.tryAcquire()) {
            IntStream.range(0, parts).forEach(part);
            return;
        }
        openblas.blas_set_num_threads(1);
        CompletableFuture<Void> others = CompletableFuture.allOf(IntStream.range(1, THREADS)
                .mapToObj(first ->
                        CompletableFuture.runAsync(() -> everyOther(first, parts, part), WORKERS.get(first - 1)))
                .toArray(CompletableFuture[]::new));
        try {
            everyOther(0, parts, part);
        } finally {
            others.exceptionally(failed -> null).join(); // une part qui court écrit encore : on l'attend toujours
            openblas.blas_set_num_threads(THREADS);
            FREE.release();
        }
        try {
            others.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException refused ? refused : failed;
        }
    }

    private static void everyOther(int first, int parts, IntConsumer part) {
        for (int number = first; number < parts; number += THREADS) {
            part.accept(number);
        }
    }
}
