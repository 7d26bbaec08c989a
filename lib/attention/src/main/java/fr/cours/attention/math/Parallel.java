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
 * produits à un seul fil : c'est ce que règle {@link #start}, que le programme appelle une fois. Sans cet appel, rien ne
 * change dans la JVM : les parts se suivent dans le fil qui calcule, et OpenBLAS garde ses fils ; les résultats sont les
 * mêmes, à l'ordre des sommes d'OpenBLAS près.
 */
public final class Parallel {
    /** Combien de fois regarder avant de s'endormir, environ 2 ms : réveiller un fil en coûte jusqu'à 0,2. */
    private static final int LOOKS = 6000;

    /** Combien de fois sans proposer le cœur à un autre programme, environ 50 µs. */
    private static final int EAGER_LOOKS = 2000;

    /** Un seul calcul se partage à la fois : celui qui trouve les fils pris, ou qui est lui-même une part, reste seul. */
    private static final Semaphore FREE = new Semaphore(1);

    private static volatile boolean started;

    private Parallel() {}

    /**
     * Prend les cœurs pour les calculs de cette bibliothèque : ses fils attendent leur part, et OpenBLAS passe à un fil
     * <em>pour toute la JVM</em>, les produits d'ND4J compris. À appeler une fois, avant de calculer ; un second appel ne
     * fait rien. ND4J n'est chargé et réglé qu'au premier calcul.
     */
    public static void start() {
        started = true;
    }

    /** {@return combien de parts avancent ensemble : les fils qu'OpenBLAS avait reçus, 1 tant que {@link #start} n'est pas appelé} */
    public static int threads() {
        return started ? Team.THREADS : 1;
    }

    /** À qui va calculer par BLAS : le réglage demandé est fait. */
    static void settle() {
        if (started) {
            Team.ready();
        }
    }

    /**
     * Exécute chaque part une fois. Les parts n'écrivent rien en commun : le résultat ne dépend pas du nombre de cœurs.
     *
     * @param parts le nombre de parts
     * @param part reçoit le numéro de la part, à partir de 0 ; la même revient toujours au même fil
     * @throws RuntimeException celle d'une part qui échoue ; les autres ont fini, aucune ne court plus
     */
    public static void run(int parts, IntConsumer part) {
        if (parts == 1 || threads() == 1 || ComputePath.isPlain() || !FREE.tryAcquire()) {
            IntStream.range(0, parts).forEach(part);
            return;
        }
        try {
            Team.run(parts, part);
        } finally {
            FREE.release();
        }
    }

    /**
     * Exécute un travail pendant lequel aucun calcul ne se partage, dans aucun fil : pour mesurer sur un seul, ou quand
     * plusieurs fils calculent déjà, chacun de son côté.
     *
     * @param work le travail
     */
    public static void alone(Runnable work) {
        if (threads() == 1 || !FREE.tryAcquire()) { // seul déjà, ou une part d'un calcul partagé
            work.run();
            return;
        }
        try {
            Team.onOneThread(work);
        } finally {
            FREE.release();
        }
    }

    /** Les fils, à partir du premier calcul. */
    private static final class Team {
        private static final int THREADS = takeThreads();

        /** Règle, fil par fil, en combien de fils ND4J coupe ses opérations : une part n'en occupe qu'un. */
        private static final NativeOps ND4J = NativeOpsHolder.getInstance().getDeviceNativeOps();

        private static final List<Worker> WORKERS =
                IntStream.range(1, THREADS).mapToObj(Worker::new).toList();

        private static int takeThreads() {
            Nd4j.create(1); // ND4J règle OpenBLAS au chargement
            int threads = openblas.blas_get_num_threads();
            openblas.blas_set_num_threads(1);
            return Math.max(1, threads);
        }

        static void ready() {
            // Venir ici suffit : la classe est chargée, donc réglée.
        }

        static void run(int parts, IntConsumer part) {
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
                onOneThread(() -> everyOther(0, parts, part));
            } finally {
                // Une part qui court écrit encore : on l'attend toujours.
                WORKERS.forEach(worker -> worker.waitUntil(false));
            }
            for (Throwable failed : failures) {
                if (failed != null) {
                    throw failed instanceof RuntimeException refused ? refused : new CompletionException(failed);
                }
            }
        }

        static void onOneThread(Runnable work) {
            try {
                ND4J.setOmpNumThreads(1);
                work.run();
            } finally {
                ND4J.setOmpNumThreads(THREADS);
            }
        }

        private static void everyOther(int first, int parts, IntConsumer part) {
            for (int number = first; number < parts; number += THREADS) {
                part.accept(number);
            }
        }
    }

    /** Un fil qui attend son travail ; il ne retient pas la JVM. */
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
            Team.ND4J.setOmpNumThreads(1);
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
