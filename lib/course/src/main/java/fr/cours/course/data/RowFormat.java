package fr.cours.course.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;

/** Comment une ligne se coupe en cases. */
@FunctionalInterface
interface RowFormat {
    /** Les cases d'une ligne ; en CSV, une case entre guillemets peut prendre aussi les lignes qui suivent. */
    List<String> cells(String line, TextLines following) throws IOException, DataFormatException;

    /** Les noms des colonnes, si le fichier en a : la première ligne elle-même, sauf en JSON. */
    default List<String> names(List<String> firstRow) {
        return firstRow;
    }

    /** Le CSV, à virgules ou à points-virgules selon ce qui vient d'abord dans la première ligne. */
    final class Csv implements RowFormat {
        private static final int LONGEST = 100; // lignes, pour une case entre guillemets
        // Des cases entières (# est le séparateur), puis un guillemet ouvert jusqu'au bout.
        private static final String OPEN =
                "(?:(?:\\s*\"(?:[^\"]|\"\")*+\"\\s*|(?!\\s*\")[^#]*+)#)*+\\s*\"(?:[^\"]|\"\")*+";

        private CsvParser parser;
        private Pattern open;

        @Override
        public List<String> cells(String line, TextLines following) throws IOException, DataFormatException {
            if (parser == null) {
                char separator = line.replaceAll("[^,;]", "").startsWith(";") ? ';' : ',';
                CsvParserSettings settings = new CsvParserSettings();
                settings.getFormat().setDelimiter(separator);
                settings.getFormat().setComment('\0'); // un avis peut commencer par #
                settings.setMaxCharsPerColumn(-1);
                settings.setMaxColumns(100_000);
                settings.setNullValue("");
                settings.setEmptyValue("");
                parser = new CsvParser(settings);
                open = Pattern.compile(OPEN.replace('#', separator));
            }
            StringBuilder row = new StringBuilder(line);
            for (int count = 1; open.matcher(row).matches(); count++) {
                String next = count < LONGEST ? following.next() : null;
                if (next == null) {
                    throw new DataFormatException("trouvé un guillemet ouvert depuis " + count + " ligne(s)");
                }
                row.append('\n').append(next);
            }
            return List.of(parser.parseLine(row.toString()));
        }
    }

    /** Un objet JSON par ligne ; les champs du premier donnent les colonnes. */
    final class JsonLines implements RowFormat {
        private final ObjectReader reader =
                new ObjectMapper().readerForMapOf(Object.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        private List<String> names;

        @Override
        public List<String> cells(String line, TextLines following) throws DataFormatException {
            try {
                Map<String, ?> fields = Objects.requireNonNullElse(reader.readValue(line), Map.of());
                names = names == null ? List.copyOf(fields.keySet()) : names;
                return names.stream()
                        .map(name -> Objects.toString(fields.get(name), ""))
                        .toList();
            } catch (JsonProcessingException e) {
                throw new DataFormatException("attendu un objet JSON, comme {\"polarity\": 1, \"review\": \"…\"}");
            }
        }

        @Override
        public List<String> names(List<String> firstRow) {
            return names;
        }
    }
}
