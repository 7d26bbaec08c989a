package fr.cours.attention.plots;

import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Des courbes : une grandeur mesurée selon une autre.
 *
 * <pre>{@code
 * LineChart.of("sans mise à l'échelle", d, raw).series("avec", d, scaled)
 *         .title("Le plus grand poids").xAxis("d").yAxis("poids moyen").logX().draw()
 * }</pre>
 *
 * <p>Chaque courbe a sa couleur, son trait et sa marque : elles se distinguent aussi en noir et blanc.
 */
public final class LineChart {
    private static final int MARKED_POINTS = 40;
    private static final int TICKED_POINTS = 12;
    private static final BasicStroke LEVEL =
            new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {5, 4}, 0);

    private record Series(String name, double[] x, double[] y, double[] spread) {}

    private record Level(String name, double value) {}

    private final List<Series> series = new ArrayList<>();
    private final List<Level> levels = new ArrayList<>();
    private String title = "";
    private String xAxis = "";
    private String yAxis = "";
    private boolean logX;
    private boolean logY;
    private double[] range;

    private LineChart() {}

    /**
     * Commence par une première courbe.
     *
     * @param name son nom, écrit dans la légende
     * @param x les abscisses
     * @param y les ordonnées, autant que d'abscisses
     * @return les courbes
     * @throws IllegalArgumentException si les tableaux sont vides ou de longueurs différentes, ou si un nombre n'est pas
     *     fini
     */
    public static LineChart of(String name, double[] x, double[] y) {
        return new LineChart().series(name, x, y);
    }

    /**
     * Commence par une première courbe, aux abscisses 1, 2, 3…
     *
     * @param name son nom
     * @param y les ordonnées
     * @return les courbes
     * @throws IllegalArgumentException si le tableau est vide ou si un nombre n'est pas fini
     */
    public static LineChart of(String name, double[] y) {
        return new LineChart().series(name, y);
    }

    /**
     * Ajoute une courbe, aux abscisses 1, 2, 3…
     *
     * @param name son nom
     * @param y les ordonnées
     * @return ces courbes
     * @throws IllegalArgumentException dans les mêmes cas que {@link #series(String, double[], double[], double[])}
     */
    public LineChart series(String name, double[] y) {
        Checks.present(y, "y");
        return series(name, IntStream.rangeClosed(1, y.length).asDoubleStream().toArray(), y);
    }

    /**
     * Ajoute une courbe.
     *
     * @param name son nom
     * @param x les abscisses
     * @param y les ordonnées, autant que d'abscisses
     * @return ces courbes
     * @throws IllegalArgumentException dans les mêmes cas que {@link #series(String, double[], double[], double[])}
     */
    public LineChart series(String name, double[] x, double[] y) {
        return add(name, x, y, null);
    }

    /**
     * Ajoute une courbe avec, à chaque point, une barre qui va de y − spread à y + spread.
     *
     * @param name son nom
     * @param x les abscisses
     * @param y les ordonnées, autant que d'abscisses
     * @param spread les écarts (par exemple un écart-type sur plusieurs graines), positifs ou nuls, autant que d'abscisses
     * @return ces courbes
     * @throws IllegalArgumentException si les tableaux sont vides ou de longueurs différentes, si un nombre n'est pas
     *     fini, si un écart est négatif, si le nom est vide ou déjà pris, ou si c'est la neuvième courbe
     */
    public LineChart series(String name, double[] x, double[] y, double[] spread) {
        Checks.present(spread, "spread");
        return add(name, x, y, spread);
    }

    private LineChart add(String name, double[] x, double[] y, double[] spread) {
        newName(name);
        PlotStyle.oneMore(series.size() + levels.size(), name);
        double[] xs = Checks.numbers(x, "x");
        if (xs.length == 0) {
            throw Checks.refused("x : trouvé un tableau vide, attendu au moins un point");
        }
        series.add(new Series(
                name,
                xs,
                Checks.numbers(y, "y", xs.length, "d’abscisses"),
                spread == null ? null : Checks.spread(spread, xs.length, "d’abscisses")));
        return this;
    }

    private void newName(String name) {
        Checks.name(name, "name");
        if (series.stream().anyMatch(s -> s.name.equals(name))
                || levels.stream().anyMatch(l -> l.name.equals(name))) {
            throw Checks.refused("name : « " + name + " » est déjà le nom d'une courbe, attendu un autre nom");
        }
    }

    /**
     * Ajoute une ligne de repère horizontale : le hasard, un seuil.
     *
     * @param name son nom
     * @param value sa hauteur
     * @return ces courbes
     * @throws IllegalArgumentException si la hauteur n'est pas finie, ou si le nom est vide ou déjà pris
     */
    public LineChart level(String name, double value) {
        newName(name);
        PlotStyle.oneMore(series.size() + levels.size(), name);
        Checks.numbers(new double[] {value}, "value");
        levels.add(new Level(name, value));
        return this;
    }

    /**
     * Donne un titre ; les émojis en sont ôtés.
     *
     * @param title le titre
     * @return ces courbes
     */
    public LineChart title(String title) {
        this.title = Checks.present(title, "title");
        return this;
    }

    /**
     * Dit ce que sont les abscisses, avec leur unité.
     *
     * @param name le nom de l'axe
     * @return ces courbes
     */
    public LineChart xAxis(String name) {
        xAxis = Checks.present(name, "xAxis");
        return this;
    }

    /**
     * Dit ce que sont les ordonnées, avec leur unité.
     *
     * @param name le nom de l'axe
     * @return ces courbes
     */
    public LineChart yAxis(String name) {
        yAxis = Checks.present(name, "yAxis");
        return this;
    }

    /**
     * Met les abscisses en échelle logarithmique.
     *
     * @return ces courbes
     */
    public LineChart logX() {
        logX = true;
        return this;
    }

    /**
     * Met les ordonnées en échelle logarithmique.
     *
     * @return ces courbes
     */
    public LineChart logY() {
        logY = true;
        return this;
    }

    /**
     * Fixe l'échelle des ordonnées ; sinon elle suit les courbes.
     *
     * @param min l'ordonnée du bas
     * @param max l'ordonnée du haut
     * @return ces courbes
     * @throws IllegalArgumentException si l'un n'est pas fini ou si {@code min} n'est pas inférieur à {@code max}
     */
    public LineChart yRange(double min, double max) {
        range = Checks.range("yRange", min, max);
        return this;
    }

    /**
     * Dessine.
     *
     * @return la figure ; sa description donne pour chaque courbe son début, sa fin, son minimum et son maximum
     * @throws IllegalArgumentException si un axe logarithmique porte un nombre négatif ou nul
     */
    public Figure draw() {
        List<Legend.Entry> entries = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            Marker marker = series.get(i).x.length > MARKED_POINTS ? null : PlotStyle.MARKERS[i];
            entries.add(new Legend.Entry(series.get(i).name, PlotStyle.COLORS[i], PlotStyle.LINES[i], marker));
        }
        for (Level level : levels) {
            entries.add(new Legend.Entry(level.name, Canvas.SOFT_INK, LEVEL, null));
        }
        return new Legend(entries).figure(title, describe(), chart(entries));
    }

    private XYChart chart(List<Legend.Entry> entries) {
        XYChart chart = new XYChart(PlotStyle.WIDTH, PlotStyle.HEIGHT, ChartTheme.XChart);
        XYStyler styler = chart.getStyler();
        PlotStyle.apply(styler);
        styler.setErrorBarsColorSeriesColor(true);
        double[] xs = series.stream()
                .flatMapToDouble(s -> Arrays.stream(s.x))
                .sorted()
                .distinct()
                .toArray();
        // Des abscisses en progression géométrique (4, 8, 16…) se graduent une à une si leur logarithme est porté sur
        // un axe ordinaire ; l'axe logarithmique de XChart ne nommerait que les puissances de dix.
        boolean geometric = logX && isGeometric(xs);
        Function<Double, String> xLabel = geometric ? v -> French.compact(Math.pow(2, v)) : French::compact;
        styler.setXAxisTickLabelsFormattingFunction(xLabel);
        styler.setXAxisLogarithmic(logX && !geometric);
        styler.setYAxisLogarithmic(logY);
        if (range != null) {
            styler.setYAxisMin(range[0]);
            styler.setYAxisMax(range[1]);
        }
        chart.setXAxisTitle(Canvas.drawableTitle(xAxis));
        chart.setYAxisTitle(Canvas.drawableTitle(yAxis));
        for (int i = 0; i < series.size(); i++) {
            Series one = series.get(i);
            positive(logX, one.x, "x");
            positive(logY, one.y, "y");
            style(chart.addSeries(Integer.toString(i), scaled(one.x, geometric), one.y, one.spread), entries.get(i));
        }
        double[] ends = scaled(new double[] {xs[0], xs[xs.length - 1]}, geometric);
        for (int i = 0; i < levels.size(); i++) {
            double height = levels.get(i).value;
            positive(logY, new double[] {height}, "value");
            style(chart.addSeries("repère " + i, ends, new double[] {height, height}), entries.get(series.size() + i));
        }
        if (xs.length > TICKED_POINTS && !logX) {
            // XChart gradue des abscisses régulières depuis la première : 1, 11, 21… Un point muet entre deux autres
            // rompt la régularité, et les graduations deviennent rondes.
            double[] between = {xs[0] + 0.37 * (xs[1] - xs[0])};
            XYSeries silent = chart.addSeries("muet", between, new double[] {series.get(0).y[0]});
            silent.setMarker(SeriesMarkers.NONE);
        }
        return chart;
    }

    private static void style(XYSeries drawn, Legend.Entry entry) {
        drawn.setLineColor(entry.color());
        drawn.setLineStyle(entry.line());
        drawn.setMarker(entry.marker() == null ? SeriesMarkers.NONE : entry.marker());
        drawn.setMarkerColor(entry.color());
    }

    private static boolean isGeometric(double[] xs) {
        boolean regular = xs.length > 2 && xs.length <= TICKED_POINTS && xs[0] > 0;
        for (int i = 2; regular && i < xs.length; i++) {
            regular = Math.abs(xs[i] * xs[i - 2] / (xs[i - 1] * xs[i - 1]) - 1) < 1e-9;
        }
        return regular;
    }

    private static double[] scaled(double[] x, boolean geometric) {
        return geometric ? Arrays.stream(x).map(v -> Math.log(v) / Math.log(2)).toArray() : x;
    }

    private double extreme(int sign) {
        return sign
                * series.stream()
                        .flatMapToDouble(s -> Arrays.stream(s.x))
                        .map(x -> sign * x)
                        .max()
                        .getAsDouble();
    }

    private static void positive(boolean logarithmic, double[] values, String name) {
        for (int i = 0; logarithmic && i < values.length; i++) {
            if (values[i] <= 0) {
                throw Checks.refused(name + "[" + i + "] : trouvé " + French.compact(values[i])
                        + ", attendu un nombre positif sur un axe logarithmique");
            }
        }
    }

    private String describe() {
        StringBuilder text = new StringBuilder(French.sentence(title));
        text.append(Checks.count(series.size(), "courbe"));
        text.append(" ; abscisses : ").append(axis(xAxis, logX)).append(", de ");
        text.append(French.compact(extreme(-1))).append(" à ").append(French.compact(extreme(1)));
        text.append(" ; ordonnées : ").append(axis(yAxis, logY));
        for (Series one : series) {
            int low = 0;
            int high = 0;
            for (int i = 1; i < one.y.length; i++) {
                low = one.y[i] < one.y[low] ? i : low;
                high = one.y[i] > one.y[high] ? i : high;
            }
            text.append(" ; « ").append(one.name).append(" » (").append(Checks.count(one.x.length, "point"));
            text.append(one.spread == null ? "" : ", avec écarts")
                    .append(") : de ")
                    .append(French.compact(one.y[0]));
            text.append(" à ").append(French.compact(one.y[one.y.length - 1]));
            text.append(", minimum ").append(French.compact(one.y[low])).append(" en ");
            text.append(French.compact(one.x[low])).append(", maximum ").append(French.compact(one.y[high]));
            text.append(" en ").append(French.compact(one.x[high]));
        }
        for (Level level : levels) {
            text.append(" ; repère « ").append(level.name).append(" » à ").append(French.compact(level.value));
        }
        return text.append(".").toString();
    }

    private static String axis(String name, boolean logarithmic) {
        return (name.isBlank() ? "sans nom" : name) + (logarithmic ? " (échelle logarithmique)" : "");
    }

    /** {@return ce qu'il reste à faire pour voir la figure} */
    @Override
    public String toString() {
        return Checks.count(series.size(), "courbe") + ", à dessiner avec draw()";
    }
}
