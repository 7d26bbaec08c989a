package fr.cours.course.exercises;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Le tableau d'une classe : une ligne par élève, une colonne par étape. */
public final class GradeTable {
    private static final List<String> COLUMNS = List.of("élève", "étape", "état", "phrase");
    private static final Map<String, String> MARKS = Map.of("juste", "✔", "fausse", "✘", "à compléter", "…");

    private GradeTable() {}

    /**
     * Montre le tableau.
     *
     * @param args le fichier des verdicts (élève, étape, état, phrase, séparés par des tabulations)
     * @throws IOException s'il ne se lit pas
     * @throws IllegalArgumentException si une ligne n'a pas ses quatre cases
     */
    public static void main(String[] args) throws IOException {
        System.out.println(byPupil(read(Path.of(args[0]))).printAll());
    }

    /** Les verdicts, un par ligne ; la phrase est la dernière case. */
    static Table read(Path file) throws IOException {
        Table detail = Table.create("détail");
        COLUMNS.forEach(name -> detail.addColumns(StringColumn.create(name)));
        for (String line : Files.readAllLines(file)) {
            String[] cells = line.split("\t", COLUMNS.size());
            if (cells.length < COLUMNS.size()) {
                throw new IllegalArgumentException("ligne %d : trouvé %d case(s), attendu %s"
                        .formatted(detail.rowCount() + 1, cells.length, String.join(", ", COLUMNS)));
            }
            for (int i = 0; i < cells.length; i++) {
                detail.stringColumn(i).append(cells[i]);
            }
        }
        return detail;
    }

    /** Une ligne par élève, une colonne par étape, puis le nombre d'étapes justes. */
    static Table byPupil(Table detail) {
        Map<String, Integer> rows = new LinkedHashMap<>();
        detail.stringColumn("élève").forEach(pupil -> rows.putIfAbsent(pupil, rows.size()));
        Table table = Table.create("notes", StringColumn.create("élève", List.copyOf(rows.keySet())));
        IntColumn done = IntColumn.create("justes", new int[rows.size()]);
        for (String step :
                detail.stringColumn("étape").unique().asList().stream().sorted().toList()) {
            table.addColumns(StringColumn.create(step, new String[rows.size()]));
        }
        for (int i = 0; i < detail.rowCount(); i++) {
            int row = rows.get(detail.stringColumn("élève").get(i));
            String state = detail.stringColumn("état").get(i);
            table.stringColumn(detail.stringColumn("étape").get(i)).set(row, MARKS.getOrDefault(state, state));
            done.set(row, done.getInt(row) + (state.equals("juste") ? 1 : 0));
        }
        return table.addColumns(done);
    }
}
