package fr.cours.course.data;

import fr.cours.attention.math.Arguments;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
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
    private static final List<String> POLARITY = List.of("polarite", "polarité", "label", "polarity");
    private static final List<String> TEXT = List.of("avis", "texte", "text", "review");
    private static final int SHOWN = 5;
    private static final int MOST_COLUMNS = 1000; // au-delà, ce n'est pas un corpus, et la table serait lente
    private static final String REPLACE = "remplacez chaque polarité par 0 ou 1";

    /** Ce qu'on fait des lignes illisibles. */
    public enum BadLines {
        /** Refuser le fichier ; l'exception nomme les premières et dit combien il y en a. */
        REPORT,
        /** Les sauter ; le nom de la table dit combien. */
        SKIP
    }

    private final Path file;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Integer> remedies = new LinkedHashMap<>(); // combien de lignes chacun sauverait
    private final IntColumn polarities = IntColumn.create("polarite");
    private final List<StringColumn> columns = new ArrayList<>(); // celle de la polarité ne sert que de place
    private int polarityAt;
    private int textAt;

    private Corpus(Path file) {
        this.file = file;
    }

    /**
     * Lit un corpus dont toutes les lignes sont bonnes.
     *
     * @param file le fichier
     * @return une ligne par avis : {@code polarite} (entiers, 0 négatif ou 1 positif), {@code avis} (texte), et les
     *     autres colonnes du fichier, en texte
     * @throws IllegalArgumentException comme {@link #read(Path, BadLines)}
     * @throws UncheckedIOException si le fichier n'est pas lisible, ou est un fichier compressé tronqué ou abîmé
     * @throws CancellationException si le fil courant est interrompu
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
     * @throws UncheckedIOException si le fichier n'est pas lisible, ou est un fichier compressé tronqué ou abîmé
     * @throws CancellationException si le fil courant est interrompu
     */
    public static Table read(Path file, BadLines badLines) {
        Arguments.checkPresent("file", file, "un fichier .tsv, .csv ou .jsonl");
        Arguments.checkPresent("badLines", badLines, "REPORT ou SKIP");
        return new Corpus(file).table(badLines);
    }

    private Table table(BadLines badLines) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        RowFormat format = format(name.replaceFirst("\\.(gz|bz2)$", ""));
        if (!Files.isRegularFile(file)) {
            throw refused(Files.exists(file) ? "c'est un dossier, attendu un fichier" : "ce fichier n'existe pas");
        }
        try (InputStream bytes = Files.newInputStream(file)) {
            addAll(new TextLines(bytes, name), format);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + " : lecture impossible, fichier tronqué ou abîmé (" + Messages.reason(e) + ")", e);
        }
        if (!problems.isEmpty() && badLines == BadLines.REPORT) {
            String remedies = remedies();
            throw refused(problems()
                    + (remedies.isEmpty() ? " ; Corpus.read(fichier, Corpus.BadLines.SKIP) les saute" : remedies));
        }
        if (polarities.isEmpty()) {
            throw refused(problems.isEmpty() ? "aucun avis trouvé" : "aucun avis trouvé, " + problems() + remedies());
        }
        String skipped = problems.isEmpty() ? "" : ", " + problems.size() + " ligne(s) sautée(s)";
        Table table = Table.create(file.getFileName() + skipped);
        columns.forEach(column -> table.addColumns(column == columns.get(polarityAt) ? polarities : column));
        return table;
    }

    private String problems() {
        return problems.size() + " ligne(s) illisible(s) : "
                + problems.stream()
                        .limit(SHOWN)
                        .collect(Collectors.joining(", ", "", problems.size() > SHOWN ? ", …" : ""));
    }

    /** Ce qui sauverait les lignes au lieu de les sauter ; vide s'il n'y a pas mieux. */
    private String remedies() {
        return remedies.keySet().stream()
                // Quelques polarités inconnues se sautent ; si ce sont presque toutes, elles sont écrites autrement.
                .filter(remedy -> !remedy.equals(REPLACE) || remedies.get(remedy) > polarities.size())
                .map(remedy -> " ; " + remedy)
                .collect(Collectors.joining());
    }

    private RowFormat format(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "tsv" -> (line, following) -> List.of(line.split("\t", -1));
            case "csv" -> new RowFormat.Csv();
            case "jsonl" -> new RowFormat.JsonLines();
            default -> throw refused("format inconnu, attendu .tsv, .csv ou .jsonl, suivi ou non de .gz ou .bz2");
        };
    }

    private void addAll(TextLines lines, RowFormat format) throws IOException {
        if (lines.isUtf16()) {
            throw refused("trouvé de l'UTF-16, attendu de l'UTF-8 ; " + TextLines.SAVE_AS_UTF8);
        }
        for (boolean more = true; more; ) {
            int number = lines.number() + 1;
            try {
                String line = lines.next();
                more = line != null;
                if (more && !line.isBlank()) {
                    List<String> cells = format.cells(line, lines);
                    if (!cells.isEmpty() && (!columns.isEmpty() || !isHeader(format.names(cells), cells))) {
                        add(cells);
                    }
                }
            } catch (BadLine e) {
                problems.add("ligne " + number + " (" + e.getMessage() + ")");
                if (!e.remedy().isEmpty()) {
                    remedies.merge(e.remedy(), 1, Integer::sum);
                }
            }
        }
    }

    /** Crée les colonnes, et dit si la ligne qui les nomme est un en-tête ; en JSON, elle est aussi un avis. */
    private boolean isHeader(List<String> names, List<String> row) {
        if (names.size() > MOST_COLUMNS) {
            throw refused("trouvé " + names.size() + " colonnes, attendu " + MOST_COLUMNS + " au plus");
        }
        List<String> known = names.stream().map(Corpus::columnName).toList();
        boolean named = known.contains("polarite") && known.contains("avis");
        if (!named && row.size() == 2 && isPolarity(row.get(0))) {
            known = List.of("polarite", "avis");
        } else if (!named) {
            throw refused("trouvé les colonnes %.100s, attendu une parmi %s et une parmi %s, ou 0 ou 1 puis un texte%s"
                    .formatted(
                            Messages.visible(names.toString()),
                            POLARITY,
                            TEXT,
                            problems.isEmpty() ? "" : " ; " + problems.get(0) + remedies()));
        }
        polarityAt = known.indexOf("polarite");
        textAt = known.indexOf("avis");
        for (String name : known) {
            boolean free = !name.isEmpty() && columns.stream().noneMatch(column -> name.equals(column.name()));
            columns.add(StringColumn.create(free ? name : "colonne " + (columns.size() + 1)));
        }
        return named && names == row;
    }

    private static String columnName(String cell) {
        // « polarité » peut s'écrire avec un e suivi d'un accent : rien ne le distingue à l'œil.
        String name = Normalizer.normalize(cell, Normalizer.Form.NFC).strip().toLowerCase(Locale.FRENCH);
        if (POLARITY.contains(name)) {
            return "polarite";
        }
        return TEXT.contains(name) ? "avis" : name;
    }

    private void add(List<String> cells) throws BadLine {
        if (cells.size() != columns.size()) {
            throw new BadLine("trouvé " + cells.size() + " colonne(s), attendu " + columns.size());
        }
        String polarity = cells.get(polarityAt).strip();
        if (!isPolarity(polarity)) {
            throw new BadLine(
                    "trouvé la polarité « %.20s », attendu 0 ou 1".formatted(Messages.visible(polarity)), REPLACE);
        }
        if (cells.get(textAt).isBlank()) {
            throw new BadLine("trouvé un avis vide, attendu un texte");
        }
        polarities.append(Integer.parseInt(polarity));
        for (int i = 0; i < cells.size(); i++) {
            columns.get(i).append(i == polarityAt ? "" : cells.get(i).strip());
        }
    }

    private static boolean isPolarity(String cell) {
        return cell.strip().matches("[01]");
    }

    private IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(file + " : " + why);
    }
}
