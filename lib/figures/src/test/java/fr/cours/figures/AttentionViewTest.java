package fr.cours.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.cours.attention.layers.AttentionMask;
import fr.cours.attention.layers.ScaledDotProductAttention;
import fr.cours.attention.math.RandomTensors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Ce que la vue dit, ce qu'elle ne laisse pas passer, et son poids. */
class AttentionViewTest {
    private static AttentionView view(double[][] weights, String... words) {
        return AttentionView.of(HeadGrid.of(Nd4j.create(new double[][][] {weights}), List.of(words)));
    }

    private static int count(String text, String part) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    @Test
    void everyWordEveryLinkEveryWeight() {
        String html = view(new double[][] {{0, 0.75, 0.25}, {1, 0, 0}, {0, 0, 0}}, "noir", "chat", "la")
                .html();
        assertThat(count(html, "<path")).isEqualTo(3);
        assertThat(count(html, "tabindex=0")).isEqualTo(2); // « la » ne regarde rien
        assertThat(html)
                .contains(">noir</text>", ">0,75</text>", "aria-label=\"« noir » → « chat » 0,75, « la » 0,25\"")
                .contains("<li>Tête 1 : « noir » → « chat » 0,75")
                .doesNotContain("stroke-width=4,");
    }

    @Test
    void wordsAreTextNotMarkup() {
        String attack = "<script>alert('x')</script>";
        String html =
                view(new double[][] {{0.5, 0.5}, {0.5, 0.5}}, attack, "\"&'").html();
        assertThat(html).doesNotContain("<script").contains("&lt;script&gt;", "&quot;&amp;&#39;");
        assertThat(AttentionView.of(HeadGrid.of(Nd4j.ones(1, 1, 1), List.of("a"))
                                .title("<b onclick=\"x\">")
                                .heads(List.of("<i>")))
                        .html())
                .doesNotContain("<b onclick", "<i>")
                .contains("&lt;i&gt;");
    }

    /** Trois boutons : une tête, une autre, « En texte ». */
    @Test
    void thePageGivesAttributesToTheButtonsAndNothingElse() {
        AttentionView two = AttentionView.of(HeadGrid.of(Nd4j.ones(2, 1, 1), List.of("a")));
        String html = two.html(" data-page=\"x\"");
        assertThat(count(html, " data-page=\"x\">")).isEqualTo(3);
        assertThat(html.replace(" data-page=\"x\"", "")).isEqualTo(two.html());
        HeatmapTest.missing(() -> two.html(null), "buttonAttributes");
    }

    @Test
    void neitherProgramNorNetwork() {
        assertThat(view(new double[][] {{1}}, "seul").html().toLowerCase())
                .doesNotContain("<script", "http", "url(", "@import", "javascript:", " on");
    }

    @Test
    void fortyWordsAndEightHeadsStayUnder150Kilobytes() {
        INDArray x = RandomTensors.normal(new Random(1), 1, 8, 40, 16);
        INDArray weights = new ScaledDotProductAttention()
                .forward(x, x, x, AttentionMask.none())
                .weights();
        List<String> words = IntStream.range(0, 40)
                .mapToObj(i -> "anticonstitutionnellement" + i)
                .toList();
        Set<Integer> all = IntStream.range(0, 40).boxed().collect(Collectors.toSet());
        String html = AttentionView.of(HeadGrid.of(weights, words).unknown(all)).html();
        assertThat(html.getBytes(StandardCharsets.UTF_8).length).isLessThan(150_000);
        assertThat(count(html, "type=radio")).isEqualTo(8);
        assertThat(count(html, "tabindex=0")).isEqualTo(320);
        assertThat(html).contains("anticonstitutionn…");
    }

    @Test
    void unknownWordsAreHatchedAndNamed() {
        HeadGrid grid = HeadGrid.of(Nd4j.create(new double[][][] {{{0, 1}, {1, 0}}}), List.of("zèbre", "noir"));
        assertThat(AttentionView.of(grid).html()).doesNotContain("class=u", "Hachurés");
        String html = AttentionView.of(grid.unknown(Set.of(0))).html();
        assertThat(count(html, "class=u")).isEqualTo(1);
        assertThat(html)
                .contains("<path class=u d=\"M110 15H154M326 15H370\" />")
                .contains("Hachurés, car jamais vus par le modèle : « zèbre ».");
    }

    @Test
    void thePictureOfTheSameWeights() {
        assertThat(view(new double[][] {{0, 1}, {1, 0}}, "a", "b").draw().description())
                .contains("2 × 2");
    }

    @Test
    void tooMuchIsRefused() {
        List<String> words = Stream.generate(() -> "mot").limit(41).toList();
        assertThatThrownBy(() -> AttentionView.of(HeadGrid.of(Nd4j.eye(41).reshape(1, 41, 41), words)))
                .hasMessageContaining("41 mots, attendu au plus 8 têtes et 40 mots");
        assertThatThrownBy(() -> AttentionView.of(HeadGrid.of(Nd4j.ones(9, 1, 1), List.of("a"))))
                .hasMessageContaining("9 têtes");
    }
}
