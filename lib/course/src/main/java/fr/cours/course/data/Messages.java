package fr.cours.course.data;

import java.io.EOFException;
import java.util.Objects;
import java.util.regex.Pattern;

/** De quoi dire ce qu'on a trouvé sans que le lecteur ait à deviner ce qui ne se voit pas. */
final class Messages {
    // L'espace se voit ; une marque se colle à la lettre d'avant et donne une lettre qui a l'air juste.
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{C}\\p{Z}\\p{M}&&[^ ]]");

    private Messages() {}

    /** Un texte où chaque caractère invisible s'écrit par son numéro : {@code U+FEFF}. */
    static String visible(String text) {
        return INVISIBLE
                .matcher(text)
                .replaceAll(found -> "U+%04X".formatted(found.group().codePointAt(0)));
    }

    /** Ce que dit une panne, même quand elle n'a pas de message. */
    static String reason(Exception failure) {
        String unsaid = failure instanceof EOFException
                ? "fin inattendue"
                : failure.getClass().getSimpleName();
        return Objects.requireNonNullElse(failure.getMessage(), unsaid);
    }
}
