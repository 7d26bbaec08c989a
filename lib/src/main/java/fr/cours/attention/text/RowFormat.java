package fr.cours.attention.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import fr.cours.attention.text.Problems.BadLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Comment la ligne courante se coupe en cases. */
interface RowFormat {
    /**
     * @param lines le fichier, à une ligne qui n'est pas vide
     * @return les cases de la ligne ; une case entre guillemets peut en prendre plusieurs
     */
    List<String> cells(TextLines lines) throws IOException, BadLine;

    /**
     * @param cells les cases de la première ligne
     * @return les noms des colonnes, si ce fichier en a : la première ligne elle-même, sauf en JSON
     */
    default List<String> names(List<String> cells) {
        return cells;
    }

    /** Des colonnes séparées par une tabulation ; ni guillemets ni échappement. */
    static List<String> tabSeparated(TextLines lines) throws BadLine {
        return List.of(lines.line(0).split("\t", -1));
    }

    /** Le CSV, à virgules ou à points-virgules selon ce qui vient d'abord dans la première ligne. */
    final class Csv implements RowFormat {
        private static final int LONGEST = 100; // lignes, pour une case entre guillemets

        private CsvParser parser;
        private Pattern open;

        @Override
        public List<String> cells(TextLines lines) throws IOException, BadLine {
            String row = lines.line(0);
            if (parser == null) {
                prepare(row.replaceAll("[^,;]", "").startsWith(";") ? ';' : ',');
            }
            int after = 0;
            while (open.matcher(row).matches()) {
                if (++after == LONGEST || !lines.has(after)) {
                    throw new BadLine("trouvé un guillemet qui ne se referme pas");
                }
                row += "\n" + lines.line(after);
            }
            for (; after > 0; after--) {
                lines.advance();
            }
            try {
                return List.of(parser.parseLine(row));
            } catch (TextParsingException e) {
                throw new BadLine("CSV illisible");
            }
        }

        private void prepare(char separator) {
            CsvParserSettings settings = new CsvParserSettings();
            settings.getFormat().setDelimiter(separator);
            settings.getFormat().setComment('\0');
            settings.setMaxCharsPerColumn(-1);
            settings.setNullValue("");
            settings.setEmptyValue("");
            parser = new CsvParser(settings);
            // Des cases entières, puis un guillemet ouvert jusqu'au bout.
            open = Pattern.compile("(?:(?:\\s*\"(?:[^\"]|\"\")*+\"\\s*|(?!\\s*\")[^#]*+)#)*+\\s*\"(?:[^\"]|\"\")*+"
                    .replace('#', separator));
        }
    }

    /** Un objet JSON par ligne ; les champs du premier donnent les colonnes. */
    final class JsonLines implements RowFormat {
        private final ObjectReader reader = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build()
                .reader();
        private List<String> names;

        @Override
        public List<String> cells(TextLines lines) throws BadLine {
            JsonNode object = parse(lines.line(0));
            if (names == null) {
                names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
            }
            return names.stream().map(name -> text(object.path(name))).toList();
        }

        @Override
        public List<String> names(List<String> cells) {
            return names;
        }

        private JsonNode parse(String line) throws BadLine {
            try {
                JsonNode object = reader.readTree(line);
                if (object.isObject()) {
                    return object;
                }
            } catch (JsonProcessingException e) {
                // Même réponse qu'à un JSON qui n'est pas un objet.
            }
            throw new BadLine("attendu un objet JSON, comme {\"polarity\": 1, \"review\": \"…\"}");
        }

        private static String text(JsonNode value) {
            return value.isContainerNode() ? value.toString() : value.isNull() ? "" : value.asText();
        }
    }
}
