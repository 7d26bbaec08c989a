package fr.cours.figures;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.ChartTheme;

/**
 * Des barres : une grandeur par catégorie, à partir de zéro.
 *
 * <pre>{@code
 * BarChart.of(List.of("LSTM", "attention")).series("exactitude", new double[] {0.89, 0.99})
 *         .title("Inverser 16 symboles").yAxis("part de phrases justes").draw()
 * }</pre>
 *
 * <p>Plusieurs séries se rangent côte à côte, dans l'ordre de la légende. La description donne les valeurs, jusqu'à 12
 * catégories, et les extrêmes au-delà.
 */
public final class BarChart extends SeriesPlot<BarChart> {
    private static final int DESCRIBED = 12;

    private final List<String> categories;
    private final double[] places;

    private BarChart(List<String> categories) {
        this.categories = categories;
        places = IntStream.range(0, categories.size()).asDoubleStream().toArray();
    }

    /**
     * Prépare les barres de ces catégories ; deux catégories peuvent porter le même nom.
     *
     * @param categories leurs noms, de gauche à droite
     * @return les barres, sans série
     * @throws IllegalArgumentException s'il n'y a pas de catégorie
     */
    public static BarChart of(List<String> categories) {
        int size = Checks.present(categories, "categories", "une liste de noms").size();
        if (size == 0) {
            throw Checks.refused("categories : trouvé 0 nom, attendu au moins un");
        }
        return new BarChart(Checks.labels(categories, "categories", size, "de barres"));
    }

    /**
     * Ajoute une série.
     *
     * @param name son nom, écrit dans la légende
     * @param values une valeur par catégorie
     * @return ces barres
     * @throws IllegalArgumentException dans les mêmes cas que {@link #series(String, double[], double[])}
     */
    public BarChart series(String name, double[] values) {
        return add(name, places, values, "values", null, false);
    }

    /**
     * Ajoute une série avec des barres d'écart, de value − spread à value + spread.
     *
     * @param name son nom
     * @param values une valeur par catégorie
     * @param spread un écart par catégorie, positif ou nul
     * @return ces barres
     * @throws IllegalArgumentException s'il n'y a pas une valeur ou un écart par catégorie, si un nombre n'est pas fini,
     *     si un écart est négatif, ou si le nom manque
     */
    public BarChart series(String name, double[] values, double[] spread) {
        return add(name, places, values, "values", Checks.present(spread, "spread", "des nombres"), false);
    }

    @Override
    CategoryChart chart() {
        if (series.isEmpty()) {
            throw Checks.refused("series : trouvé aucune série, attendu au moins une");
        }
        CategoryChart chart = new CategoryChart(WIDTH, HEIGHT, ChartTheme.XChart);
        CategoryStyler styler = styled(chart);
        styler.setAxisTicksLineVisible(false);
        styler.setAxisTicksMarksVisible(false);
        styler.setXAxisMaxLabelCount(categories.size() + 1);
        styler.setAvailableSpaceFill(series.size() > 1 ? 0.8 : 0.6);
        // XChart fond deux catégories égales en une : des blancs de largeur nulle les distinguent.
        List<String> names = IntStream.range(0, categories.size())
                .mapToObj(i -> Canvas.label(categories.get(i), 20) + "\u200b".repeat(i))
                .toList();
        if (Canvas.widest(names, Canvas.AXIS) > 0.85 * WIDTH / names.size() - 8) {
            styler.setXAxisLabelRotation(names.size() > 20 ? 60 : 45);
            styler.setXAxisLabelAlignment(TextAlignment.Right);
            styler.setXAxisLabelAlignmentVertical(TextAlignment.Right);
            styler.setAxisTickLabelsFont(Canvas.AXIS.deriveFont(names.size() > 20 ? 10f : 12f));
        }
        for (Series one : series) {
            chart.addSeries(
                            "" + series.indexOf(one),
                            names,
                            boxed(one.y()),
                            one.spread() == null ? null : boxed(one.spread()))
                    .setLabel(Canvas.drawable(one.name()));
        }
        return chart;
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    @Override
    String describe() {
        String text =
                "Diagramme en barres, " + categories.size() + (categories.size() > 1 ? " catégories" : " catégorie")
                        + (xAxis.isBlank() ? "" : " (" + xAxis + ")") + " ; hauteur : " + named(yAxis);
        for (Series one : series) {
            text += " ; « " + one.name() + " » : ";
            text += categories.size() > DESCRIBED
                    ? "minimum " + bar(one, extreme(one.y(), -1, 0)) + ", maximum " + bar(one, extreme(one.y(), 1, 0))
                    : IntStream.range(0, categories.size())
                            .mapToObj(i -> bar(one, i))
                            .collect(Collectors.joining(", "));
        }
        return text + ".";
    }

    private String bar(Series one, int i) {
        return French.quoted(categories, i) + " " + French.compact(one.y()[i])
                + (one.spread() == null ? "" : " ± " + French.compact(one.spread()[i]));
    }
}
