package fr.cours.course.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** BLEU contre des valeurs publiées : l'article, et les exemples documentés de sacreBLEU et de NLTK. */
class BleuTest {
    /** Papineni et al. (2002), § 2.1, exemple 1. */
    private static final List<String> CANDIDATE1 = words(
            "It is a guide to action which ensures that the military" + " always obeys the commands of the party");

    private static final List<String> CANDIDATE2 =
            words("It is to insure the troops forever hearing the activity" + " guidebook that party direct");
    private static final List<List<String>> REFERENCES = List.of(
            words("It is a guide to action that ensures that the military will forever heed Party commands"),
            words("It is the guiding principle which guarantees the military forces always being under the command of"
                    + " the Party"),
            words("It is the practical guide for the army always to heed the directions of the party"));

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }

    private static List<String> repeat(int n) {
        return Collections.nCopies(n, "a");
    }

    @Test
    void thePrecisionsOfThePaper() {
        assertThat(Bleu.matches(CANDIDATE1, REFERENCES, 1)).containsExactly(17, 18);
        assertThat(Bleu.matches(CANDIDATE2, REFERENCES, 1)).containsExactly(8, 14);
        assertThat(Bleu.matches(CANDIDATE1, REFERENCES, 2)).containsExactly(10, 17);
        assertThat(Bleu.matches(CANDIDATE2, REFERENCES, 2)).containsExactly(1, 13);
    }

    @Test
    void sevenTimesThe() {
        List<List<String>> cats = List.of(words("the cat is on the mat"), words("there is a cat on the mat"));
        List<String> the = Collections.nCopies(7, "the");
        assertThat(Bleu.matches(the, cats, 1)).containsExactly(2, 7);
        assertThat(Bleu.matches(the, cats, 2)).containsExactly(0, 6);
    }

    /** L'exemple documenté de {@code nltk.translate.bleu_score}, mêmes phrases. */
    @Test
    void theExamplesOfNltk() {
        assertThat(Bleu.corpusOfMany(List.of(CANDIDATE1), List.of(REFERENCES)))
                .isCloseTo(50.45666840058485, within(1e-9));
        List<String> second = words("he read the book because he was interested in world history");
        List<List<String>> reference = List.of(words("he was interested in world history because he read the book"));
        assertThat(Bleu.corpusOfMany(List.of(CANDIDATE1, second), List.of(REFERENCES, reference)))
                .isCloseTo(59.20778868801042, within(1e-9));
        assertThat(Bleu.corpusOfMany(List.of(CANDIDATE2), List.of(REFERENCES))).isZero();
    }

    /** L'exemple du README de sacreBLEU, coupé en mots comme le fait sa règle 13a. */
    @Test
    void theExampleOfSacreBleu() {
        List<List<String>> written = List.of(
                words("The dog bit the man ."),
                words("It wasn't surprising ."),
                words("The man had just bitten him ."));
        List<List<List<String>>> references = List.of(
                List.of(words("The dog bit the man ."), words("The dog had bit the man .")),
                List.of(words("It was not unexpected ."), words("No one was surprised .")),
                List.of(words("The man bit him first ."), words("The man had bitten the dog .")));
        assertThat(Bleu.corpusOfMany(written, references)).isCloseTo(48.530827009929865, within(1e-9));
    }

    @Test
    void brevity() {
        assertThat(Bleu.brevity(12, 12)).isEqualTo(1);
        assertThat(Bleu.brevity(13, 12)).isEqualTo(1);
        assertThat(Bleu.brevity(12, 28)).isCloseTo(0.2635971381157267, within(1e-12));
        // La référence la plus proche, et la plus courte à égale distance : 11 plutôt que 13.
        assertThat(Bleu.corpusOfMany(List.of(repeat(12)), List.of(List.of(repeat(13), repeat(11)))))
                .isCloseTo(100, within(1e-9));
        assertThat(Bleu.corpusOfMany(List.of(repeat(12)), List.of(List.of(repeat(2), repeat(13)))))
                .isCloseTo(92.00444146293233, within(1e-9));
    }

    @Test
    void aCorpusAndItsReverse() {
        List<List<String>> some = List.of(words("a b c d e"), words("f g h i"));
        assertThat(Bleu.corpus(some, some)).isCloseTo(100, within(1e-9));
        List<List<String>> others = List.of(words("f g h i"), words("a b c d e"));
        assertThat(Bleu.corpus(some, others)).isZero();
        assertThat(Bleu.corpus(List.of(List.of()), List.of(words("a b c d")))).isZero();
    }

    @Test
    void badInputs() {
        assertThatThrownBy(() -> Bleu.corpus(List.of(), List.of())).hasMessageContaining("trouvé 0 phrase(s)");
        assertThatThrownBy(() -> Bleu.corpus(List.of(words("a")), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bleu.corpus(null, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bleu.corpusOfMany(Arrays.asList(words("a")), List.of(List.of())))
                .hasMessageContaining("aucune pour la phrase 0");
    }
}
