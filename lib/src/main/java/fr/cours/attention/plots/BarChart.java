package fr.cours.attention.plots;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
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
 * <p>Plusieurs séries se rangent côte à côte, dans l'ordre de la légende.
 */
public final class BarChart {
    private static final int MOST = 40;
    private static final int DESCRIBED = 12;

    private record Series(String name, double[] values, double[] spread) {}

    private final List<String> categories;
    private final List<Series> series = new ArrayList<>();
    private String title = "";
    private String xAxis = "";
    private String yAxis = "";
    private double[] range;

    private BarChart(List<String> categories) {
        this.categories = categories;
    }

    /**
     * Prépare les barres de ces catégories ; deux catégories peuvent porter le même nom.
     *
     * @param categories leurs noms, de gauche à droite, 40 au plus
     * @return les barres, sans série
     * @throws IllegalArgumentException s'il n'y a pas de catégorie, ou plus de 40
     */
    public static BarChart of(List<String> categories) {
        Checks.present(categories, "categories");
        if (categories.isEmpty() || categories.size() > MOST) {
            throw Checks.refused(
                    "categories : trouvé " + Checks.count(categories.size(), "nom") + ", attendu de 1 à " + MOST);
        }
        return new BarChart(Checks.labels(categories, "categories", categories.size(), "de barres"));
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
        return add(name, values, null);
    }

    /**
     * Ajoute une série avec des barres d'écart, de value − spread à value + spread.
     *
     * @param name son nom
     * @param values une valeur par catégorie
     * @param spread un écart par catégorie, positif ou nul
     * @return ces barres
     * @throws IllegalArgumentException s'il n'y a pas une valeur ou un écart par catégorie, si un nombre n'est pas fini,
     *     si un écart est négatif, si le nom est vide ou déjà pris, ou si c'est la neuvième série
     */
    public BarChart series(String name, double[] values, double[] spread) {
        Checks.present(spread, "spread");
        return add(name, values, spread);
    }

    private BarChart add(String name, double[] values, double[] spread) {
        Checks.name(name, "name");
        if (series.stream().anyMatch(s -> s.name.equals(name))) {
            throw Checks.refused("name : « " + name + " » est déjà le nom d'une série, attendu un autre nom");
        }
        PlotStyle.oneMore(series.size(), name);
        series.add(new Series(
                name,
                Checks.numbers(values, "values", categories.size(), "de catégories"),
                spread == null ? null : Checks.spread(spread, categories.size(), "de catégories")));
        return this;
    }

    /**
     * Donne un titre ; les émojis en sont ôtés.
     *
     * @param title le titre
     * @return ces barres
     */
    public BarChart title(String title) {
        this.title = Checks.present(title, "title");
        return this;
    }

    /**
     * Dit ce que sont les catégories.
     *
     * @param name le nom de l'axe
     * @return ces barres
     */
    public BarChart xAxis(String name) {
        xAxis = Checks.present(name, "xAxis");
        return this;
    }

    /**
     * Dit ce que mesurent les barres, avec l'unité.
     *
     * @param name le nom de l'axe
     * @return ces barres
     */
    public BarChart yAxis(String name) {
        yAxis = Checks.present(name, "yAxis");
        return this;
    }

    /**
     * Fixe l'échelle ; sinon elle part de zéro et suit les valeurs. Une échelle qui ne contient pas zéro est refusée : la
     * longueur des barres mentirait.
     *
     * @param min la valeur du bas
     * @param max la valeur du haut
     * @return ces barres
     * @throws IllegalArgumentException si l'un n'est pas fini, si {@code min} n'est pas inférieur à {@code max}, ou si
     *     zéro n'est pas entre eux
     */
    public BarChart yRange(double min, double max) {
        range = Checks.range("yRange", min, max);
        if (min > 0 || max < 0) {
            throw Checks.refused("yRange : trouvé de " + French.compact(min) + " à " + French.compact(max)
                    + ", attendu une échelle qui contient 0");
        }
        return this;
    }

    /**
     * Dessine.
     *
     * @return la figure ; sa description donne les valeurs (jusqu'à 12 catégories, les extrêmes au-delà)
     * @throws IllegalArgumentException s'il n'y a aucune série
     */
    public Figure draw() {
        if (series.isEmpty()) {
            throw Checks.refused("series : trouvé aucune série, attendu au moins une");
        }
        List<Legend.Entry> entries = new ArrayList<>();
        for (Series one : series) {
            entries.add(new Legend.Entry(one.name, PlotStyle.COLORS[entries.size()], null, null));
        }
        return new Legend(entries).figure(title, describe(), chart());
    }

    private CategoryChart chart() {
        CategoryChart chart = new CategoryChart(PlotStyle.WIDTH, PlotStyle.HEIGHT, ChartTheme.XChart);
        CategoryStyler styler = chart.getStyler();
        PlotStyle.apply(styler);
        styler.setAxisTicksLineVisible(false);
        styler.setAxisTicksMarksVisible(false);
        styler.setXAxisMaxLabelCount(MOST);
        styler.setAvailableSpaceFill(series.size() > 1 ? 0.8 : 0.6);
        if (range != null) {
            styler.setYAxisMin(range[0]);
            styler.setYAxisMax(range[1]);
        }
        List<String> names = PlotStyle.distinct(categories);
        PlotStyle.slant(styler, names);
        chart.setXAxisTitle(Canvas.drawableTitle(xAxis));
        chart.setYAxisTitle(Canvas.drawableTitle(yAxis));
        for (int i = 0; i < series.size(); i++) {
            Series one = series.get(i);
            CategorySeries drawn = chart.addSeries(
                    Integer.toString(i), names, boxed(one.values), one.spread == null ? null : boxed(one.spread));
            drawn.setFillColor(PlotStyle.COLORS[i]);
        }
        return chart;
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private String describe() {
        StringBuilder text = new StringBuilder(French.sentence(title));
        text.append("Diagramme en barres, ").append(categories.size());
        text.append(categories.size() > 1 ? " catégories" : " catégorie");
        text.append(xAxis.isBlank() ? "" : " (" + xAxis + ")");
        text.append(" ; hauteur : ").append(yAxis.isBlank() ? "sans nom" : yAxis);
        for (Series one : series) {
            text.append(" ; « ").append(one.name).append(" » : ");
            if (categories.size() <= DESCRIBED) {
                for (int i = 0; i < categories.size(); i++) {
                    text.append(i == 0 ? "" : ", ").append(bar(one, i));
                }
            } else {
                int low = 0;
                int high = 0;
                for (int i = 1; i < categories.size(); i++) {
                    low = one.values[i] < one.values[low] ? i : low;
                    high = one.values[i] > one.values[high] ? i : high;
                }
                text.append("minimum ")
                        .append(bar(one, low))
                        .append(", maximum ")
                        .append(bar(one, high));
            }
        }
        return text.append(".").toString();
    }

    private String bar(Series one, int i) {
        return French.quoted(categories, i) + " " + French.compact(one.values[i])
                + (one.spread == null ? "" : " ± " + French.compact(one.spread[i]));
    }

    /** {@return ce qu'il reste à faire pour voir la figure} */
    @Override
    public String toString() {
        return "Diagramme en barres, à dessiner avec draw()";
    }
}
