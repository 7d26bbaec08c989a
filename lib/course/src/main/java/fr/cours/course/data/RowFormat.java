package fr.cours.course.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Comment une ligne se coupe en cases. */
@FunctionalInterface
interface RowFormat {
    /**
     * Les cases d'une ligne, vide si elle n'en a pas à donner ; en CSV, une case entre guillemets peut prendre aussi les
     * lignes qui suivent.
     */
    List<String> cells(String line, TextLines following) throws IOException, BadLine;

    /** Les noms des colonnes, si le fichier en a : la première ligne elle-même, sauf en JSON. */
    default List<String> names(List<String> firstRow) {
        return firstRow;
    }

    /**
     * Le CSV. La première ligne choisit le séparateur : par {@code sep=;}, que les tableurs écrivent et lisent, sinon par
     * ce qui y vient d'abord, virgule ou point-virgule.
     */
    final class Csv implements RowFormat {
        private static final int LONGEST = 100; // lignes, pour une case entre guillemets
        private static final int MOST_CELLS = 100_000;
        private static final Pattern CHOICE = Pattern.compile("\"?sep=([,;|\t])\"?\\s*", Pattern.CASE_INSENSITIVE);
        // Des cases entières (# est le séparateur), puis un guillemet ouvert jusqu'au bout.
        private static final String OPEN =
                "(?:(?:\\s*\"(?:[^\"]|\"\")*+\"\\s*|(?!\\s*\")[^#]*+)#)*+\\s*\"(?:[^\"]|\"\")*+";

        private CsvParser parser;
        private Pattern open;

        @Override
        public List<String> cells(String line, TextLines following) throws IOException, BadLine {
            if (parser == null) {
                Matcher choice = CHOICE.matcher(line);
                if (choice.matches()) {
                    separate(choice.group(1).charAt(0));
                    return List.of();
                }
                separate(line.replaceAll("[^,;]", "").startsWith(";") ? ';' : ',');
            }
            StringBuilder row = new StringBuilder(line);
            for (int count = 1; open.matcher(row).matches(); count++) {
                String next = count < LONGEST ? following.next() : null;
                if (next == null) {
                    throw new BadLine("trouvé un guillemet ouvert depuis " + count + " ligne(s)");
                }
                row.append('\n').append(next);
            }
            try {
                String[] cells = parser.parseLine(row.toString());
                return cells == null ? List.of("") : List.of(cells); // null : rien que des caractères de contrôle
            } catch (TextParsingException e) {
                throw new BadLine("trouvé plus de " + MOST_CELLS + " colonnes");
            }
        }

        private void separate(char separator) {
            CsvParserSettings settings = new CsvParserSettings();
            settings.getFormat().setDelimiter(separator);
            settings.setCommentProcessingEnabled(false); // un avis peut commencer par #
            settings.setMaxCharsPerColumn(-1);
            settings.setMaxColumns(MOST_CELLS);
            settings.setNullValue("");
            settings.setEmptyValue("");
            parser = new CsvParser(settings);
            open = Pattern.compile(OPEN.replace("#", separator == '|' ? "\\|" : String.valueOf(separator)));
        }
    }

    /** Un objet JSON par ligne ; les champs du premier donnent les colonnes. */
    final class JsonLines implements RowFormat {
        private static final String EXPECTED = "attendu un objet JSON, comme {\"polarity\": 1, \"review\": \"…\"}";

        private final ObjectReader reader =
                new ObjectMapper().readerForMapOf(Object.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        private List<String> names;

        @Override
        public List<String> cells(String line, TextLines following) throws BadLine {
            try {
                Map<String, ?> fields = Objects.requireNonNullElse(reader.readValue(line), Map.of());
                if (names == null && fields.isEmpty()) {
                    throw new BadLine(EXPECTED);
                }
                names = names == null ? List.copyOf(fields.keySet()) : names;
                return names.stream()
                        .map(name -> Objects.toString(fields.get(name), ""))
                        .toList();
            } catch (JsonProcessingException e) {
                throw new BadLine(EXPECTED);
            }
        }

        @Override
        public List<String> names(List<String> firstRow) {
            return names;
        }
    }
}
