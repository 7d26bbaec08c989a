package fr.cours.kernel;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.Diag;

/**
 * Du Java juste dans un fichier, que JShell refuse dans une cellule parce qu'il met chaque déclaration, rendue publique,
 * dans un fichier à elle ; ici, écrit comme il l'accepte.
 */
final class SourceRepair {
    private static final Pattern SEALED = Pattern.compile("\\b(?:class|interface)\\s+(\\w+)[^{]*");

    private SourceRepair() {}

    /** Le fragment réécrit, sans changer ses lignes ; vide si son refus a une autre cause. */
    static Optional<String> of(String source, List<Diag> errors, String cell) {
        if (errors.size() != 1) {
            return Optional.empty();
        }
        return switch (errors.get(0).getCode()) {
            case "compiler.err.invalid.canonical.constructor.in.record" ->
                withPublicConstructor(source, (int) errors.get(0).getStartPosition());
            case "compiler.err.sealed.class.must.have.subclasses" -> withPermits(source, cell);
            default -> Optional.empty();
        };
    }

    /** {@code record P(int x) { P { … } }} : dans un record public, le constructeur doit l'être aussi. */
    private static Optional<String> withPublicConstructor(String source, int constructor) {
        Matcher name = Pattern.compile("\\brecord\\s+(\\w+)").matcher(source);
        return name.find() && source.startsWith(name.group(1), constructor)
                ? Optional.of(source.substring(0, constructor) + "public " + source.substring(constructor))
                : Optional.empty();
    }

    /** Un type scellé sans {@code permits} permet ceux de son fichier : ici, ceux de sa cellule. */
    private static Optional<String> withPermits(String source, String cell) {
        Matcher sealed = SEALED.matcher(source);
        if (!sealed.find() || sealed.group().contains("permits")) {
            return Optional.empty();
        }
        String permitted = Pattern.compile(
                        "\\b(?:class|interface|record|enum)\\s+(\\w+)[^{;]*?\\b(?:implements|extends)\\b[^{;]*\\b"
                                + sealed.group(1) + "\\b[^{;]*\\{")
                .matcher(cell)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.joining(", "));
        return permitted.isEmpty()
                ? Optional.empty()
                : Optional.of(source.substring(0, sealed.end()) + " permits " + permitted + " "
                        + source.substring(sealed.end()));
    }
}
