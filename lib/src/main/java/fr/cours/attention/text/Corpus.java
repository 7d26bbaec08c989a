package fr.cours.attention.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Des avis lus dans un fichier, en table : {@code polarite} (0 ou 1), {@code avis} (le texte), et les autres colonnes
 * s'il y en a.
 *
 * <p>Le fichier est un TSV, un CSV ou un JSONL, tel quel ou compressé (gz, bz2), en UTF-8. Un TSV sans en-tête a deux
 * colonnes : l'étiquette, puis le texte.
 */
public final class Corpus {
    private static final Set<String> LABELS = Set.of("polarite", "polarité", "label", "polarity");
    private static final Set<String> TEXTS = Set.of("avis", "texte", "text", "review");
    private static final int NAMED_LINES = 5;

    /** Ce qu'on fait des lignes que l'on ne comprend pas. */
    public enum BadLines {
        /** Refuser le fichier, en nommant les premières. */
        REPORT,
        /** Les sauter ; le nom de la table en dit le nombre. */
        SKIP
    }

    /** Une ligne du fichier, et son numéro. */
    private record Line(int number, List<String> cells) {}

    private final Path file;
    private final List<String> problems = new ArrayList<>();

    private Corpus(Path file) {
        this.file = file;
    }

    /**
     * Lit un corpus ; une ligne que l'on ne comprend pas fait refuser le fichier.
     *
     * @param file le fichier
     * @return la table
     * @throws IllegalArgumentException si le fichier n'existe pas, est vide, n'est pas en UTF-8, n'est d'aucune des formes
     *     connues, ou a des lignes que l'on ne comprend pas ; le message les nomme
     * @throws UncheckedIOException si le disque refuse
     */
    public static Table read(Path file) {
        return read(file, BadLines.REPORT);
    }

    /**
     * Lit un corpus.
     *
     * @param file le fichier
     * @param badLines ce qu'on fait des lignes que l'on ne comprend pas
     * @return la table
     * @throws IllegalArgumentException comme l'autre forme
     * @throws UncheckedIOException si le disque refuse
     */
    public static Table read(Path file, BadLines badLines) {
        Vocabulary.checkPresent("file", file, "le chemin d'un fichier");
        return new Corpus(file).table(badLines);
    }

    private Table table(BadLines badLines) {
        List<Line> lines = lines();
        if (lines.isEmpty()) {
            throw refused("le fichier est vide");
        }
        List<String> header = header(lines.get(0).cells());
        boolean named = header != null;
        List<String> names = named ? header : List.of("polarite", "avis");
        int label = indexOf(names, LABELS);
        int text = indexOf(names, TEXTS);
        IntColumn polarities = IntColumn.create("polarite");
        List<StringColumn> others = names.stream().map(StringColumn::create).toList();
        for (Line line : lines.subList(named ? 1 : 0, lines.size())) {
            String problem = problem(line.cells(), names.size(), label, text);
            if (problem != null) {
                problems.add("ligne " + line.number() + " (" + problem + ")");
                continue;
            }
            polarities.append(Integer.parseInt(line.cells().get(label).strip()));
            for (int i = 0; i < others.size(); i++) {
                others.get(i).append(line.cells().get(i));
            }
        }
        if (!problems.isEmpty() && badLines == BadLines.REPORT) {
            throw refused(problems.size() + " ligne(s) illisible(s) : "
                    + problems.stream().limit(NAMED_LINES).collect(Collectors.joining(", "))
                    + (problems.size() > NAMED_LINES ? "…" : "") + " ; Corpus.read(fichier, BadLines.SKIP) les saute");
        }
        if (polarities.isEmpty()) {
            throw refused("aucun avis lisible");
        }
        String skipped = problems.isEmpty() ? "" : ", " + problems.size() + " ligne(s) sautée(s)";
        Table table = Table.create(file.getFileName() + skipped, polarities);
        for (int i = 0; i < others.size(); i++) {
            if (i != label) {
                table.addColumns(i == text ? others.get(i).setName("avis") : others.get(i));
            }
        }
        return table;
    }

    private static String problem(List<String> cells, int columns, int label, int text) {
        if (cells.size() != columns) {
            return cells.size() + " colonne(s) au lieu de " + columns;
        }
        String polarity = cells.get(label) == null ? "" : cells.get(label).strip();
        if (!polarity.equals("0") && !polarity.equals("1")) {
            return "étiquette « " + polarity + " » au lieu de 0 ou 1";
        }
        return cells.get(text) == null || cells.get(text).isBlank() ? "texte vide" : null;
    }

