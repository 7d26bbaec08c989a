package fr.cours.course.exercises;

import static fr.cours.course.exercises.MaskExerciseTest.assertDiagnosed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.cours.attention.layers.AttentionMask;
import fr.cours.attention.layers.AttentionOutput;
import fr.cours.attention.layers.ScaledDotProductAttention;
import fr.cours.attention.layers.Tape;
import fr.cours.attention.training.Loss;
import fr.cours.course.exercises.Verdict.State;
import fr.cours.course.models.Translator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

class TranslationExerciseTest {
    private static final int START = 7;
    private static final int END = 3;

    private final TranslationExercise exercise = new TranslationExercise();

    private static int[] of(int before, int[] words, int after) {
        List<Integer> all = new ArrayList<>();
        if (before >= 0) {
            all.add(before);
        }
        Arrays.stream(words).forEach(all::add);
        if (after >= 0) {
            all.add(after);
        }
        return all.stream().mapToInt(i -> i).toArray();
    }

    private Verdict shift(Function<int[], int[][]> answer) {
        return exercise.shift(START, END, answer);
    }

    @Test
    void shift() {
        assertDiagnosed(
                shift(w -> new int[][] {of(START, w, -1), of(-1, w, END)}),
                () -> shift(w -> new int[][] {of(START, w, END), of(START, w, END)}),
                () -> shift(w -> new int[][] {of(-1, w, END), of(START, w, -1)}),
                () -> shift(w -> new int[][] {of(START, w, -1), w}),
                () -> shift(w -> new int[][] {w, of(-1, w, END)}),
                () -> shift(w -> new int[][] {of(START, w, END), of(-1, w, END)}),
                () -> shift(w -> {
                    int[] read = Arrays.copyOf(w, w.length + 1);
                    read[0] = START;
                    return new int[][] {read, of(-1, w, END)};
                }),
                () -> shift(w -> new int[][] {of(START, w, -1), Arrays.copyOf(w, w.length + 1)}),
                () -> shift(w -> new int[][] {of(0, w, -1), of(-1, w, END)}),
                () -> shift(w -> new int[][] {of(0, w, -1), of(-1, w, 0)}),
                () -> shift(w -> new int[][] {of(END, w, -1), of(-1, w, START)}),
                () -> shift(w -> new int[][] {of(START, w, END), of(-1, of(-1, w, END), END)}));
    }

    /** Le lecteur a écrit DEBUT : c'est ce nom qu'on lui rend, et non un numéro qu'il n'a jamais vu. */
    @Test
    void theSpecialWordsAreCalledByTheirNames() {
        assertThat(shift(w -> new int[][] {of(1, w, -1), of(-1, w, END)}).sentence())
                .endsWith("trouvé en [0][0] la valeur 1, attendu DEBUT (" + START + ")");
        assertThat(exercise.labels((ids, l) -> {
                            int[] labels = flat(ids, l, 0);
                            labels[5] = 1;
                            return labels;
                        })
                        .sentence())
                .endsWith("trouvé en [5] la valeur 1, attendu Loss.IGNORED (-1)");
        assertThat(write((f, most) -> greedy(f, 0, most)).sentence()).contains("DEBUT est oublié");
        assertThat(write((f, most) -> {
                            int[] read = {};
                            while (read.length < most) {
                                INDArray scores = f.apply(read);
                                int word = scores.getRow(Math.max(0, read.length - 1))
                                        .argMax()
                                        .getInt(0);
                                if (word == END) {
                                    break;
                                }
                                read = of(-1, read, word);
                            }
                            return read;
                        })
                        .sentence())
                .contains("DEBUT est oublié");
    }

    private static int[] greedy(Function<int[], INDArray> f, int start, int most) {
        return greedy(read -> f.apply(of(start, Arrays.copyOfRange(read, 1, read.length), -1)), most, false, false);
    }

    private static int[] flat(int[][] ids, int[] lengths, int more) {
        return IntStream.range(0, ids.length * ids[0].length)
                .map(k -> k % ids[0].length < lengths[k / ids[0].length] + more
                        ? ids[k / ids[0].length][k % ids[0].length]
                        : Loss.IGNORED)
                .toArray();
    }

