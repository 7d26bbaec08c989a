package fr.cours.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
    private static final int MAX_TEXT = 200;
    private static final String TO_A_FILE =
            ", plus que Java n'en accepte ; mettez ces données dans un fichier et lisez-le (Files.readString)";

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
        if (chain(thrown).stream().anyMatch(CellFailure::isOutOfMemory)) {
            return new CellFailure("OutOfMemoryError", MemoryReserve.exhausted(), sources.cell(), frames, thrown);
        }
        if (thrown instanceof StackOverflowError) {
            String message = "appels emboîtés trop profonds ; une méthode qui s'appelle elle-même doit s'arrêter";
            return new CellFailure("StackOverflowError", message, sources.cell(), frames, thrown);
        }
        List<String> details = new ArrayList<>(frames);
        chain(thrown).stream()
                .skip(1)
                .map(cause -> "Cause : " + simpleName(cause) + " : " + messageOf(cause))
                .forEach(details::add);
        return new CellFailure(simpleName(thrown), messageOf(thrown), sources.cell(), details, thrown);
    }

    /** Du code que le compilateur refuse. */
    static CellFailure ofCompilation(JShell shell, Snippet snippet, Declarations declarations, CellSources sources) {
        List<String> lines = new ArrayList<>();
        shell.diagnostics(snippet).filter(Diag::isError).limit(MAX_DIAGNOSTICS).forEach(diagnostic -> {
            CellSources.Line line = sources.lineAtPosition(snippet, diagnostic.getStartPosition());
            lines.add("ligne " + line.number() + " : " + sentence(diagnostic));
            lines.add(excerpt(line));
        });
        if (lines.isEmpty()) {
            CellSources.Line line = sources.lineAtPosition(snippet, 0);
            lines.add("ligne " + line.number() + " : " + declarations.missing(snippet));
            lines.add(excerpt(line));
        }
        return new CellFailure(COMPILATION, lines.remove(0), sources.cell(), lines, null);
    }

    /** Une méthode ou une classe acceptée en attendant la suite, appelée avant qu'elle vienne. */
    static CellFailure ofMissing(UnresolvedReferenceException e, Declarations declarations, CellSources sources) {
        List<String> frames = frames(e.getStackTrace(), sources);
        return new CellFailure("Référence absente", declarations.missing(e.getSnippet()), sources.cell(), frames, e);
    }

    /** Une chaîne qu'aucune classe ne peut contenir. */
    static CellFailure ofLongLiteral(CellSources.Line line, CellSources sources) {
        String message =
                "ligne " + line.number() + " : chaîne de plus de " + LiteralLimit.MAX_BYTES + " octets" + TO_A_FILE;
        return new CellFailure(COMPILATION, message, sources.cell(), List.of(excerpt(line)), null);
    }

    /** Du code qui s'arrête avant sa fin. */
    static CellFailure ofIncomplete(CellSources sources) {
        CellSources.Line line = sources.currentLine();
        String message = "code inachevé à partir de la ligne " + line.number()
                + " : une parenthèse, une accolade ou un guillemet n'est pas fermé";
        return new CellFailure(COMPILATION, message, sources.cell(), List.of(excerpt(line)), null);
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

    /** L'exception et ses causes, chacune une fois : rien n'empêche une cause de revenir à son effet. */
    static List<Throwable> chain(Throwable e) {
        Set<Throwable> chain = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> inOrder = new ArrayList<>();
        for (Throwable t = e; t != null && chain.add(t); t = t.getCause()) {
            inOrder.add(t);
        }
        return inOrder;
    }

    /** La mémoire des tableaux est hors du tas : c'est le C++ qui la refuse, sous un autre nom. */
    private static boolean isOutOfMemory(Throwable e) {
        return e instanceof OutOfMemoryError || messageOf(e).contains("std::bad_alloc");
    }

    private static String excerpt(CellSources.Line line) {
        String text = line.text();
        return "    " + (text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…");
    }

    private static String sentence(Diag diagnostic) {
        return switch (diagnostic.getCode()) {
            case "compiler.err.limit.code", "compiler.err.limit.code.too.large.for.try.stmt" ->
                "méthode ou tableau" + TO_A_FILE;
            case "compiler.err.limit.string", "compiler.err.limit.string.overflow" -> "chaîne" + TO_A_FILE;
            default -> withoutLocation(diagnostic.getMessage(Locale.FRENCH));
        };
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
