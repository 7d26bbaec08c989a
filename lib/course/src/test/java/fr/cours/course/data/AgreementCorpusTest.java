package fr.cours.course.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.cours.course.data.AgreementCorpus.Group;
import fr.cours.course.data.AgreementCorpus.Noun;
import fr.cours.course.data.AgreementCorpus.Sentence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Les phrases à accorder sont ce que dit la notice : notebooks/donnees/LISEZMOI.md. */
class AgreementCorpusTest {
    private static final Path FILE = Path.of("..", "..", "notebooks", "donnees", "accord.tsv");

    private final AgreementCorpus corpus = AgreementCorpus.read(FILE);
    private final List<Sentence> train = corpus.draw(10_000, false, 1);
    private final List<Sentence> test = corpus.draw(2_000, true, 2);

    private double share(List<Sentence> sentences, Predicate<Sentence> property) {
        return sentences.stream().filter(property).count() / (double) sentences.size();
    }

    @Test
    void sixtyNounsAHundredForms() {
        assertThat(corpus.nouns()).hasSize(60).doesNotHaveDuplicates();
        assertThat(corpus.nouns().stream().filter(Noun::feminine)).hasSize(30);
        assertThat(corpus.nouns().stream().flatMap(noun -> List.of(noun.singular(), noun.plural()).stream()))
                .doesNotHaveDuplicates();
        assertThat(corpus.forms()).hasSize(100).doesNotHaveDuplicates();
        assertThat(train.stream().map(Sentence::template).collect(Collectors.toSet()))
                .hasSizeGreaterThanOrEqualTo(7);
    }

    @Test
    void theFourAgreementsComeEquallyOften() {
        for (int agreement = 0; agreement < 4; agreement++) {
            int wanted = agreement;
            assertThat(share(train, sentence -> sentence.groups().get(0).agreement() == wanted))
                    .isBetween(0.235, 0.265);
        }
        for (String form : corpus.forms()) {
            assertThat(share(train, sentence -> sentence.answer().equals(form)))
                    .as(form)
                    .isBetween(0.005, 0.015);
        }
    }

    @Test
    void otherNounsNeverAgreeWithTheAdjective() {
        for (Sentence sentence : train) {
            List<Group> groups = sentence.groups();
            assertThat(groups.subList(1, groups.size()))
                    .isNotEmpty()
                    .noneMatch(group -> group.agreement() == groups.get(0).agreement());
        }
    }

    @Test
    void noPositionGivesTheNoun() {
        Predicate<Sentence> first = s -> IntStream.of(s.nouns()).min().getAsInt() == s.nouns()[0];
        Predicate<Sentence> lastBefore =
                s -> IntStream.of(s.nouns()).filter(at -> at < s.mask()).max().getAsInt() == s.nouns()[0];
        assertThat(share(test, first)).isBetween(0.2, 0.56);
        assertThat(share(test, lastBefore)).isBetween(0.2, 0.56);
    }

    /** Le nombre s'entend dans le déterminant et le verbe ; le genre, dans la moitié des phrases au moins, nulle part. */
    @Test
    void genderIsHeardOnlyInTheNoun() {
        Set<String> gendered = Set.of("le", "la", "ce", "cet", "cette");
        assertThat(share(test, s -> !gendered.contains(s.groups().get(0).determiner())))
                .isGreaterThan(0.5);
    }

    @Test
    void reservedPairsAreNeverSeenTogether() {
        Set<String> seen = new HashSet<>();
        Set<String> words = new HashSet<>();
        for (Sentence sentence : train) {
            words.addAll(sentence.words());
            for (Group group : sentence.groups()) {
                seen.add(group.noun().singular() + " " + sentence.adjective().get(0));
            }
        }
        for (Sentence sentence : test) {
            assertThat(seen)
                    .doesNotContain(sentence.groups().get(0).noun().singular() + " "
                            + sentence.adjective().get(0));
            assertThat(words).containsAll(sentence.words());
        }
    }

    @Test
    void positionsPointAtTheWords() {
        for (Sentence sentence : test) {
            assertThat(sentence.words().get(sentence.mask()))
                    .isEqualTo("[" + sentence.adjective().get(0) + "]");
            for (int slot = 0; slot < sentence.nouns().length; slot++) {
                assertThat(sentence.words().get(sentence.nouns()[slot]))
                        .isEqualTo(sentence.groups().get(slot).head());
            }
        }
    }

    @Test
    void aSentenceByHand() {
        List<String> definite = List.of("le", "l'", "la", "l'", "les");
        Group donkeys = new Group(
                new Noun(false, "âne", "ânes"), true, definite, List.of("suit", "suivent"), List.of("est", "sont"));
        Group neighbour = new Group(
                new Noun(true, "voisine", "voisines"), false, definite, List.of("suit", "suivent"), List.of("", ""));
        List<String> black = List.of("noir", "noire", "noirs", "noires");
        Sentence sentence = Sentence.of("A que B vB eA *", List.of(donkeys, neighbour), black);

        assertThat(String.join(" ", sentence.words())).isEqualTo("les ânes que la voisine suit sont [noir]");
        assertThat(sentence.answer()).isEqualTo("noirs");
        assertThat(sentence.with(0, new Noun(true, "vache", "vaches")).answer()).isEqualTo("noires");
        Sentence of = Sentence.of("B de A eA *", List.of(donkeys, neighbour), black);
        assertThat(String.join(" ", of.words())).isEqualTo("la voisine des ânes sont [noir]");
        assertThat(String.join(" ", of.with(0, new Noun(false, "roi", "rois")).words()))
                .startsWith("la voisine des rois");
        assertThat(sentence.groups().get(0).with(new Noun(true, "oie", "oies")).determiner())
                .isEqualTo("les");
    }

    @Test
    void theSameSeedTheSameSentences() {
        assertThat(corpus.draw(50, false, 7).stream().map(Sentence::words).toList())
                .isEqualTo(
                        corpus.draw(50, false, 7).stream().map(Sentence::words).toList())
                .isNotEqualTo(
                        corpus.draw(50, false, 8).stream().map(Sentence::words).toList());
    }

    @Test
    void badFilesAreQuoted(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("accord.tsv");
        Files.writeString(file, "nom\tm\tchat\n");
        assertThatThrownBy(() -> AgreementCorpus.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("trouvé « nom\tm\tchat »");
        Files.writeString(file, "nom\tm\tchat\tchats\n");
        assertThatThrownBy(() -> AgreementCorpus.read(file)).hasMessageContaining("trouvé [nom], attendu");
        assertThatThrownBy(() -> AgreementCorpus.read(folder.resolve("absent"))).hasMessageContaining("absent");
        assertThatThrownBy(() -> corpus.draw(0, true, 1)).hasMessageContaining("count");
    }
}
