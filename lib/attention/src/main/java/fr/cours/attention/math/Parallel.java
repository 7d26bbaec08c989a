package fr.cours.attention.math;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Un calcul coupé en parts indépendantes, une par cœur.
 *
 * <p>OpenBLAS sait partager un produit entre deux fils ; mais entre deux produits, un seul travaille, et l'autre tourne
 * à vide des dizaines de millisecondes en attendant le suivant. Ici des parts longues font tout leur calcul, et leurs
 * produits à un seul fil : dès que le cours calcule, OpenBLAS n'en a plus qu'un.
 */
public final class Parallel {
    /** Combien de fois regarder avant de s'endormir, environ 2 ms : réveiller un fil en coûte jusqu'à 0,2. */
    private static final int LOOKS = 6000;

    /** Combien de fois sans proposer le cœur à un autre programme, environ 50 µs. */
    private static final int EAGER_LOOKS = 2000;

    private static final int THREADS = takeThreads();

    /** Règle, fil par fil, en combien de fils ND4J coupe ses opérations : une part n'en occupe qu'un. */
    private static final NativeOps ND4J = NativeOpsHolder.getInstance().getDeviceNativeOps();

    private static final List<Worker> WORKERS =
            IntStream.range(1, THREADS).mapToObj(Worker::new).toList();

    /** Un seul calcul se partage à la fois : celui qui trouve les fils pris, ou qui est lui-même une part, reste seul. */
    private static final Semaphore FREE = new Semaphore(1);

    private Parallel() {}

    private static int takeThreads() {
        Nd4j.create(1); // ND4J règle OpenBLAS au chargement
        int threads = openblas.blas_get_num_threads();
        openblas.blas_set_num_threads(1);
        return Math.max(1, threads);
    }

    /** {@return combien de parts peuvent avancer ensemble : le nombre de fils qu'OpenBLAS avait reçu} */
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
        Throwable[] failures = new Throwable[THREADS];
        for (int number = 1; number < THREADS; number++) {
            int first = number;
            WORKERS.get(number - 1).give(() -> {
                try {
                    everyOther(first, parts, part);
                } catch (Throwable failed) {
                    failures[first] = failed;
                }
            });
        }
        try {
            ND4J.setOmpNumThreads(1);
            everyOther(0, parts, part);
        } finally {
            ND4J.setOmpNumThreads(THREADS);
            WORKERS.forEach(
                    worker -> worker.waitUntil(false)); // une part qui court écrit encore : on l'attend toujours
            FREE.release();
        }
        for (Throwable failed : failures) {
            if (failed != null) {
                throw failed instanceof RuntimeException refused ? refused : new CompletionException(failed);
            }
        }
    }

    /**
     * Exécute un travail pendant lequel aucun calcul ne se partage, dans aucun fil : pour mesurer sur un seul, ou quand
     * plusieurs fils calculent déjà, chacun de son côté.
     *
     * @param work le travail
     */
    public static void alone(Runnable work) {
        run(2, part -> {
            if (part == 0) { // une part ne se coupe pas, et les fils sont pris
                work.run();
            }
        });
    }

    private static void everyOther(int first, int parts, IntConsumer part) {
        for (int number = first; number < parts; number += THREADS) {
            part.accept(number);
        }
    }

    /** Un fil qui attend son travail ; il ne retient pas le noyau. */
    private static final class Worker extends Thread {
        private volatile Runnable work;

        Worker(int number) {
            super("attention-" + number);
            setDaemon(true);
            start();
        }

        void give(Runnable given) {
            work = given;
            LockSupport.unpark(this);
        }

        @Override
        public void run() {
            ND4J.setOmpNumThreads(1);
            while (true) {
                waitUntil(true);
                work.run();
                work = null;
            }
        }

        /** Regarde un moment, puis dort, un peu seulement quand on attend une fin que rien n'annonce. */
        void waitUntil(boolean busy) {
            for (int look = 0; (work != null) != busy; look++) {
                if (look < EAGER_LOOKS) {
                    Thread.onSpinWait();
                } else if (look < LOOKS) {
                    Thread.yield();
                } else {
                    LockSupport.parkNanos(busy ? Long.MAX_VALUE : 50_000);
                }
            }
        }
    }
}
