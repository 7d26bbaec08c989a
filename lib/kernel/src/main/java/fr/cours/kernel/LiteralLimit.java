package fr.cours.kernel;

import java.util.OptionalInt;

/**
 * La plus longue chaîne qu'un programme Java peut écrire entre guillemets : 65 535 octets.
 *
 * <p>Le compilateur ne s'en aperçoit qu'en écrivant la classe, quand JShell croit déjà le fragment accepté : plus rien
 * ne compile ensuite. Il faut donc le voir avant lui.
 */
final class LiteralLimit {
    static final int MAX_BYTES = 65_535;

    private LiteralLimit() {}

    /** Où commence la première chaîne trop longue de ce code, morceaux joints par « + » compris ; vide s'il n'y en a pas. */
    static OptionalInt firstTooLong(String code) {
        int at = 0;
        int start = 0;
        int bytes = 0;
        while (at < code.length()) {
            int end = endOfToken(code, at);
            char first = code.charAt(at);
            if (first == '"') {
                start = bytes == 0 ? at : start;
                bytes += bytes(code, at, end);
                if (bytes > MAX_BYTES) {
                    return OptionalInt.of(start);
                }
            } else if (!joins(first)) {
                bytes = 0;
            }
            at = end;
        }
        return OptionalInt.empty();
    }

    /** Vrai pour ce qui peut séparer deux chaînes que le compilateur n'en fera qu'une : « + », blancs, commentaires. */
    private static boolean joins(char first) {
        return first == '+' || first == '(' || first == ')' || first == '/' || Character.isWhitespace(first);
    }

    /** La fin d'un commentaire, d'une chaîne ou d'un caractère ; sinon, le signe suivant. */
    private static int endOfToken(String code, int at) {
        if (code.startsWith("//", at)) {
            return after(code, "\n", at + 2);
        }
        if (code.startsWith("/*", at)) {
            return after(code, "*/", at + 2);
        }
        if (code.startsWith("\"\"\"", at)) {
            return after(code, "\"\"\"", at + 3);
        }
        char quote = code.charAt(at);
        return quote == '"' || quote == '\'' ? after(code, String.valueOf(quote), at + 1) : at + 1;
    }

    private static int after(String code, String end, int from) {
        boolean escapes = !end.equals("\n") && !end.equals("*/");
        int at = from;
        while (at < code.length() && !code.startsWith(end, at)) {
            at += escapes && code.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(code.length(), at + end.length());
    }

    /** La longueur dans une classe (JVMS 4.4.7) ; un échappement y compte pour un octet. */
    private static int bytes(String code, int start, int end) {
        int bytes = 0;
        for (int i = start + 1; i < end - 1; i++) {
            char c = code.charAt(i);
            if (c == '\\') {
                i++;
                bytes++;
            } else if (c < 0x80) {
                bytes++;
            } else {
                bytes += c < 0x800 ? 2 : 3;
            }
        }
        return bytes;
    }
}
