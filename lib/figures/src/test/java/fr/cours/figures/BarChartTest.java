package fr.cours.figures;

import static fr.cours.figures.HeatmapTest.missing;
import static fr.cours.figures.HeatmapTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Rectangle;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BarChartTest {
    private static final List<String> WORDS = List.of("the", "cat", "the");

    private static BarChart bars() {
        return BarChart.of(WORDS).series("poids", new double[] {0.5, 0.25, 1});
    }

    @Test
    void theDescriptionGivesEachBar() {
        assertThat(bars().series("écartés", new double[] {1, 2, 3}, new double[] {0.1, 0, 0.5})
                        .title("Mots")
                        .xAxis("phrase")
                        .yAxis("poids moyen")
                        .draw()
                        .description())
                .isEqualTo(
                        French.typography("Mots. Diagramme en barres, 3 catégories (phrase) ; hauteur : poids moyen ;"
                                + " « poids » : « the » (n° 1) 0,5, « cat » 0,25, « the » (n° 3) 1 ; « écartés » : « the » (n° 1) 1"
                                + " ± 0,1, « cat » 2 ± 0, « the » (n° 3) 3 ± 0,5."));
    }

    @Test
    void beyondTwelveOnlyTheExtremesAreSaid() {
        double[] values = new double[40];
        values[7] = 3;
        values[30] = -2;
        Figure figure = BarChart.of(Collections.nCopies(40, "anticonstitutionnellement"))
                .series("s", values)
                .draw();
        assertThat(figure.description())
                .endsWith(French.typography("« s » : minimum « anticonstitutionnellement » (n° 31) −2, maximum"
                        + " « anticonstitutionnellement » (n° 8) 3."));
        new Picture(figure).hasWhiteBorder();
    }

    @Test
    void equalCategoriesStaySeparateBars() {
        Figure figure = BarChart.of(List.of("the", "the", "the"))
                .series("s", new double[] {1, 1, 1})
                .draw();
        assertThat(runs(new Picture(figure), figure, SeriesPlot.COLORS[0])).isEqualTo(3);
    }

    @Test
    void barsStartFromZero() {
        Figure figure = BarChart.of(List.of("a", "b"))
                .series("s", new double[] {0.89, 0.9})
                .draw();
        Picture picture = new Picture(figure);
        int[] heights = new int[2];
        for (int bar = 0; bar < 2; bar++) {
            for (int y = 0; y < figure.height(); y++) {
                heights[bar] +=
                        picture.at(figure.width() * (bar == 0 ? 0.32 : 0.74), y).equals(SeriesPlot.COLORS[0]) ? 1 : 0;
            }
        }
        assertThat((double) heights[0] / heights[1]).isBetween(0.97, 1.0);
        assertThat(heights[1]).isGreaterThan(figure.height() / 2);
    }

    /** Le nombre de barres de cette couleur que coupe l'horizontale la plus garnie. */
    private static int runs(Picture picture, Figure figure, Color color) {
        int most = 0;
        for (int y = 60; y < figure.height(); y++) {
            int runs = 0;
            for (int x = 1; x < figure.width(); x++) {
                runs += picture.at(x, y).equals(color) && !picture.at(x - 1, y).equals(color) ? 1 : 0;
            }
            most = Math.max(most, runs);
        }
        return most;
    }

    @Test
    void eachSeriesHasItsColor() {
        Figure figure = bars().series("autre", new double[] {1, 1, 1}).draw();
        Picture picture = new Picture(figure);
        picture.hasWhiteBorder();
        assertThat(picture.colors(new Rectangle(0, 0, figure.width(), figure.height())))
                .contains(SeriesPlot.COLORS[0], SeriesPlot.COLORS[1]);
    }

    @Test
    void sameDataSameBytes() {
        assertThat(bars().draw().png()).isEqualTo(bars().draw().png()).hasSizeLessThan(60_000);
    }

    @Test
    void whatIsRefusedIsNamed() {
        refused(() -> BarChart.of(List.of()), "categories : trouvé 0 nom, attendu au moins un");
        refused(
                () -> bars().series("x", new double[] {1}),
                "values : trouvé 1 nombre, attendu 3 (autant que d’abscisses)");
        refused(() -> bars().series("x", new double[] {1, 2, Double.NaN}), "values[2] : trouvé NaN");
        refused(() -> bars().series("x", new double[3], new double[] {0, -1, 0}), "spread[1] : trouvé −1");
        refused(() -> bars().yRange(1, 0), "yRange : trouvé de 1.0 à 0.0");
        refused(() -> BarChart.of(WORDS).draw(), "series : trouvé aucune série, attendu au moins une");
        missing(() -> BarChart.of(null), "categories");
        missing(() -> BarChart.of(Arrays.asList("a", null)), "categories[1]");
        missing(() -> bars().series(null, new double[3]), "name");
        missing(() -> bars().series("x", null), "values");
        missing(() -> bars().series("x", new double[3], null), "spread");
        missing(() -> bars().title(null), "title");
        missing(() -> bars().xAxis(null), "xAxis");
        missing(() -> bars().yAxis(null), "yAxis");
    }
}
