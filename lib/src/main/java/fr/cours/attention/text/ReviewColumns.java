package fr.cours.attention.text;

import fr.cours.attention.text.Problems.BadLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Les colonnes d'un corpus qui se remplit : {@code polarite} et {@code avis}, et celles du fichier en plus. */
final class ReviewColumns {
    private static final List<String> POLARITY = List.of("polarite", "polarité", "label", "polarity");
    private static final List<String> TEXT = List.of("avis", "texte", "text", "review");

    private final IntColumn polarity = IntColumn.create(POLARITY.get(0));
    private final List<StringColumn> texts = new ArrayList<>(); // une par colonne, celle de la polarité reste vide
    private final int polarityAt;
    private final int textAt;

    private ReviewColumns(List<String> names, int polarityAt, int textAt) {
        this.polarityAt = polarityAt;
        this.textAt = textAt;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).isEmpty() ? "colonne " + (i + 1) : names.get(i);
            texts.add(StringColumn.create(i == textAt ? TEXT.get(0) : i == polarityAt ? polarity.name() : name));
        }
    }

    /** Les colonnes d'un en-tête ; rien si ce n'en est pas un. */
    static Optional<ReviewColumns> ofHeader(List<String> cells) throws BadLine {
        List<String> names = cells.stream().map(String::strip).toList();
        List<String> lower =
                names.stream().map(name -> name.toLowerCase(Locale.FRENCH)).toList();
        int polarityAt = find(POLARITY, lower);
        int textAt = find(TEXT, lower);
        if (polarityAt < 0 || textAt < 0) {
            return Optional.empty();
        }
        ReviewColumns columns = new ReviewColumns(names, polarityAt, textAt);
        TreeSet<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (StringColumn column : columns.texts) {
            if (!seen.add(column.name())) {
                throw new BadLine("trouvé deux colonnes « " + column.name() + " », attendu des noms différents");
            }
        }
        return Optional.of(columns);
    }

    /** Les colonnes d'un fichier sans en-tête, dont voici la première ligne ; rien si ce n'en est pas une. */
    static Optional<ReviewColumns> ofRow(List<String> cells) {
        boolean row = cells.size() == 2 && isPolarity(cells.get(0).strip());
        return row ? Optional.of(new ReviewColumns(List.of(POLARITY.get(0), TEXT.get(0)), 0, 1)) : Optional.empty();
    }

    void add(List<String> cells) throws BadLine {
        if (cells.size() != texts.size()) {
            throw new BadLine("trouvé " + cells.size() + " colonne(s), attendu " + texts.size());
        }
        String label = cells.get(polarityAt).strip();
        if (!isPolarity(label)) {
            throw new BadLine("trouvé la polarité « " + cut(label) + " », attendu 0 ou 1");
        }
        if (cells.get(textAt).isBlank()) {
            throw new BadLine("trouvé un avis vide, attendu un texte");
        }
        polarity.append(Integer.parseInt(label));
        for (int i = 0; i < cells.size(); i++) {
            if (i != polarityAt) {
                texts.get(i).append(cells.get(i).strip());
            }
        }
    }

    boolean isEmpty() {
        return polarity.isEmpty();
    }

    Table table(String name) {
        Table table = Table.create(name);
        for (int i = 0; i < texts.size(); i++) {
            table.addColumns(i == polarityAt ? polarity : texts.get(i));
        }
        return table;
    }

    /** Le début d'un texte, pour un message. */
    static String cut(String text) {
        return text.length() <= 20 ? text : text.substring(0, 20) + "…";
    }

    private static boolean isPolarity(String cell) {
        return cell.equals("0") || cell.equals("1");
    }

    private static int find(List<String> known, List<String> names) {
        return known.stream()
                .map(names::indexOf)
                .filter(at -> at >= 0)
                .findFirst()
                .orElse(-1);
    }
}
