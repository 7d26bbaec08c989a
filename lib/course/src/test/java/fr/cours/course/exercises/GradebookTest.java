package fr.cours.course.exercises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.cours.course.exercises.Verdict.State;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Le registre des verdicts : ce que les vérifications ont dit en dernier, et rien d'autre. */
class GradebookTest {
    private static final Verdict RIGHT = new Verdict(State.DONE, "juste");
    private static final Verdict WRONG = new Verdict(State.WRONG, "à l'envers");

    private static boolean[][] causal(int n) {
        boolean[][] hidden = new boolean[n][n];
        for (int i = 0; i < n; i++) {
            Arrays.fill(hidden[i], i + 1, n, true);
        }
        return hidden;
    }

    private static List<String> ofThisKernel(String exercise) {
        return Gradebook.ofThisKernel().entries().stream()
                .filter(entry -> entry.step().startsWith(exercise + "."))
                .map(entry -> entry.step() + " " + entry.verdict())
                .toList();
    }

    @Test
    void theLastVerdictOfAStepIsKept() {
        Gradebook book = new Gradebook();
        book.record(2, 1, WRONG);
        book.record(2, 1, RIGHT);
        assertThat(book.entries()).containsExactly(new Gradebook.Entry("2.1", RIGHT));
    }

    @Test
    void exercisesDoNotMixAndComeInOrder() {
        Gradebook book = new Gradebook();
        book.record(4, 1, RIGHT);
        book.record(2, 6, WRONG);
        book.record(2, 1, RIGHT);
        assertThat(book.entries())
                .containsExactly(
                        new Gradebook.Entry("2.1", RIGHT),
                        new Gradebook.Entry("2.6", WRONG),
                        new Gradebook.Entry("4.1", RIGHT));
    }

    @Test
    void whatIsReadIsACopy() {
        Gradebook book = new Gradebook();
        List<Gradebook.Entry> before = book.entries();
        book.record(1, 1, RIGHT);
        assertThat(before).isEmpty();
        assertThatThrownBy(() -> book.entries().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void everyCheckIsRecordedAndNoConstructionErases() {
        new MaskExercise().causal(GradebookTest::causal);
        new MaskExercise().leak(new int[] {2, 5});
        new HeadsExercise();
        new MaskExercise();
        assertThat(ofThisKernel("2"))
                .contains("2.2 ✔ Étape 2 : juste", "2.6 ✘ Étape 6 : c'est la bonne case, requête et clé échangées");
        new HeadsExercise().predict(null);
        assertThat(ofThisKernel("1")).contains("1.1 … Étape 1 : à compléter");
        assertThat(ofThisKernel("2")).contains("2.2 ✔ Étape 2 : juste");
    }
}