    @Test
    void labels() {
        assertDiagnosed(
                exercise.labels((ids, l) -> flat(ids, l, 0)),
                () -> exercise.labels((ids, l) -> flat(ids, l, 99)),
                () -> exercise.labels((ids, l) -> flat(ids, l, -1)),
                () -> exercise.labels((ids, l) -> flat(ids, l, 1)),
                () -> exercise.labels((ids, l) -> flat(ids, l, -99)),
                () -> exercise.labels((ids, l) -> new int[ids.length * ids[0].length]),
                () -> exercise.labels((ids, l) ->
                        Arrays.stream(flat(ids, l, 0)).filter(x -> x >= 0).toArray()),
                () -> exercise.labels((ids, l) -> {
                    int[] out = new int[ids.length * ids[0].length];
                    for (int k = 0; k < out.length; k++) {
                        int i = k % ids.length;
                        int j = k / ids.length;
                        out[k] = j < l[i] ? ids[i][j] : Loss.IGNORED;
                    }
                    return out;
                }),
                () -> exercise.labels((ids, l) -> {
                    int[] right = flat(ids, l, 0);
                    int[] all = flat(ids, l, 99);
                    return IntStream.range(0, all.length)
                            .map(k -> right[k] < 0 ? all[k] : Loss.IGNORED)
                            .toArray();
                }),
                () -> exercise.labels((ids, l) -> {
                    int[] right = flat(ids, l, 0);
                    ids[0][0] = 0;
                    return right;
                }));
    }

    private static double[][] attention(INDArray q, INDArray k, int visible, double scale, double hiddenScore) {
        double[][] weights = new double[(int) q.size(0)][(int) k.size(0)];
        for (int i = 0; i < weights.length; i++) {
            double sum = 0;
            for (int j = 0; j < weights[i].length; j++) {
                double score =
                        j < visible ? q.getRow(i).mul(k.getRow(j)).sumNumber().doubleValue() * scale : hiddenScore;
                weights[i][j] = Math.exp(score);
                sum += weights[i][j];
            }
            for (int j = 0; j < weights[i].length; j++) {
                weights[i][j] /= sum;
            }
        }
        return weights;
    }

    private static INDArray mix(double[][] weights, INDArray values) {
        return Nd4j.create(weights).castTo(values.dataType()).mmul(values);
    }

    /** Une copie, où les mots vides sont remis à 0. */
    private static INDArray emptied(INDArray source, int length) {
        INDArray copy = source.dup();
        for (int j = length; j < size(source); j++) {
            copy.getRow(j).assign(0);
        }
        return copy;
    }

    private static int size(INDArray x) {
        return (int) x.size(0);
    }

    private static final double HALF = 0.5; // 1/√4
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    private static INDArray exponentials(INDArray target, INDArray source, int length) {
        INDArray scores = target.mmul(source.transpose()).divi(2);
        for (int j = length; j < size(source); j++) {
            scores.getColumn(j).assign(NEVER);
        }
        return Transforms.exp(scores);
    }

    /** La somme prise par colonne donne des NaN si l'on cache d'abord, ou s'arrête quand les deux phrases diffèrent. */
    @Test
    void aSumByColumnIsNamed() {
        String named = "la somme est prise par colonne, sum(0)";
        assertThat(exercise.cross((t, s, m) -> {
                            INDArray exp = exponentials(t, s, m);
                            return exp.divRowVector(exp.sum(0)).mmul(s);
                        })
                        .sentence())
                .contains(named);
        assertThat(exercise.cross((t, s, m) -> {
                            INDArray exp = exponentials(t, s, m);
                            return exp.divColumnVector(exp.sum(0)).mmul(s);
                        })
                        .sentence())
                .contains(named, "s'arrête sur une erreur");
    }

