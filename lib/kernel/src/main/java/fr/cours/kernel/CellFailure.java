package fr.cours.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.UnresolvedReferenceException;

/**
 * L'échec d'une cellule, dit au lecteur en peu de lignes : le message, et où dans son propre code.
 *
 * <p>Les quarante appels de JShell, de la réflexion et de la bibliothèque n'apprennent rien à qui a écrit la cellule.
 */
final class CellFailure extends Exception {
    private static final long serialVersionUID = 1;
    private static final String COMPILATION = "Erreur de compilation";
    private static final int MAX_FRAMES = 5;
    private static final int MAX_DIAGNOSTICS = 5;

    private final String name;
    private final int cell;
    private final transient List<String> lines;

    private CellFailure(String name, String message, int cell, List<String> details, Throwable cause) {
        super(message, cause);
        this.name = name;
        this.cell = cell;
        this.lines = new ArrayList<>();
        this.lines.addAll(red(name + " : " + message));
        this.lines.addAll(details);
    }

    /** Du code qui a levé {@code thrown} ; {@code located} porte la pile traduite par JShell. */
    static CellFailure ofException(Throwable thrown, Throwable located, String interruption, CellSources sources) {
        List<String> frames = frames(located.getStackTrace(), sources);
        if (interruption != null) {
            return new CellFailure("Interruption", interruption, sources.cell(), frames, thrown);
        }
        OutOfMemoryError outOfMemory = find(OutOfMemoryError.class, thrown);
        if (outOfMemory != null) {
            return new CellFailure("OutOfMemoryError", MemoryReserve.exhausted(), sources.cell(), frames, thrown);
        }
        if (thrown instanceof StackOverflowError) {
            String message = "appels emboîtés trop profonds ; une méthode qui s'appelle elle-même doit s'arrêter";
            return new CellFailure("StackOverflowError", message, sources.cell(), frames, thrown);
        }
        List<String> details = new ArrayList<>(frames);
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            details.add("Cause : " + simpleName(cause) + " : " + messageOf(cause));
        }
        return new CellFailure(simpleName(thrown), messageOf(thrown), sources.cell(), details, thrown);
    }

    /** Du code que le compilateur refuse. */
    static CellFailure ofCompilation(JShell shell, Snippet snippet, CellSources sources) {
        List<String> lines = new ArrayList<>();
        shell.diagnostics(snippet).filter(Diag::isError).limit(MAX_DIAGNOSTICS).forEach(diagnostic -> {
            CellSources.Line line = sources.lineAtPosition(snippet, diagnostic.getStartPosition());
            lines.add("ligne " + line.number() + " : " + withoutLocation(diagnostic.getMessage(Locale.FRENCH)));
            lines.add("    " + line.text());
        });
        if (lines.isEmpty()) {
            CellSources.Line line = sources.currentLine();
            lines.add("ligne " + line.number() + " : " + missing(shell, snippet));
            lines.add("    " + line.text());
        }
        return new CellFailure(COMPILATION, lines.remove(0), sources.cell(), lines, null);
    }

    /** Une méthode ou une classe acceptée en attendant la suite, appelée avant qu'elle vienne. */
    static CellFailure ofMissing(JShell shell, UnresolvedReferenceException e, CellSources sources) {
        List<String> frames = frames(e.getStackTrace(), sources);
        return new CellFailure("Référence absente", missing(shell, e.getSnippet()), sources.cell(), frames, e);
    }

    private static String missing(JShell shell, Snippet snippet) {
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
                        .map(diagnostic -> diagnostic.getMessage(Locale.FRANCE))
                        .collect(Collectors.joining(" ; "));
    }

    /** Du code qui s'arrête avant sa fin. */
    static CellFailure ofIncomplete(CellSources sources) {
        CellSources.Line line = sources.currentLine();
        String message = "code inachevé à partir de la ligne " + line.number()
                + " : une parenthèse, une accolade ou un guillemet n'est pas fermé";
        return new CellFailure(COMPILATION, message, sources.cell(), List.of("    " + line.text()), null);
    }

    /** Le nom court de l'erreur, comme Jupyter l'affiche. */
    String name() {
        return name;
    }

    /** Le numéro de la cellule. */
    int cell() {
        return cell;
    }

    /** Tout ce qui s'affiche sous la cellule. */
    List<String> lines() {
        return lines;
    }

    private static List<String> frames(StackTraceElement[] stack, CellSources sources) {
        List<String> frames = new ArrayList<>();
        int hidden = 0;
        for (StackTraceElement element : stack) {
            String file = element.getFileName();
            CellSources.Line line = file != null && file.startsWith("#")
                    ? sources.lineOf(file.substring(1), element.getLineNumber())
                    : null;
            if (line == null) {
                continue;
            }
            if (frames.size() == MAX_FRAMES) {
                hidden++;
                continue;
            }
            frames.add("    cellule [" + line.cell() + "], ligne " + line.number() + " : " + line.text());
        }
        if (hidden > 0) {
            frames.add("    … et " + hidden + " autres appels");
        }
        return frames;
    }

    private static String simpleName(Throwable e) {
        String simple = e.getClass().getSimpleName();
        return simple.isEmpty() ? e.getClass().getName() : simple;
    }

    /** Un message ne manque jamais, et le lire ne lève rien. */
    private static String messageOf(Throwable e) {
        try {
            String message = e.getLocalizedMessage();
            return message == null || message.isBlank() ? "sans message" : message;
        } catch (Throwable broken) {
            return "message illisible (" + simpleName(broken) + ")";
        }
    }

    private static <T extends Throwable> T find(Class<T> type, Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
        }
        return null;
    }

    private static String withoutLocation(String message) {
        return String.join(
                "\n",
                message.lines()
                        .filter(line -> !line.strip().startsWith("location:"))
                        .toList());
    }

    private static List<String> red(String text) {
        return text.lines().map(line -> "\u001B[1;31m" + line + "\u001B[0m").toList();
    }
}
