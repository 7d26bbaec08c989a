package fr.cours.figures;

import static fr.cours.figures.AttentionHeatmapTest.random;
import static fr.cours.figures.HeatmapTest.missing;
import static fr.cours.figures.HeatmapTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Rectangle;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HeadGridTest {
    private static final List<String> AB = List.of("a", "b");
    private static final List<String> CAT = List.of("The", "cat", "sat", "on", "the", "mat");

    /** Deux têtes : la première tranchée, la seconde hésitante. */
    private static INDArray two() {
        return Nd4j.createFromArray(new float[][][] {{{1, 0}, {0.25f, 0.75f}}, {{0.5f, 0.5f}, {0, 0}}});
    }

    @Test
    void oneScaleForAllHeads() {
        HeadGrid grid = HeadGrid.of(two(), AB).colors(ColorMap.REDS);
        Picture picture = new Picture(grid.draw());
        picture.hasWhiteBorder();
        assertThat(picture.ground(new MatrixLayout(grid).cells(0), 2, 2, 0, 0)).isEqualTo(ColorMap.REDS.color(1));
        assertThat(picture.ground(new MatrixLayout(grid).cells(0), 2, 2, 1, 1)).isEqualTo(ColorMap.REDS.color(0.75));
        assertThat(picture.ground(new MatrixLayout(grid).cells(1), 2, 2, 0, 0)).isEqualTo(ColorMap.REDS.color(0.5));
        Color hidden = picture.ground(new MatrixLayout(grid).cells(1), 2, 2, 1, 0);
        assertThat(hidden).isNotEqualTo(ColorMap.REDS.color(0));
    }

    @Test
    void theDescriptionGoesHeadByHead() {
        assertThat(HeadGrid.of(two(), AB).title("Deux têtes").draw().description())
                .isEqualTo(French.typography("Deux têtes. 2 cartes de chaleur 2 × 2, une par tête, requêtes en lignes,"
                        + " clés en colonnes, échelle commune de 0 à 1,00. Tête 1 : le plus fort de chaque ligne : « a » →"
                        + " « a » 1,00 ; « b » → « b » 0,75. Tête 2 : le plus fort de chaque ligne : « a » → partout 0,50 ;"
                        + " ligne masquée : « b »."));
    }

    @Test
    void beyondFourHeadsOneWeightPerHead() {
        String description = HeadGrid.of(random(1, 1, 8, 6, 6), CAT)
                .heads(Collections.nCopies(8, "h"))
                .draw()
                .description();
        assertThat(description.split("→")).hasSize(9);
        assertThat(description).contains(French.typography("h : le plus fort : « "));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 12, 16, 64})
    void anyNumberOfHeadsFitsThePage(int heads) {
        for (List<String> words : List.of(CAT, Collections.nCopies(12, "anticonstitutionnellement"))) {
            HeadGrid grid = HeadGrid.of(random(heads, heads, words.size(), words.size()), words)
                    .title("Têtes");
            Figure figure = grid.draw();
            Picture picture = new Picture(figure);
            picture.hasWhiteBorder();
            assertThat(figure.width()).isLessThanOrEqualTo(900);
            for (int h = 1; h < heads; h++) {
                assertThat(new MatrixLayout(grid).cells(h).intersects(new MatrixLayout(grid).cells(h - 1)))
                        .isFalse();
            }
            Rectangle title = new Rectangle(new MatrixLayout(grid).cells(heads - 1));
            title.setBounds(title.x, title.y - 18, 20, 14);
            assertThat(picture.hasInk(title)).as("le nom de la dernière tête").isTrue();
        }
    }

    @Test
    void valuesAreWrittenWhileTheyAreReadable() {
        HeadGrid eight = HeadGrid.of(random(3, 8, 6, 6), CAT);
        Rectangle cell = Picture.cell(new MatrixLayout(eight).cells(0), 6, 6, 0, 0);
        cell.grow(-2, -2);
        assertThat(new Picture(eight.draw()).colors(cell)).hasSizeGreaterThan(1);

        HeadGrid many = HeadGrid.of(random(3, 4, 40, 40), Collections.nCopies(40, "mot"));
        Picture picture = new Picture(many.draw());
        assertThat(picture.colors(Picture.cell(new MatrixLayout(many).cells(0), 40, 40, 3, 3)))
                .hasSize(1);
    }

    @Test
    void crossAttentionHasTwoLists() {
        Figure figure = HeadGrid.of(random(2, 3, 2, 6), AB, CAT)
                .queryAxis("Français")
                .keyAxis("Anglais")
                .scale(1)
                .draw();
        assertThat(figure.description()).contains("3 cartes de chaleur 2 × 6", "échelle commune de 0 à 1,00");
    }

    @Test
    void sameWeightsSameBytes() {
        assertThat(HeadGrid.of(two(), AB).draw().png())
                .isEqualTo(HeadGrid.of(two(), AB).draw().png());
        assertThat(HeadGrid.of(random(1, 8, 6, 6), CAT).draw().png()).hasSizeLessThan(150_000);
    }

    @Test
    void whatIsRefusedIsNamed() {
        refused(
                () -> HeadGrid.of(Nd4j.eye(2), AB),
                "weights : trouvé [2, 2], attendu [têtes, n, m] ou [1, têtes, n, m]");
        refused(() -> HeadGrid.of(random(1, 2, 3, 2, 2), AB), "weights : trouvé [2, 3, 2, 2]", "weights.slice(0)");
        refused(() -> HeadGrid.of(Nd4j.empty(), AB), "weights : trouvé un tableau vide");
        refused(() -> HeadGrid.of(random(1, 2, 2, 3), AB), "tokens : trouvé 2 noms, attendu 3");
        refused(() -> HeadGrid.of(two(), CAT), "tokens : trouvé 6 noms, attendu 2 (autant que de lignes de weights)");
        refused(() -> HeadGrid.of(random(1, 2, 2, 3), AB, AB), "keyTokens : trouvé 2 noms, attendu 3");
        refused(() -> HeadGrid.of(random(1, 2, 3, 2), AB, AB), "queryTokens : trouvé 2 noms, attendu 3");
        refused(() -> HeadGrid.of(two().mul(2), AB), "weights[0] : la ligne 0 (« a ») a pour somme 2,000, attendu 1");
        refused(() -> HeadGrid.of(two().putScalar(1, 0, 1, Double.NaN), AB), "weights[1][0, 1] : trouvé NaN");
        refused(
                () -> HeadGrid.of(two(), AB).heads(AB.subList(0, 1)),
                "heads : trouvé 1 nom, attendu 2 (autant que de têtes)");
        refused(() -> HeadGrid.of(two(), AB).scale(-1), "scale : trouvé de 0.0 à -1.0");
        missing(() -> HeadGrid.of(null, AB), "weights");
        missing(() -> HeadGrid.of(two(), null), "tokens");
        missing(() -> HeadGrid.of(two(), AB).heads(null), "heads");
        missing(() -> HeadGrid.of(two(), AB).title(null), "title");
        missing(() -> HeadGrid.of(two(), AB).queryAxis(null), "queryAxis");
        missing(() -> HeadGrid.of(two(), AB).keyAxis(null), "keyAxis");
        missing(() -> HeadGrid.of(two(), AB).colors(null), "colors");
    }
}