    @Test
    void crossAttention() {
        assertDiagnosed(
                exercise.cross((t, s, m) -> mix(attention(t, s, m, HALF, NEVER), s)),
                () -> exercise.cross((t, s, m) -> mix(attention(t, s, size(s), HALF, NEVER), s)),
                () -> exercise.cross((t, s, m) -> mix(attention(t, s, m, 1, NEVER), s)),
                () -> exercise.cross((t, s, m) -> {
                    double[][] byColumn = attention(s, t, size(t), HALF, NEVER); // [m, n]
                    double[][] weights = new double[size(t)][size(s)];
                    for (int i = 0; i < size(t); i++) {
                        for (int j = 0; j < m; j++) {
                            weights[i][j] = byColumn[j][i];
                        }
                    }
                    return mix(weights, s);
                }),
                () -> exercise.cross((t, s, m) -> mix(attention(s, t, size(t), HALF, NEVER), t)),
                () -> exercise.cross((t, s, m) -> mix(attention(t, t, size(t), HALF, NEVER), t)),
                () -> exercise.cross((t, s, m) ->
                        Nd4j.create(attention(t, s, m, HALF, NEVER)).castTo(t.dataType())),
                () -> exercise.cross((t, s, m) -> mix(attention(t, s, m, HALF, 0), s)),
                () -> exercise.cross((t, s, m) -> mix(attention(t, s, m, HALF * HALF, NEVER), s)),
                () -> exercise.cross((t, s, m) -> mix(attention(t, s, size(s), 1, NEVER), s)),
                () -> exercise.cross((t, s, m) -> mix(attention(t, s, m, HALF, 0), emptied(s, m))),
                () -> exercise.cross(
                        (t, s, m) -> t.mmul(s.transpose()).muli(HALF).mmul(emptied(s, m))),
                () -> exercise.cross(
                        (t, s, m) -> t.mmul(s.transpose()).muli(HALF).mmul(s)),
                () -> exercise.cross((t, s, m) -> {
                    INDArray scores = t.mmul(s.transpose()).muli(HALF);
                    return scores.divColumnVector(scores.sum(1)).mmul(s);
                }),
                () -> exercise.cross((t, s, m) ->
                        Transforms.exp(t.mmul(s.transpose()).muli(HALF)).mmul(emptied(s, m))),
                () -> exercise.cross((t, s, m) -> {
                    INDArray scores = t.mmul(emptied(s, m).transpose()).muli(HALF);
                    return scores.divColumnVector(scores.sum(1)).mmul(s);
                }),
                () -> exercise.cross((t, s, m) -> {
                    double[][] weights = attention(t, s, size(s), HALF, NEVER);
                    for (double[] row : weights) {
                        Arrays.fill(row, m, row.length, 0);
                    }
                    return mix(weights, s);
                }),
                () -> exercise.cross((t, s, m) -> {
                    INDArray read = mix(attention(t, s, m, HALF, NEVER), s);
                    t.muli(2);
                    return read;
                }));
    }

    private static AttentionOutput decoder(
            Tape tape, Translator.Parts p, INDArray y, INDArray s, AttentionMask past, AttentionMask padding) {
        INDArray looked = p.self().forward(tape, y, y, y, past).output();
        INDArray a = p.norm1().forward(tape, tape.add(looked, y));
        AttentionOutput read = p.cross().forward(tape, a, s, s, padding);
        return rest(tape, p, a, read);
    }

    /** La cible, une fois qu'elle s'est regardée. */
    private static INDArray looked(Tape tape, Translator.Parts p, INDArray y, AttentionMask past) {
        return p.norm1()
                .forward(tape, tape.add(y, p.self().forward(tape, y, y, y, past).output()));
    }

    private static AttentionOutput rest(Tape tape, Translator.Parts p, INDArray a, AttentionOutput read) {
        INDArray b = p.norm2().forward(tape, tape.add(read.output(), a));
        return new AttentionOutput(p.norm3().forward(tape, tape.add(p.ffn().forward(tape, b), b)), read.weights());
    }

