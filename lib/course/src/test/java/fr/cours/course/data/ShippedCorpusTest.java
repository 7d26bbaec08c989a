package fr.cours.course.data;

import static org.assertj.core.api.Assertions.assertThat;

import fr.cours.attention.text.Tokenizer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

/** Le corpus que le cours livre est ce que dit sa notice : notebooks/donnees/LISEZMOI.md. */
class ShippedCorpusTest {
    private final Table corpus = Corpus.read(Path.of("..", "..", "notebooks", "donnees", "avis.tsv"));
    private final List<String> reviews = corpus.stringColumn("avis").asList();

    @Test
    void columnsAndSize() {
        assertThat(corpus.columnNames()).containsExactly("polarite", "domaine", "phenomene", "avis");
        assertThat(corpus.rowCount()).isGreaterThanOrEqualTo(600);
        assertThat(Set.copyOf(corpus.stringColumn("domaine").asList()))
                .containsExactlyInAnyOrder("film", "livre", "restaurant", "hotel", "appareil");
        assertThat(Set.copyOf(corpus.stringColumn("phenomene").asList()))
                .containsExactlyInAnyOrder("simple", "negation", "concession", "ironie");
    }

    @Test
    void asManyPositiveAsNegativeInEachDomain() {
        for (String domain : Set.copyOf(corpus.stringColumn("domaine").asList())) {
            Table part = corpus.where(corpus.stringColumn("domaine").isEqualTo(domain));
            assertThat(part.rowCount()).as(domain).isEqualTo(corpus.rowCount() / 5);
            assertThat(part.intColumn("polarite").sum() * 2).as(domain).isEqualTo(part.rowCount());
        }
    }

    @Test
    void eachReviewHas8To45Words() {
        assertThat(reviews)
                .allSatisfy(review -> assertThat(review.split("\\s+").length).isBetween(8, 45));
    }

    @Test
    void noReviewRepeatsAnother() {
        List<Set<String>> trigrams = reviews.stream().map(this::trigrams).toList();
        for (int i = 0; i < trigrams.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(jaccard(trigrams.get(i), trigrams.get(j)))
                        .as("suites de trois mots communes à « %s » et « %s »", reviews.get(i), reviews.get(j))
                        .isLessThan(0.2);
            }
        }
    }

    @Test
    void aNearDuplicateWouldBeSeen() {
        String review = reviews.get(0);
        assertThat(jaccard(trigrams(review), trigrams(review))).isEqualTo(1);
        assertThat(jaccard(trigrams(review), trigrams(review.replaceFirst("\\s\\S+$", " voilà."))))
                .isGreaterThan(0.5);
    }

    private Set<String> trigrams(String review) {
        List<String> words = Tokenizer.tokens(review);
        Set<String> trigrams = new HashSet<>();
        for (int i = 2; i < words.size(); i++) {
            trigrams.add(String.join(" ", words.subList(i - 2, i + 1)));
        }
        return trigrams;
    }

    private static double jaccard(Set<String> a, Set<String> b) {
        Set<String> common = new HashSet<>(a);
        common.retainAll(b);
        return (double) common.size() / (a.size() + b.size() - common.size());
    }
}
