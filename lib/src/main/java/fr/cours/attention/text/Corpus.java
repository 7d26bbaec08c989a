package fr.cours.attention.text;

import fr.cours.attention.text.Problems.BadLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tech.tablesaw.api.Table;

/**
 * Des avis et leur polarité, lus dans un fichier.
 *
 * <p>Le nom du fichier dit son format : {@code .tsv}, {@code .csv} ou {@code .jsonl}, suivi ou non de {@code .gz} ou
 * {@code .bz2}. L'encodage est l'UTF-8. Un en-tête nomme la polarité ({@code polarite}, {@code polarité}, {@code label}
 * ou {@code polarity}) et le texte ({@code avis}, {@code texte}, {@code text} ou {@code review}) ; sans en-tête, il faut
 * deux colonnes, la polarité d'abord. Le TSV n'a ni guillemets ni échappement.
 */
public final class Corpus {
    /** Ce qu'on fait des lignes illisibles. */
    public enum BadLines {
        /** Refuser le fichier ; l'exception nomme les premières et dit combien il y en a. */
        REPORT,
        /** Les sauter ; le nom de la table dit combien. */
        SKIP
    }

    private Corpus() {}

    /**
     * Lit un corpus dont toutes les lignes sont bonnes.
     *
     * @param file le fichier
     * @return une ligne par avis : {@code polarite} (entiers, 0 négatif ou 1 positif), {@code avis} (texte), et les
     *     autres colonnes du fichier, en texte
     * @throws IllegalArgumentException comme {@link #read(Path, BadLines)}
     * @throws UncheckedIOException si le fichier ne peut pas être lu, ou est un fichier compressé tronqué ou abîmé
     */
    public static Table read(Path file) {
        return read(file, BadLines.REPORT);
    }

    /**
     * Lit un corpus.
     *
     * @param file le fichier
     * @param badLines ce qu'on fait des lignes illisibles
     * @return la table, comme {@link #read(Path)} ; son nom est celui du fichier, suivi du nombre de lignes sautées
     * @throws IllegalArgumentException si le fichier n'existe pas, a un autre format, n'a ni en-tête connu ni deux
     *     colonnes, ne contient aucun avis, ou contient des lignes illisibles qu'il ne faut pas sauter
     * @throws UncheckedIOException si le fichier ne peut pas être lu, ou est un fichier compressé tronqué ou abîmé
     */
    public static Table read(Path file, BadLines badLines) {
        Vocabulary.checkPresent("file", file, "un fichier .tsv, .csv ou .jsonl");
        Vocabulary.checkPresent("badLines", badLines, "REPORT ou SKIP");
        String name = file.toString().toLowerCase(Locale.ROOT);
        RowFormat format = format(file, name);
        if (!Files.isRegularFile(file)) {
            throw refused(
                    file, Files.exists(file) ? "c'est un dossier, attendu un fichier" : "ce fichier n'existe pas");
        }
        Problems problems = new Problems();
        try (InputStream bytes = Files.newInputStream(file)) {
            ReviewColumns columns = read(file, format, new TextLines(bytes, name), problems);
            if (problems.count() > 0 && badLines == BadLines.REPORT) {
                throw refused(file, problems + " ; Corpus.read(fichier, BadLines.SKIP) les saute");
            }
            if (columns == null || columns.isEmpty()) {
                throw refused(file, "aucun avis trouvé, attendu au moins un" + after(problems));
            }
            String skipped = problems.count() == 0 ? "" : ", " + problems.count() + " ligne(s) sautée(s)";
            return columns.table(file.getFileName() + skipped);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + " : lecture impossible, fichier compressé tronqué ou abîmé, ou disque qui refuse ("
                            + e.getMessage() + ")",
                    e);
        }
    }

    private static ReviewColumns read(Path file, RowFormat format, TextLines lines, Problems problems)
            throws IOException {
        ReviewColumns columns = null;
        while (lines.advance()) {
            int number = lines.number();
            try {
                if (lines.line(0).isBlank()) {
                    continue;
                }
                List<String> cells = format.cells(lines);
                if (columns == null) {
                    List<String> names = format.names(cells);
                    Optional<ReviewColumns> header = ReviewColumns.ofHeader(names);
                    columns = header.or(() -> ReviewColumns.ofRow(cells))
                            .orElseThrow(() -> refused(file, noHeader(number, names) + after(problems)));
                    if (header.isPresent() && names == cells) {
                        continue; // cette ligne est l'en-tête ; en JSON, elle est aussi un avis
                    }
                }
                columns.add(cells);
            } catch (BadLine e) {
                problems.add(number, e.getMessage());
            }
        }
        return columns;
    }

    private static RowFormat format(Path file, String name) {
        String plain = name.replaceFirst("\\.(gz|bz2)$", "");
        String extension = plain.substring(plain.lastIndexOf('.') + 1);
        return switch (extension) {
            case "tsv" -> RowFormat::tabSeparated;
            case "csv" -> new RowFormat.Csv();
            case "jsonl" -> new RowFormat.JsonLines();
            default -> throw refused(file, "format inconnu, attendu .tsv, .csv ou .jsonl, suivi ou non de .gz ou .bz2");
        };
    }

    private static String after(Problems problems) {
        return problems.count() == 0 ? "" : " ; " + problems;
    }

    private static String noHeader(int number, List<String> cells) {
        String found = cells.stream()
                .limit(5)
                .map(cell -> "« " + ReviewColumns.cut(cell) + " »")
                .collect(Collectors.joining(", "));
        return "ligne " + number + ", trouvé " + found
                + ", attendu un en-tête qui nomme polarite et avis, ou deux colonnes : 0 ou 1, puis le texte";
    }

    private static IllegalArgumentException refused(Path file, String why) {
        return new IllegalArgumentException(file + " : " + why);
    }
}