    @Test
    void decoder() {
        AttentionMask none = AttentionMask.none();
        assertDiagnosed(
                exercise.decoder(TranslationExerciseTest::decoder),
                () -> exercise.decoder((t, p, y, s, past, pad) -> decoder(t, p, y, s, none, pad)),
                () -> exercise.decoder((t, p, y, s, past, pad) -> decoder(t, p, y, s, past, none)),
                () -> exercise.decoder((t, p, y, s, past, pad) -> decoder(t, p, y, s, pad, past)),
                () -> exercise.decoder((t, p, y, s, past, pad) -> {
                    INDArray a = p.norm1()
                            .forward(
                                    t,
                                    t.add(y, p.self().forward(t, y, y, y, past).output()));
                    return rest(t, p, a, p.cross().forward(t, a, a, a, pad));
                }),
                () -> exercise.decoder((t, p, y, s, past, pad) -> {
                    INDArray a = p.norm1()
                            .forward(
                                    t,
                                    t.add(y, p.self().forward(t, y, y, y, past).output()));
                    return rest(t, p, a, p.cross().forward(t, s, a, a, pad));
                }),
                () -> exercise.decoder((t, p, y, s, past, pad) -> {
                    INDArray a = p.norm1()
                            .forward(
                                    t,
                                    t.add(y, p.self().forward(t, y, y, y, past).output()));
                    return rest(t, p, a, p.cross().forward(t, y, s, s, pad));
                }),
                () -> exercise.decoder((t, p, y, s, past, pad) -> {
                    INDArray a = p.norm1()
                            .forward(
                                    t,
                                    t.add(y, p.self().forward(t, y, y, y, past).output()));
                    AttentionOutput read = p.cross().forward(t, a, s, s, pad);
                    INDArray b = p.norm2().forward(t, read.output());
                    return new AttentionOutput(
                            p.norm3().forward(t, t.add(b, p.ffn().forward(t, b))), read.weights());
                }),
                () -> exercise.decoder((t, p, y, s, past, pad) -> {
                    INDArray a = p.norm1()
                            .forward(t, p.self().forward(t, y, y, y, past).output());
                    return rest(t, p, a, p.cross().forward(t, a, s, s, pad));
                }),
                () -> exercise.decoder((t, p, y, s, past, pad) -> {
                    INDArray a = p.norm1()
                            .forward(
                                    t,
                                    t.add(y, p.self().forward(t, y, y, y, past).output()));
                    AttentionOutput read = p.cross().forward(t, a, s, s, pad);
                    INDArray b = p.norm2().forward(t, t.add(a, read.output()));
                    return new AttentionOutput(p.norm3().forward(t, b), read.weights());
                }),
                () -> exercise.decoder((t, p, y, s, past, pad) -> {
                    AttentionOutput read = p.cross().forward(t, looked(t, p, y, past), s, s, pad);
                    INDArray b = p.norm2().forward(t, t.add(looked(t, p, y, past), read.output()));
                    return new AttentionOutput(p.norm3().forward(t, p.ffn().forward(t, b)), read.weights());
                }),
                () -> exercise.decoder((t, p, y, s, past, pad) -> {
                    AttentionOutput read = p.cross().forward(t, looked(t, p, y, past), s, s, pad);
                    INDArray b = p.norm2().forward(t, t.add(looked(t, p, y, past), read.output()));
                    return new AttentionOutput(t.add(b, p.ffn().forward(t, b)), read.weights());
                }),
                () -> exercise.decoder((t, p, y, s, past, pad) ->
                        rest(t, p, y, p.cross().forward(t, looked(t, p, y, past), s, s, pad))),
                () -> exercise.decoder((t, p, y, s, past, pad) -> {
                    INDArray a = looked(t, p, y, past);
                    return rest(t, p, a, p.cross().forward(t, a, s, s, past));
                }),
                () -> exercise.decoder((t, p, y, s, past, pad) -> {
                    INDArray a = looked(t, p, y, past);
                    return rest(t, p, a, p.cross().forward(t, a, s, a, pad));
                }),
                () -> exercise.decoder((t, p, y, s, past, pad) -> {
                    INDArray a = looked(t, p, y, past);
                    return rest(t, p, a, p.self().forward(t, a, s, s, pad));
                }),
                () -> exercise.decoder((t, p, y, s, past, pad) -> p.cross().forward(t, y, s, s, pad)),
                () -> exercise.decoder(
                        (t, p, y, s, past, pad) -> p.cross().forward(t, looked(t, p, y, past), s, s, pad)),
                () -> exercise.decoder((t, p, y, s, past, pad) -> new AttentionOutput(
                        decoder(t, p, y, s, past, pad).output(),
                        p.self().forward(t, y, y, y, past).weights())));
    }

