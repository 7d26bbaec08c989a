package fr.cours.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.VarSnippet;
import jdk.jshell.spi.SPIResolutionException;

/** Les déclarations d'une cellule qui en attendent d'autres, et les variables qu'elle a vidées. */
final class Declarations {
    private final JShell shell;
    private final Map<String, DeclarationSnippet> ofThisCell = new LinkedHashMap<>();
    private final Set<String> emptied = new LinkedHashSet<>();

    Declarations(JShell shell) {
        this.shell = shell;
    }

    void startCell() {
        ofThisCell.clear();
        emptied.clear();
    }

    /** Suit ce qu'un fragment de la cellule a fait : ce qu'il déclare, ce qu'il change dans ce qui existait. */
    void follow(SnippetEvent event) {
        boolean changedByAnother = event.causeSnippet() != null;
        if (event.snippet() instanceof VarSnippet variable) {
            if (!changedByAnother) {
                emptied.remove(variable.name());
            } else if (event.isSignatureChange() && event.previousStatus().isDefined()) {
                emptied.add(variable.name());
            }
        }
        if (event.snippet() instanceof DeclarationSnippet declaration && !changedByAnother) {
            ofThisCell.put(declaration.id(), declaration);
        }
    }

    /** La première déclaration de la cellule que rien ne permet d'employer : il lui manque une classe. */
    Optional<DeclarationSnippet> firstRefused() {
        return ofThisCell.values().stream()
                .filter(declaration -> shell.status(declaration) == Status.RECOVERABLE_NOT_DEFINED)
                .findFirst();
    }

    /** Ce que le lecteur doit savoir d'une cellule réussie, une phrase par ligne ; souvent rien. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (DeclarationSnippet declaration : ofThisCell.values()) {
            if (shell.status(declaration) == Status.RECOVERABLE_DEFINED) {
                warnings.add("« " + declaration.name() + " » ne s'exécutera pas encore : " + missing(declaration));
            }
        }
        if (!emptied.isEmpty()) {
            warnings.add("Ce que cette cellule redéfinit a vidé "
                    + emptied.stream().map(name -> "« " + name + " »").collect(Collectors.joining(", "))
                    + " : exécutez de nouveau la cellule qui crée "
                    + (emptied.size() == 1 ? "cette variable" : "ces variables"));
        }
        return warnings;
    }

    /** La phrase d'un appel à du code qui attendait encore, où qu'il soit dans la chaîne des causes. */
    Optional<String> explain(Throwable failure) {
        return CellFailure.chain(failure).stream()
                .filter(SPIResolutionException.class::isInstance)
                .map(unresolved -> String.valueOf(((SPIResolutionException) unresolved).id()))
                .flatMap(id -> shell.snippets().filter(snippet -> snippet.id().equals(id)))
                .filter(DeclarationSnippet.class::isInstance)
                .filter(snippet -> shell.status(snippet).isActive())
                .map(this::missing)
                .findFirst();
    }

    /** Ce qui manque à une déclaration pour qu'elle serve. */
    String missing(Snippet snippet) {
        if (!(snippet instanceof DeclarationSnippet declaration)) {
            return "code refusé";
        }
        String missing = shell.unresolvedDependencies(declaration).collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            return "il manque " + missing;
        }
        // Rien ne manque, mais une cellule plus récente (un import, souvent) a rendu un nom ambigu.
        return "« " + declaration.name() + " » ne compile plus depuis une cellule exécutée entre-temps : "
                + shell.diagnostics(snippet)
                        .filter(Diag::isError)
                        .map(diagnostic -> diagnostic.getMessage(Locale.FRANCE))
                        .collect(Collectors.joining(" ; "));
    }
}
