package fr.cours.course.exercises;

import static org.assertj.core.api.Assertions.assertThat;

import fr.cours.attention.layers.AttentionMask;
import fr.cours.course.exercises.Verdict.State;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class MaskExerciseTest {
    private final MaskExercise exercise = new MaskExercise();

    private interface Cell {
        boolean hidden(int i, int j);
    }

    private static boolean[][] square(int n, Cell cell) {
        boolean[][] mask = new boolean[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                mask[i][j] = cell.hidden(i, j);
            }
        }
        return mask;
    }

    /** La première est juste, les autres sont fausses et chacune reçoit sa phrase. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    static void assertDiagnosed(Verdict right, Supplier<Verdict>... wrong) {
        assertThat(right.state()).as(right.sentence()).isEqualTo(State.DONE);
        Set<String> sentences = new HashSet<>();
        for (Supplier<Verdict> one : wrong) {
            Verdict verdict = one.get();
            assertThat(verdict.state()).as(verdict.sentence()).isEqualTo(State.WRONG);
            assertThat(verdict.sentence()).doesNotContain("essai ");
            sentences.add(verdict.sentence());
        }
        assertThat(sentences).hasSameSizeAs(wrong).hasSizeGreaterThanOrEqualTo(5);
    }

    @Test
    void padding() {
        assertDiagnosed(
                exercise.padding((l, n) -> square(n, (i, j) -> j >= l)),
                () -> exercise.padding((l, n) -> square(n, (i, j) -> j < l)),
                () -> exercise.padding((l, n) -> square(n, (i, j) -> j > l)),
                () -> exercise.padding((l, n) -> square(n, (i, j) -> j + 1 >= l)),
                () -> exercise.padding((l, n) -> square(n, (i, j) -> i >= l)),
                () -> exercise.padding((l, n) -> square(n, (i, j) -> Math.max(i, j) >= l)));
    }

    @Test
    void causal() {
        assertDiagnosed(
                exercise.causal(n -> square(n, (i, j) -> j > i)),
                () -> exercise.causal(n -> square(n, (i, j) -> j <= i)),
                () -> exercise.causal(n -> square(n, (i, j) -> j >= i)),
                () -> exercise.causal(n -> square(n, (i, j) -> j < i)),
                () -> exercise.causal(n -> square(n, (i, j) -> j > i + 1)),
                () -> exercise.causal(n -> square(n, (i, j) -> i != j)));
    }

    @Test
    void band() {
        assertDiagnosed(
                exercise.band((n, r) -> square(n, (i, j) -> Math.abs(j - i) > r)),
                () -> exercise.band((n, r) -> square(n, (i, j) -> Math.abs(j - i) <= r)),
                () -> exercise.band((n, r) -> square(n, (i, j) -> Math.abs(j - i) >= r)),
                () -> exercise.band((n, r) -> square(n, (i, j) -> j > i + r)),
                () -> exercise.band((n, r) -> square(n, (i, j) -> j < i - r)),
                () -> exercise.band((n, r) -> square(n, (i, j) -> j > i || j < i - r)));
    }

    @Test
    void sentences() {
        assertDiagnosed(
                exercise.sentences(s -> square(s.length, (i, j) -> s[i] != s[j])),
                () -> exercise.sentences(s -> square(s.length, (i, j) -> s[i] == s[j])),
                () -> exercise.sentences(s -> square(s.length, (i, j) -> i != j)),
                () -> exercise.sentences(s -> square(s.length, (i, j) -> s[i] < s[j])),
                () -> exercise.sentences(s -> square(s.length, (i, j) -> s[i] > s[j])),
                () -> exercise.sentences(s -> square(s.length, (i, j) -> Math.abs(s[i] - s[j]) >= 2)));
    }

    @Test
    void combine() {
        assertDiagnosed(
                exercise.combine((a, b) -> square(a.length, (i, j) -> a[i][j] | b[i][j])),
                () -> exercise.combine((a, b) -> square(a.length, (i, j) -> a[i][j] & b[i][j])),
                () -> exercise.combine((a, b) -> square(a.length, (i, j) -> a[i][j] ^ b[i][j])),
                () -> exercise.combine((a, b) -> a),
                () -> exercise.combine((a, b) -> b),
                () -> exercise.combine((a, b) -> {
                    for (int i = 0; i < a.length; i++) {
                        for (int j = 0; j < a.length; j++) {
                            a[i][j] |= b[i][j];
                        }
                    }
                    return a;
                }));
    }

    @Test
    void leak() {
        assertDiagnosed(
                exercise.leak(new int[] {5, 2}),
                () -> exercise.leak(new int[] {2, 5}),
                () -> exercise.leak(new int[] {6, 3}),
                () -> exercise.leak(new int[] {5, 4}),
                () -> exercise.leak(new int[] {0, 7}),
                () -> exercise.leak(new int[] {5}));
        int leaks = 0;
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < 8; j++) {
                leaks += exercise.leak(new int[] {i, j}).state() == State.DONE ? 1 : 0;
            }
        }
        assertThat(leaks).isEqualTo(1);
    }

    private static BiFunction<UnaryOperator<INDArray>, INDArray, Boolean> experiment(int first, int last, boolean all) {
        return (layer, x) -> {
            for (int k = first; k <= last; k++) {
                INDArray other = x.dup();
                for (int word = k; word < 6; word++) {
                    for (int d = 0; d < 8; d++) {
                        other.putScalar(0, word, d, 9 - d);
                    }
                }
                INDArray gap = layer.apply(x).sub(layer.apply(other));
                for (int word = 0; word < (all ? 6 : k); word++) {
                    if (gap.slice(0).getRow(word).norm2Number().doubleValue() > 1e-4) {
                        return false;
                    }
                }
            }
            return true;
        };
    }

    @Test
    void causality() {
        assertDiagnosed(
                exercise.causality(experiment(1, 5, false)),
                () -> exercise.causality((layer, x) -> true),
                () -> exercise.causality((layer, x) -> false),
                () -> exercise.causality(experiment(5, 5, false)),
                () -> exercise.causality(experiment(1, 1, false)),
                () -> exercise.causality(experiment(1, 5, true)),
                () -> exercise.causality((layer, x) -> layer.apply(x.addi(1)) == null));
    }

    @Test
    void nothingIsWritten() {
        assertThat(exercise.padding((l, n) -> Exercise.todo())).hasToString("… Étape 1 : à compléter");
        assertThat(exercise.causal(n -> Exercise.todo()).state()).isEqualTo(State.TODO);
        assertThat(exercise.band((n, r) -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.sentences(s -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.combine((a, b) -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.leak(null).state()).isEqualTo(State.TODO);
        assertThat(exercise.causality((layer, x) -> null).state()).isEqualTo(State.TODO);
        assertThat(exercise.progress())
                .startsWith("0 étape faite sur 7, à la dernière vérification de chacune\n… 1. remplissage\n");
    }

    @Test
    void cheatingIsSeen() {
        assertThat(exercise.causal(n -> square(4, (i, j) -> j > i)).state()).isEqualTo(State.WRONG);
        assertThat(exercise.band((n, r) -> square(5, (i, j) -> false)).sentence())
                .contains("toujours la même");
        assertThat(exercise.causal(n -> rows(AttentionMask.causal(n), n)).sentence())
                .contains("la bibliothèque");
        assertThat(exercise.padding((l, n) -> rows(AttentionMask.padding(new int[] {l}, n), n))
                        .sentence())
                .contains("la bibliothèque");
    }

    private static boolean[][] rows(AttentionMask mask, int n) {
        boolean[][] hidden = new boolean[n][n];
        for (int i = 0; i < n; i++) {
            mask.fill(0, i, hidden[i], n);
        }
        return hidden;
    }

    /** Une case se nomme comme dans le code, et non par son rang dans le tableau aplati. */
    @Test
    void theWrongCellIsNamedByItsIndices() {
        assertThat(exercise.causal(n -> square(n, (i, j) -> j > i || i == 3 && j == 1))
                        .sentence())
                .isEqualTo("Étape 2 : essai 1 sur 3 : trouvé en [3][1] la valeur true, attendu false");
    }

    /** Les deux erreurs du corrigé, chacune nommée pour ce qu'elle est. */
    @Test
    void whatACausalityExperimentForgets() {
        assertThat(exercise.causality(experiment(5, 5, false)).sentence()).contains("seul le dernier mot est changé");
        assertThat(exercise.causality(experiment(1, 1, false)).sentence())
                .contains("seule la première sortie est comparée", "un seul k");
    }

    @Test
    void aFailureOfTheReaderBecomesASentence() {
        assertThat(exercise.causal(n -> new boolean[n][n + 1]).sentence())
                .isEqualTo("Étape 2 : essai 1 sur 3 : trouvé la forme [4][5], attendu [4][4]");
        assertThat(exercise.causal(n -> new boolean[-n][n]).sentence()).contains("NegativeArraySizeException: -4");
        assertThat(exercise.causal(n -> {
                            throw new AssertionError();
                        })
                        .sentence())
                .contains("s'arrête sur une erreur (java.lang.AssertionError)");
        assertThat(exercise.causal(MaskExerciseTest::endless).sentence()).contains("StackOverflowError");
        assertThat(exercise.causal(n -> new boolean[][] {null, {true}}).state()).isEqualTo(State.WRONG);
        ThrowingCallable stopped = () -> exercise.causal(n -> {
            throw new CancellationException("stop");
        });
        Assertions.assertThatThrownBy(stopped).isInstanceOf(CancellationException.class);
    }

    private static boolean[][] endless(int n) {
        return endless(n + 1);
    }

    @Test
    void progress() {
        exercise.causal(n -> square(n, (i, j) -> j > i));
        assertThat(exercise.done(2)).isTrue();
        exercise.leak(new int[] {2, 5});
        assertThat(exercise.done(2, 6)).isFalse();
        assertThat(exercise.done(1)).isFalse();
        assertThat(exercise.progress().lines())
                .startsWith(
                        "1 étape faite sur 7, à la dernière vérification de chacune", "· 1. remplissage", "✔ 2. avenir")
                .contains("✘ 6. fuite");
        assertThat(Arrays.deepToString(MaskExercise.faultyMask())).contains("true");
    }
}
