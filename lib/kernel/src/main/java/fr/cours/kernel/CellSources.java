package fr.cours.kernel;

import java.util.HashMap;
import java.util.Map;
import jdk.jshell.Snippet;

/** Retrouve la cellule et la ligne d'où vient un fragment : JShell ne connaît que des fragments numérotés. */
final class CellSources {
    /** Une ligne de code telle que le lecteur la voit. */
    record Line(int cell, int number, String text) {}

    private record Origin(int cell, int firstLine, String source) {}

    private final Map<String, Origin> origins = new HashMap<>();
    private int cell;
    private String code = "";
    private int snippetStart;

    void startCell(int number, String cellCode) {
        cell = number;
        code = cellCode;
        snippetStart = 0;
    }

    void startSnippet(int offset) {
        snippetStart = offset;
    }

    /** Se souvient que le fragment vient de l'endroit courant : une version plus récente garde le même numéro. */
    void remember(Snippet snippet) {
        origins.put(snippet.id(), new Origin(cell, lineAt(code, snippetStart), snippet.source()));
    }

    int cell() {
        return cell;
    }

    /** Tout le code de la cellule en cours. */
    String code() {
        return code;
    }

    /** La ligne où commence le fragment courant. */
    Line currentLine() {
        int number = lineAt(code, snippetStart);
        return new Line(cell, number, textOf(code, number));
    }

    /** La ligne de la cellule en cours qui contient ce caractère du fragment courant. */
    Line lineInSnippet(int position) {
        int number = lineAt(code, snippetStart + position);
        return new Line(cell, number, textOf(code, number));
    }

    /** La ligne d'une cellule pour la ligne d'un fragment, ou {@code null} si le fragment n'est pas d'une cellule. */
    Line lineOf(String snippetId, int lineInSnippet) {
        Origin origin = origins.get(snippetId);
        return origin == null || origin.cell == 0
                ? null
                : new Line(origin.cell, origin.firstLine + lineInSnippet - 1, textOf(origin.source, lineInSnippet));
    }

    /** La ligne qui contient ce caractère du fragment. */
    Line lineAtPosition(Snippet snippet, long position) {
        return lineOf(snippet.id(), lineAt(snippet.source(), (int) Math.max(0, position)));
    }

    private static int lineAt(String text, int offset) {
        return 1
                + (int) text.substring(0, Math.min(offset, text.length()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }

    private static String textOf(String text, int line) {
        return text.lines().skip(Math.max(0, line - 1)).findFirst().orElse("").strip();
    }
}