    @Test
    void aRightDecoderThatWouldNotLearn() {
        Verdict noTape = exercise.decoder((t, p, y, s, past, pad) -> decoder(Tape.NONE, p, y, s, past, pad));
        assertThat(noTape.state()).isEqualTo(State.WRONG);
        assertThat(noTape.sentence())
                .contains("donnez fil à chaque couche")
                .contains("le fil est vide")
                .hasSizeLessThan(400);
        // norm1 sert trois fois : neuve, elle rend les mêmes nombres que norm2 et norm3, qui n'apprendraient jamais.
        Verdict oneNorm = exercise.decoder((t, p, y, s, past, pad) -> decoder(
                t,
                new Translator.Parts(p.self(), p.norm1(), p.cross(), p.norm1(), p.ffn(), p.norm1()),
                y,
                s,
                past,
                pad));
        assertThat(oneNorm.state()).isEqualTo(State.WRONG);
        assertThat(oneNorm.sentence()).contains("décodeur.norm2.gamma").contains("décodeur.norm3.beta");
        Verdict added = exercise.decoder((t, p, y, s, past, pad) -> {
            INDArray a = p.norm1()
                    .forward(t, y.add(p.self().forward(t, y, y, y, past).output()));
            return rest(t, p, a, p.cross().forward(t, a, s, s, pad));
        });
        assertThat(added.sentence()).contains("décodeur.self.wq.kernel");
    }

    private Verdict write(BiFunction<Function<int[], INDArray>, Integer, int[]> answer) {
        return exercise.write(START, END, answer);
    }

    /** Une écriture gloutonne : ce que l'on donne à relire, la ligne lue, et ce que l'on garde. */
    private static int[] greedy(Function<int[], INDArray> f, int most, boolean lastWordOnly, boolean firstRow) {
        List<Integer> words = new ArrayList<>(List.of(START));
        for (int k = 0; k < most; k++) {
            int[] given = lastWordOnly
                    ? new int[] {words.get(words.size() - 1)}
                    : words.stream().mapToInt(i -> i).toArray();
            INDArray scores = f.apply(given);
            int word = scores.getRow(firstRow ? 0 : scores.size(0) - 1).argMax().getInt(0);
            if (word == END) {
                break;
            }
            words.add(word);
        }
        return words.stream().skip(1).mapToInt(i -> i).toArray();
    }

    @Test
    void write() {
        assertDiagnosed(
                write((f, most) -> greedy(f, most, false, false)),
                () -> write((f, most) -> of(START, greedy(f, most, false, false), -1)),
                () -> write((f, most) -> {
                    int[] words = greedy(f, most, false, false);
                    return of(-1, words, words.length < most ? END : -1);
                }),
                () -> write((f, most) -> {
                    int[] words = greedy(f, most, false, false);
                    return of(START, words, words.length < most ? END : -1);
                }),
                () -> write((f, most) -> greedy(f, most, true, false)),
                () -> write((f, most) -> {
                    int[] read = {START};
                    while (read.length <= most) {
                        int word = f.apply(read).argMax().getInt(0);
                        if (word == END) {
                            break;
                        }
                        read = of(-1, read, word);
                    }
                    return Arrays.copyOfRange(read, 1, read.length);
                }),
                () -> write((f, most) -> {
                    int[] read = {START};
                    while (read.length <= most) {
                        read = of(
                                -1,
                                read,
                                f.apply(read).getRow(read.length - 1).argMax().getInt(0));
                    }
                    return Arrays.copyOfRange(read, 1, read.length);
                }),
                () -> write((f, most) -> greedy(f, 50, false, false)),
                () -> write((f, most) -> Arrays.copyOf(greedy(f, most, false, false), most)),
                () -> write((f, most) -> greedy(f, most, false, true)),
                () -> write((f, most) -> greedy(f, most + 1, false, false)),
                () -> write((f, most) -> greedy(f, most - 1, false, false)));
    }

