package fr.cours.course.exercises;

import static fr.cours.course.exercises.MaskExerciseTest.assertDiagnosed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.cours.course.data.Corpus;
import fr.cours.course.exercises.Verdict.State;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class PatternExerciseTest {
    private final PatternExercise exercise = new PatternExercise();

    private static Table table(int n, IntFunction<Integer> polarity, IntFunction<String> text) {
        Table table = Table.create(IntColumn.create("polarite"), StringColumn.create("avis"));
        for (int i = 0; i < n; i++) {
            table.intColumn("polarite").append(polarity.apply(i));
            table.stringColumn("avis").append(text.apply(i));
        }
        return table;
    }

    private static String text(int i) {
        return "Un texte de plus, le numéro " + i + ".";
    }

    @Test
    void texts() {
        assertDiagnosed(
                exercise.texts(table(120, i -> i % 2, PatternExerciseTest::text)),
                () -> exercise.texts(table(99, i -> i % 2, PatternExerciseTest::text)),
                () -> exercise.texts(table(120, i -> 1, PatternExerciseTest::text)),
                () -> exercise.texts(table(120, i -> i % 10 == 0 ? 0 : 1, PatternExerciseTest::text)),
                () -> exercise.texts(table(120, i -> i % 2, i -> text(i % 100))),
                () -> exercise.texts(table(120, i -> i % 2, i -> "oui " + i)),
                () -> exercise.texts(table(120, i -> i % 2, i -> "très ".repeat(90) + i)),
                () -> exercise.texts(Table.create(IntColumn.create("note"), StringColumn.create("avis"))));
        assertThat(exercise.texts(Corpus.read(Path.of("..", "..", "notebooks", "donnees", "avis.tsv")))
                        .state())
                .isEqualTo(State.DONE);
    }

    private static int[][] parts(List<Integer> order, int judged) {
        int cut = order.size() - judged;
        return new int[][] {
            order.subList(0, cut).stream().mapToInt(i -> i).toArray(),
            order.subList(cut, order.size()).stream().mapToInt(i -> i).toArray()
        };
    }

    private static List<Integer> order(int n, Random random) {
        List<Integer> order = IntStream.range(0, n).boxed().collect(Collectors.toList());
        if (random != null) {
            Collections.shuffle(order, random);
        }
        return order;
    }

    private static int[][] oneInFive(int n, int first) {
        return new int[][] {
            IntStream.range(0, n).filter(i -> i % 5 != first).toArray(),
            IntStream.range(0, n).filter(i -> i % 5 == first).toArray()
        };
    }

    /** Un vrai tirage n'est jamais pris pour autre chose, quelle que soit la façon de tirer. */
    @Test
    void everyDrawIsAccepted() {
        for (int salt = 0; salt < 200; salt++) {
            int more = 1000 * salt;
            Verdict verdict = exercise.split((n, seed) -> parts(order(n, new Random(seed + more)), n / 5));
            assertThat(verdict.state()).as(verdict.sentence()).isEqualTo(State.DONE);
        }
    }

    @Test
    void split() {
        assertDiagnosed(
                exercise.split((n, seed) -> parts(order(n, new Random(seed)), n / 5)),
                () -> exercise.split((n, seed) -> parts(order(n, null), n / 5)),
                () -> exercise.split((n, seed) -> parts(order(n, new Random()), n / 5)),
                () -> exercise.split((n, seed) -> parts(order(n, new Random(9)), n / 5)),
                () -> exercise.split((n, seed) -> parts(order(n, new Random(seed)), n / 2)),
                () -> exercise.split((n, seed) -> parts(order(n, new Random(seed)), n - n / 5)),
                () -> exercise.split((n, seed) -> {
                    int[][] parts = parts(order(n, new Random(seed)), n / 5);
                    return new int[][] {order(n, null).stream().mapToInt(i -> i).toArray(), parts[1]};
                }),
                () -> exercise.split((n, seed) -> {
                    int[][] parts = parts(order(n, new Random(seed)), n / 5);
                    return new int[][] {Arrays.copyOf(parts[0], parts[0].length - 1), parts[1]};
                }),
                () -> exercise.split((n, seed) -> {
                    int[] drawn = new Random(seed).ints(n / 5, 0, n).toArray();
                    int[] rest = IntStream.range(0, n)
                            .filter(i -> Arrays.stream(drawn).noneMatch(d -> d == i))
                            .toArray();
                    return new int[][] {rest, drawn}; // tirage avec remise
                }),
                () -> exercise.split((n, seed) -> {
                    int[][] parts = parts(order(n, new Random(seed)), n / 5);
                    return new int[][] {Arrays.stream(parts[0]).map(i -> i + 1).toArray(), parts[1]};
                }),
                () -> exercise.split((n, seed) -> oneInFive(n, (int) (seed % 5))),
                () -> exercise.split((n, seed) -> {
                    List<Integer> drawn = order(n, new Random(7));
                    drawn.replaceAll(i -> (int) ((i + 3 * seed) % n));
                    return parts(drawn, n / 5);
                }),
                () -> exercise.split((n, seed) ->
                        new int[][] {order(n, null).stream().mapToInt(i -> i).toArray()}));
    }

    private interface Column {
        double of(double[] given, int key);
    }

    private static double[] columns(INDArray w, int heads, Column column) {
        double[] out = new double[(int) w.size(2)];
        for (int key = 0; key < out.length; key++) {
            for (int head = 0; head < heads; head++) {
                double[] given = w.slice(head).getColumn(key).toDoubleVector();
                out[key] += column.of(given, key) / heads;
            }
        }
        return out;
    }

    private static double average(double[] given, int key) {
        return Arrays.stream(given).sum() / given.length;
    }

    private static int heads(INDArray w) {
        return (int) w.size(0);
    }

    @Test
    void received() {
        assertDiagnosed(
                exercise.received(w -> w.mean(0, 1).toDoubleVector()),
                () -> exercise.received(w -> w.mean(0, 2).toDoubleVector()),
                () -> exercise.received(w -> w.sum(1).mean(0).toDoubleVector()),
                () -> exercise.received(w -> w.sum(0, 1).toDoubleVector()),
                () -> exercise.received(w -> w.sum(0).mean(0).toDoubleVector()),
                () -> exercise.received(w -> columns(w, 1, PatternExerciseTest::average)),
                () -> exercise.received(w -> columns(w, heads(w), (given, key) -> given[key])),
                () -> exercise.received(w -> columns(
                        w, heads(w), (given, key) -> Arrays.stream(given).max().getAsDouble())));
    }

    private interface Neighbour {
        int of(int i, int k, int n);
    }

    private static double mean(INDArray w, int k, Neighbour neighbour, double denominator) {
        int n = (int) w.size(0);
        double sum = 0;
        int count = 0;
        for (int i = 0; i < n; i++) {
            int j = neighbour.of(i, k, n);
            if (j >= 0 && j < n) {
                sum += w.getFloat(i, j);
                count++;
            }
        }
        return sum / (denominator > 0 ? denominator : count);
    }

    @Test
    void offset() {
        assertDiagnosed(
                exercise.offset((w, k) -> mean(w, k, (i, d, n) -> i + d, 0)),
                () -> exercise.offset((w, k) -> mean(w, k, (i, d, n) -> i - d, 0)),
                () -> exercise.offset((w, k) -> mean(w, k, (i, d, n) -> i + d, w.size(0))),
                () -> exercise.offset((w, k) -> mean(w, k, (i, d, n) -> (i + d + n) % n, 0)),
                () -> exercise.offset((w, k) -> mean(w, k, (i, d, n) -> Math.min(n - 1, Math.max(0, i + d)), 0)),
                () -> exercise.offset((w, k) -> mean(w, k, (i, d, n) -> i + d, 1)),
                () -> exercise.offset((w, k) -> mean(w, k, (i, d, n) -> i + d > 0 ? i + d : n, 0)),
                () -> exercise.offset((w, k) -> w.meanNumber().doubleValue()),
                () -> exercise.offset((w, k) -> mean(w, k, (i, d, n) -> i + Math.abs(d), 0)));
    }

    private static double atLeast(double m, double[] controls) {
        return Arrays.stream(controls).filter(t -> t >= m).count();
    }

    @Test
    void chance() {
        assertDiagnosed(
                exercise.chance((m, t) -> (1 + atLeast(m, t)) / (1 + t.length)),
                () -> exercise.chance((m, t) -> atLeast(m, t) / t.length),
                () -> exercise.chance((m, t) -> (1 + atLeast(m + 1e-9, t)) / (1 + t.length)),
                () -> exercise.chance(
                        (m, t) -> (1.0 + Arrays.stream(t).filter(x -> x <= m).count()) / (1 + t.length)),
                () -> exercise.chance((m, t) -> (1 + atLeast(m, t)) / t.length),
                () -> exercise.chance((m, t) -> Math.floor((1 + atLeast(m, t)) / (1 + t.length))),
                () -> exercise.chance((m, t) -> 1 + atLeast(m, t) / (1 + t.length)),
                () -> exercise.chance((m, t) -> 1.0 + (int) atLeast(m, t) / (1 + t.length)),
                () -> exercise.chance((m, t) -> 1 + atLeast(m, t)),
                () -> exercise.chance((m, t) -> 100 * (1 + atLeast(m, t)) / (1 + t.length)),
                () -> exercise.chance((m, t) -> atLeast(m, t) / (1 + t.length)),
                () -> exercise.chance((m, t) -> 1 - (1 + atLeast(m, t)) / (1 + t.length)));
    }

    private static int[] changed(int[] ids, int rank, int word) {
        int[] copy = ids.clone();
        copy[rank] = word;
        return copy;
    }

    @Test
    void erase() {
        assertDiagnosed(
                exercise.erase((f, ids, r) -> f.applyAsDouble(ids) - f.applyAsDouble(changed(ids, r, 1))),
                () -> exercise.erase((f, ids, r) -> f.applyAsDouble(changed(ids, r, 1)) - f.applyAsDouble(ids)),
                () -> exercise.erase((f, ids, r) -> f.applyAsDouble(ids) - f.applyAsDouble(changed(ids, r, 0))),
                () -> exercise.erase(
                        (f, ids, r) -> Math.abs(f.applyAsDouble(ids) - f.applyAsDouble(changed(ids, r, 1)))),
                () -> exercise.erase((f, ids, r) -> f.applyAsDouble(changed(ids, r, 1))),
                () -> exercise.erase((f, ids, r) -> {
                    int[] rest = new int[ids.length - 1];
                    System.arraycopy(ids, 0, rest, 0, r);
                    System.arraycopy(ids, r + 1, rest, r, rest.length - r);
                    return f.applyAsDouble(ids) - f.applyAsDouble(rest);
                }),
                () -> exercise.erase((f, ids, r) -> {
                    int[] rest = new int[ids.length];
                    Arrays.fill(rest, 1);
                    rest[r] = ids[r];
                    return f.applyAsDouble(ids) - f.applyAsDouble(rest);
                }),
                () -> exercise.erase((f, ids, r) -> {
                    int[] rest =
                            Arrays.stream(ids).map(id -> id == ids[r] ? 1 : id).toArray();
                    return f.applyAsDouble(ids) - f.applyAsDouble(rest);
                }),
                () -> exercise.erase((f, ids, r) -> {
                    double before = f.applyAsDouble(ids);
                    ids[r] = 1;
                    return before - f.applyAsDouble(ids);
                }));
    }

    @Test
    void nothingIsWritten() {
        assertThat(exercise.texts(Exercise.todo())).hasToString("… Étape 1 : à compléter");
        assertThat(exercise.split((n, seed) -> Exercise.todo()).state()).isEqualTo(State.TODO);
        assertThat(exercise.received(w -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.offset((w, k) -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.chance((m, t) -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.erase((f, ids, r) -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.progress())
                .startsWith("0 étape faite sur 6, à la dernière vérification de chacune\n… 1. textes\n");
    }

    @Test
    void cheatingIsSeen() {
        assertThat(exercise.received(w -> new double[] {0.25, 0.25, 0.25, 0.25}).state())
                .isEqualTo(State.WRONG);
        assertThat(exercise.offset((w, k) -> 0.2).sentence()).contains("toujours la même");
        assertThat(exercise.chance((m, t) -> 0.05).sentence()).contains("toujours la même");
        assertThat(exercise.erase((f, ids, r) -> 0.0).sentence()).contains("toujours la même");
        assertThat(exercise.split((n, seed) -> new int[][] {{1, 2, 3, 4}, {0}}).state())
                .isEqualTo(State.WRONG);
    }

    @Test
    void aFailureOfTheReaderBecomesASentence() {
        assertThat(exercise.split((n, seed) -> new int[][] {null, {1}}).sentence())
                .contains("s'arrête sur une erreur");
        assertThat(exercise.split((n, seed) -> {
                            Collections.shuffle(List.of(1, 2), new Random(seed));
                            return null;
                        })
                        .sentence())
                .contains("new ArrayList<>");
        assertThat(exercise.received(w -> w.mean(7).toDoubleVector()).sentence())
                .contains("s'arrête sur une erreur");
        assertThatThrownBy(() -> exercise.split((n, seed) -> {
                    throw new CancellationException("stop");
                }))
                .isInstanceOf(CancellationException.class);
    }
}