    /** Les noms des colonnes si la première ligne les donne, rien si elle est déjà un avis. */
    private List<String> header(List<String> first) {
        List<String> names = first.stream()
                .map(name -> name == null ? "" : name.strip().toLowerCase(Locale.FRENCH))
                .toList();
        if (indexOf(names, LABELS) >= 0 && indexOf(names, TEXTS) >= 0) {
            return names;
        }
        if (first.size() == 2 && (names.get(0).equals("0") || names.get(0).equals("1"))) {
            return null;
        }
        throw refused("colonnes " + names
                + ", attendu une étiquette (polarite ou label) et un texte (avis, texte ou review)");
    }

    private static int indexOf(List<String> names, Set<String> accepted) {
        for (int i = 0; i < names.size(); i++) {
            if (accepted.contains(names.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private List<Line> lines() {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|bz2)$", "");
        try (Reader reader = open()) {
            if (name.endsWith(".jsonl")) {
                return jsonLines(new BufferedReader(reader));
            } else if (name.endsWith(".tsv")) {
                return tabbedLines(new BufferedReader(reader));
            } else if (name.endsWith(".csv")) {
                return csvLines(reader);
            }
            throw refused("extension inconnue, attendu .tsv, .csv ou .jsonl, suivie ou non de .gz ou .bz2");
        } catch (NoSuchFileException e) {
            throw refused("ce fichier n'existe pas");
        } catch (CharacterCodingException e) {
            throw refused("n'est pas en UTF-8 : octets invalides à la ligne " + firstInvalidLine());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " : lecture impossible (" + e.getMessage() + ")", e);
        }
    }

    private InputStream bytes() throws IOException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        try {
            return name.endsWith(".gz")
                    ? new GZIPInputStream(raw)
                    : name.endsWith(".bz2") ? new BZip2CompressorInputStream(raw, true) : raw;
        } catch (IOException e) {
            raw.close();
            throw refused("archive illisible (" + e.getMessage() + ")");
        }
    }

    /** Un décodeur strict : un octet invalide est une erreur, pas un point d'interrogation. */
    private Reader open() throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(bytes(), StandardCharsets.UTF_8.newDecoder()));
        reader.mark(1);
        if (reader.read() != '\uFEFF') { // la marque d'ordre des octets, que certains tableurs ajoutent
            reader.reset();
        }
        return reader;
    }

    private int firstInvalidLine() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(bytes(), StandardCharsets.ISO_8859_1))) {
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine(), number++) {
                byte[] line8 = line.getBytes(StandardCharsets.ISO_8859_1);
                if (!Arrays.equals(new String(line8, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), line8)) {
                    return number;
                }
            }
            return number;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Line> tabbedLines(BufferedReader reader) throws IOException {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (!line.isBlank()) {
                lines.add(new Line(number, List.of(line.split("\t", -1))));
            }
        }
        return lines;
    }

    private static List<Line> csvLines(Reader reader) {
        CsvParserSettings settings = new CsvParserSettings();
        settings.detectFormatAutomatically(',', ';');
        settings.setMaxCharsPerColumn(-1);
        CsvParser parser = new CsvParser(settings);
        List<Line> lines = new ArrayList<>();
        parser.beginParsing(reader);
        for (String[] row = parser.parseNext(); row != null; row = parser.parseNext()) {
            lines.add(new Line((int) parser.getContext().currentLine(), Arrays.asList(row)));
        }
        return lines;
    }

    /** Un objet par ligne ; seuls l'étiquette et le texte en sont gardés. */
    private List<Line> jsonLines(BufferedReader reader) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(0, List.of("polarite", "avis")));
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                JsonNode node = mapper.readTree(line);
                lines.add(new Line(number, List.of(field(node, LABELS), field(node, TEXTS))));
            } catch (JsonProcessingException e) {
                problems.add("ligne " + number + " (JSON invalide)");
            }
        }
        return lines.size() == 1 && problems.isEmpty() ? List.of() : lines;
    }

    private static String field(JsonNode node, Set<String> names) {
        return names.stream()
                .filter(node::has)
                .findFirst()
                .map(name -> node.get(name).asText())
                .orElse("");
    }

    private IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(file + " : " + why);
    }
}