    @Test
    void aWritingWithoutEnd() {
        Verdict endless = write((f, most) -> {
            int[] read = {START};
            while (true) {
                f.apply(read);
            }
        });
        assertThat(endless.state()).isEqualTo(State.WRONG);
        assertThat(endless.sentence()).contains("la boucle ne s'arrête");
        assertThat(write((f, most) -> new int[] {9, 9}).sentence()).contains("toujours la même");
    }

    private static double aligned(INDArray w, int[][] links, int shift, boolean all, boolean swapped) {
        int right = 0;
        int known = 0;
        for (int i = 0; i + 1 < w.size(0); i++) {
            boolean linked = false;
            boolean found = false;
            for (int[] link : links) {
                if (link[swapped ? 0 : 1] == i) {
                    linked = true;
                    found |= w.getRow(i + shift).argMax().getInt(0) == link[swapped ? 1 : 0];
                }
            }
            known += linked || all ? 1 : 0;
            right += found ? 1 : 0;
        }
        return (double) right / known;
    }

    /** Combien de mots regardent un répondant. */
    private static double found(INDArray w, int[][] links) {
        int words = size(w) - 1;
        return Math.rint(aligned(w, links, 0, true, false) * words);
    }

    @Test
    void alignment() {
        assertDiagnosed(
                exercise.alignment((w, l) -> aligned(w, l, 0, false, false)),
                () -> exercise.alignment((w, l) -> aligned(w, l, 1, false, false)),
                () -> exercise.alignment((w, l) -> aligned(w, l, 0, true, false)),
                () -> exercise.alignment((w, l) -> aligned(w, l, 0, false, true)),
                () -> exercise.alignment((w, l) -> 100 * aligned(w, l, 0, false, false)),
                () -> exercise.alignment((w, l) -> Math.floor(aligned(w, l, 0, false, false))),
                () -> exercise.alignment((w, l) -> found(w, l) / w.size(0)),
                () -> exercise.alignment(TranslationExerciseTest::found),
                () -> exercise.alignment((w, l) -> {
                    int found = 0;
                    for (int[] link : l) {
                        found += w.getRow(link[1]).argMax().getInt(0) == link[0] ? 1 : 0;
                    }
                    return found / (double) l.length;
                }),
                () -> exercise.alignment((w, l) -> {
                    var columns = new LinkedHashSet<Integer>();
                    int found = 0;
                    for (int[] link : l) {
                        columns.add(link[0]);
                        found += w.getColumn(link[0]).argMax().getInt(0) == link[1] ? 1 : 0;
                    }
                    return found / (double) columns.size();
                }),
                () -> exercise.alignment((w, l) -> {
                    var words = new LinkedHashSet<Integer>();
                    double sum = 0;
                    for (int[] link : l) {
                        words.add(link[1]);
                        sum += w.getDouble(link[1], link[0]);
                    }
                    return sum / words.size();
                }));
    }

    private static int[] precision(List<String> written, List<String> reference, int n, boolean clipped) {
        List<List<String>> left = new ArrayList<>(grams(reference, n));
        List<List<String>> all = grams(reference, n);
        int found = 0;
        for (List<String> gram : grams(written, n)) {
            found += (clipped ? left.remove(gram) : all.contains(gram)) ? 1 : 0;
        }
        return new int[] {found, grams(written, n).size()};
    }

    private static List<List<String>> grams(List<String> words, int n) {
        List<List<String>> grams = new ArrayList<>();
        for (int i = 0; i + n <= words.size(); i++) {
            grams.add(words.subList(i, i + n));
        }
        return grams;
    }

