package fr.cours.kernel;

import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import jdk.jshell.SourceCodeAnalysis.Suggestion;

/**
 * Ce que l'on peut écrire à l'endroit du curseur, et ce qu'on en sait.
 *
 * <p>Jupyter compte en caractères Unicode, Java en demi-caractères : « 🎓 » en vaut deux. Et JShell n'aide que dans un
 * fragment à la fois, quand une cellule en a plusieurs.
 */
final class CellCompletion {
    private final JShell shell;
    private final SourceCodeAnalysis analysis;

    CellCompletion(JShell shell) {
        this.shell = shell;
        this.analysis = shell.sourceCodeAnalysis();
    }

    /** Le fragment où est le curseur : où il commence, et ce qui le précède dans la cellule. */
    private record Place(int start, String fragment, List<String> before) {}

    /** Les suites possibles, {@code null} s'il n'y en a pas. */
    ReplacementOptions complete(String code, int codePoints) {
        int cursor = offset(code, codePoints);
        Place place = place(code, cursor);
        return withImportsOf(place, () -> {
            String locals = localsOf(place);
            int[] anchor = new int[1];
            List<String> suggestions =
                    suggest(locals + place.fragment(), locals.length() + cursor - place.start(), anchor);
            if (suggestions.isEmpty() && !locals.isEmpty()) {
                locals = "";
                suggestions = suggest(place.fragment(), cursor - place.start(), anchor);
            }
            int start = place.start() + anchor[0] - locals.length();
            return suggestions.isEmpty()
                    ? null
                    : new ReplacementOptions(suggestions, code.codePointCount(0, start), codePoints);
        });
    }

    private List<String> suggest(String source, int cursor, int[] anchor) {
        return analysis.completionSuggestions(source, cursor, anchor).stream()
                .sorted(Comparator.comparing(suggestion -> !suggestion.matchesType()))
                .map(Suggestion::continuation)
                .distinct()
                .toList();
    }

    /** Ce que dit la documentation du nom où est le curseur, {@code null} si elle ne dit rien. */
    DisplayData inspect(String code, int codePoints) {
        int cursor = offset(code, codePoints);
        int end = cursor;
        while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
            end++;
        }
        int parenthesis = end;
        while (parenthesis < code.length() && Character.isWhitespace(code.charAt(parenthesis))) {
            parenthesis++;
        }
        int at = parenthesis < code.length() && code.charAt(parenthesis) == '(' ? parenthesis + 1 : end;
        Place place = place(code, cursor);
        return withImportsOf(place, () -> {
            List<Documentation> found = analysis.documentation(place.fragment(), at - place.start(), true);
            return found.isEmpty() ? null : shown(found);
        });
    }

    private static DisplayData shown(List<Documentation> found) {
        DisplayData data = new DisplayData(joined(found, "\n\n", "\n"));
        data.putHTML(joined(found, "<br/><br/>", "<br/>"));
        return data;
    }

    private static String joined(List<Documentation> found, String between, String afterSignature) {
        return found.stream()
                .map(d -> d.javadoc() == null ? d.signature() : d.signature() + afterSignature + d.javadoc())
                .collect(Collectors.joining(between));
    }

    private static int offset(String code, int codePoints) {
        return code.offsetByCodePoints(0, Math.min(codePoints, code.codePointCount(0, code.length())));
    }

    private Place place(String code, int cursor) {
        List<String> before = new ArrayList<>();
        int start = 0;
        CompletionInfo info = analysis.analyzeCompletion(code);
        while (info.completeness().isComplete()
                && code.length() - info.remaining().length() < cursor) {
            before.add(info.source());
            start = code.length() - info.remaining().length();
            info = analysis.analyzeCompletion(info.remaining());
        }
        return new Place(start, code.substring(start), before);
    }

    /** Les variables que la cellule déclare avant le fragment : elle n'a pas encore été exécutée. */
    private String localsOf(Place place) {
        return place.before().stream()
                .filter(source -> isOf(source, Snippet.Kind.VAR))
                .collect(Collectors.joining("", "{", ""))
                .replaceAll("^\\{$", "");
    }

    private boolean isOf(String source, Snippet.Kind kind) {
        return analysis.sourceToSnippets(source).stream().anyMatch(snippet -> snippet.kind() == kind);
    }

    /** Importe le temps de chercher ce que la cellule importe avant le fragment. */
    private <T> T withImportsOf(Place place, Supplier<T> search) {
        List<Snippet> added = new ArrayList<>();
        try {
            List<String> known = shell.imports().map(ImportSnippet::fullname).toList();
            for (String source : place.before()) {
                if (analysis.sourceToSnippets(source).stream()
                        .anyMatch(s -> s instanceof ImportSnippet wanted && !known.contains(wanted.fullname()))) {
                    shell.eval(source).stream().map(SnippetEvent::snippet).forEach(added::add);
                }
            }
            return search.get();
        } finally {
            added.stream().filter(snippet -> shell.status(snippet).isActive()).forEach(shell::drop);
        }
    }
}
