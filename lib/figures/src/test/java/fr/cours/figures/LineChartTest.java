package fr.cours.figures;

import static fr.cours.figures.HeatmapTest.missing;
import static fr.cours.figures.HeatmapTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Rectangle;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LineChartTest {
    private static final double[] D = {4, 8, 16, 32};
    private static final double[] FALL = {0.8, 0.6, 0.5, 0.25};
    private static final double[] RISE = {0.1, 0.2, 0.15, 0.9};

    private static LineChart two() {
        return LineChart.of("avec", D, FALL).series("sans", D, RISE);
    }

    private static Rectangle all(Figure figure) {
        return new Rectangle(0, 0, figure.width(), figure.height());
    }

    @Test
    void theDescriptionGivesAxesAndCurves() {
        assertThat(two().title("Poids")
                        .xAxis("dₖ")
                        .yAxis("moyenne")
                        .logX()
                        .draw()
                        .description())
                .isEqualTo(French.typography("Poids. 2 courbes ; abscisses : dₖ (échelle logarithmique), de 4 à 32 ;"
                        + " ordonnées : moyenne ; « avec » (4 points) : de 0,8 à 0,25, minimum 0,25 en 32, maximum 0,8 en"
                        + " 4 ; « sans » (4 points) : de 0,1 à 0,9, minimum 0,1 en 4, maximum 0,9 en 32."));
    }

    @Test
    void levelAndSpreadAreDescribed() {
        String description = LineChart.of("a", new double[] {1, 2})
                .series("b", new double[] {1, 2}, new double[] {3, 4}, new double[] {0.1, 0})
                .level("hasard", 0.125)
                .draw()
                .description();
        assertThat(description)
                .startsWith(French.typography("2 courbes ; abscisses : sans nom, de 1 à 2"))
                .contains(French.typography("« b » (2 points, avec écarts) :"))
                .endsWith(French.typography("; repère « hasard » à 0,125."));
    }

    @Test
    void eachCurveHasTheColorOfTheLegendOnWhite() {
        Figure figure = two().title("Titre").draw();
        Picture picture = new Picture(figure);
        picture.hasWhiteBorder();
        assertThat(picture.colors(all(figure))).contains(SeriesPlot.COLORS[0], SeriesPlot.COLORS[1]);
        assertThat(picture.colors(all(figure))).doesNotContain(SeriesPlot.COLORS[2]);
    }

    @Test
    void curvesDifferWithoutColor() {
        Set<String> looks = new HashSet<>();
        for (BasicStroke line : SeriesPlot.LINES) {
            looks.add(Arrays.toString(line.getDashArray()));
        }
        assertThat(looks).hasSize(SeriesPlot.LINES.length).hasSizeGreaterThan(3);
    }

    @Test
    void aHighCurveIsAboveALowOne() {
        Figure figure = LineChart.of("bas", new double[] {1, 1})
                .series("haut", new double[] {9, 9})
                .draw();
        Picture picture = new Picture(figure);
        assertThat(lowest(picture, figure, SeriesPlot.COLORS[1]))
                .isLessThan(lowest(picture, figure, SeriesPlot.COLORS[0]));
    }

    private static int lowest(Picture picture, Figure figure, Color color) {
        int lowest = 0;
        for (int y = 0; y < figure.height() - 60; y++) { // sans la légende
            if (picture.colors(new Rectangle(0, y, figure.width(), 1)).contains(color)) {
                lowest = y;
            }
        }
        return lowest;
    }

    @Test
    void eightCurvesWithLongNamesFitThePicture() {
        LineChart chart = LineChart.of("série numéro un, au nom plutôt long", FALL);
        for (int i = 2; i <= 8; i++) {
            chart.series("série numéro " + i + ", au nom plutôt long", RISE);
        }
        Figure figure = chart.draw();
        new Picture(figure).hasWhiteBorder();
        assertThat(figure.width()).isLessThanOrEqualTo(640);
    }

    @Test
    void allShapesAreDrawn() {
        new Picture(LineChart.of("un point", new double[] {3}).draw()).hasWhiteBorder();
        new Picture(LineChart.of("constante", new double[500]).draw()).hasWhiteBorder();
        new Picture(LineChart.of("a", D, FALL).logX().logY().draw()).hasWhiteBorder();
        new Picture(LineChart.of("a", new double[] {0.1, 0.2, 0.5, 10}, new double[] {1e-7, 1, 20, 1e9})
                        .logX()
                        .logY()
                        .level("seuil", 5)
                        .draw())
                .hasWhiteBorder();
        new Picture(LineChart.of("désordre", new double[] {3, 1, 2}, new double[] {-1e-6, 0, 1e-6})
                        .yRange(-1, 1)
                        .draw())
                .hasWhiteBorder();
        new Picture(LineChart.of("🎯", FALL).series("🧠", RISE).draw()).hasWhiteBorder();
    }

    @Test
    void sameDataSameBytes() {
        byte[] png = two().draw().png();
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.US);
            assertThat(two().draw().png()).isEqualTo(png);
        } finally {
            Locale.setDefault(before);
        }
        assertThat(png).hasSizeLessThan(60_000);
    }

    @Test
    void whatIsRefusedIsNamed() {
        refused(() -> LineChart.of("a", new double[0]), "y : trouvé un tableau vide, attendu au moins un nombre");
        refused(
                () -> LineChart.of("a", D, new double[] {1}),
                "y : trouvé 1 nombre, attendu 4 (autant que de abscisses)".replace("de abscisses", "d’abscisses"));
        refused(() -> LineChart.of("a", new double[] {1, Double.NaN}), "y[1] : trouvé NaN, attendu un nombre fini");
        refused(() -> LineChart.of("a", new double[] {1 / 0.0}, new double[] {1}), "x[0] : trouvé +∞");
        refused(
                () -> two().series("c", D, FALL, new double[] {0, 0, -1, 0}),
                "spread[2] : trouvé −1, attendu un écart");
        refused(() -> two().series("c", D, FALL, new double[] {0}), "spread : trouvé 1 nombre, attendu 4");
        refused(() -> two().level("l", Double.NaN), "value[0] : trouvé NaN");
        refused(() -> two().yRange(2, 1), "yRange : trouvé de 2.0 à 1.0, attendu deux nombres finis croissants");
        refused(
                () -> LineChart.of("a", new double[] {0, 1}, new double[] {1, 1})
                        .logX()
                        .draw(),
                "x[0] : trouvé 0, attendu un nombre positif sur un axe logarithmique");
        refused(
                () -> LineChart.of("a", new double[] {1, -2}).logY().draw(),
                "y[1] : trouvé −2, attendu un nombre positif");
        refused(() -> two().level("l", -1).logY().draw(), "y[0] : trouvé −1");
    }

    @Test
    void whatIsMissingIsNamed() {
        missing(() -> LineChart.of(null, FALL), "name");
        missing(() -> LineChart.of("a", (double[]) null), "y");
        missing(() -> LineChart.of("a", null, FALL), "x");
        missing(() -> LineChart.of("a", D, null), "y");
        missing(() -> two().series("c", D, FALL, null), "spread");
        missing(() -> two().title(null), "title");
        missing(() -> two().xAxis(null), "xAxis");
        missing(() -> two().yAxis(null), "yAxis");
        missing(() -> two().level(null, 1), "name");
    }
}