    @Test
    void precision() {
        assertDiagnosed(
                exercise.precision((w, r, n) -> precision(w, r, n, true)),
                () -> exercise.precision((w, r, n) -> precision(w, r, n, false)),
                () -> exercise.precision((w, r, n) -> {
                    var once = new LinkedHashSet<>(grams(w, n));
                    int all = once.size();
                    once.retainAll(grams(r, n));
                    return new int[] {once.size(), all};
                }),
                () -> exercise.precision((w, r, n) ->
                        new int[] {precision(w, r, n, true)[0], grams(r, n).size()}),
                () -> exercise.precision((w, r, n) -> {
                    int same = 0;
                    for (int i = 0; i < Math.min(grams(w, n).size(), grams(r, n).size()); i++) {
                        same += grams(w, n).get(i).equals(grams(r, n).get(i)) ? 1 : 0;
                    }
                    return new int[] {same, grams(w, n).size()};
                }),
                () -> exercise.precision((w, r, n) -> new int[] {precision(w, r, n, true)[0], w.size()}),
                () -> exercise.precision((w, r, n) -> precision(w, r, 1, true)),
                () -> exercise.precision(
                        (w, r, n) -> new int[] {precision(w, r, n, true)[1], precision(w, r, n, true)[0]}),
                () -> exercise.precision(
                        (w, r, n) -> precision(w.subList(0, w.size() - 1), r.subList(0, r.size() - 1), n, true)),
                () -> exercise.precision((w, r, n) -> {
                    int[] sum = new int[2];
                    for (int order = 1; order <= n; order++) {
                        sum[0] += precision(w, r, order, true)[0];
                        sum[1] += precision(w, r, order, true)[1];
                    }
                    return sum;
                }),
                () -> exercise.precision((w, r, n) -> new int[] {precision(w, r, n, true)[0], w.size() - n + 1}));
    }

    @Test
    void nothingIsWritten() {
        assertThat(shift(w -> Exercise.todo())).hasToString("… Étape 1 : à compléter");
        assertThat(exercise.labels((ids, l) -> Exercise.todo()).state()).isEqualTo(State.TODO);
        assertThat(exercise.cross((t, s, m) -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.decoder((t, p, y, s, a, b) -> null).state()).isEqualTo(State.TODO);
        assertThat(write((f, most) -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.alignment((w, l) -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.precision((w, r, n) -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.progress())
                .startsWith("0 étape faite sur 7, à la dernière vérification de chacune\n… 1. décaler\n");
    }

    @Test
    void cheatingIsSeen() {
        assertThat(exercise.cross((t, s, m) -> {
                            INDArray keys = s.reshape(1, s.size(0), s.size(1));
                            return new ScaledDotProductAttention()
                                    .forward(
                                            t.reshape(1, t.size(0), t.size(1)),
                                            keys,
                                            keys,
                                            AttentionMask.padding(new int[] {m}, size(s)))
                                    .output()
                                    .slice(0);
                        })
                        .sentence())
                .contains("la bibliothèque a répondu");
        assertThat(exercise.alignment((w, l) -> 0.8).sentence()).contains("toujours la même");
        assertThat(exercise.precision((w, r, n) -> new int[] {2, 7}).sentence()).contains("toujours la même");
        assertThat(exercise.labels((ids, l) -> new int[] {5, 6, 3, 7, 3, -1}).state())
                .isEqualTo(State.WRONG);
        assertThat(exercise.decoder((t, p, y, s, a, b) -> new AttentionOutput(y, s))
                        .state())
                .isEqualTo(State.WRONG);
    }

    @Test
    void aFailureOfTheReaderBecomesASentence() {
        assertThat(shift(w -> new int[2][]).sentence()).contains("absente (null)");
        assertThat(exercise.cross((t, s, m) -> t.mmul(s)).sentence()).contains("s'arrête sur une erreur");
        assertThat(exercise.decoder((t, p, y, s, a, b) -> new AttentionOutput(null, null))
                        .state())
                .isEqualTo(State.WRONG);
        assertThat(exercise.precision((w, r, n) -> {
                            w.set(0, "a");
                            return null;
                        })
                        .sentence())
                .contains("faites-en une copie");
        assertThatThrownBy(() -> exercise.decoder((t, p, y, s, a, b) -> {
                    throw new CancellationException("stop");
                }))
                .isInstanceOf(CancellationException.class);
    }
}
