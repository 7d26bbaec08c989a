package fr.cours.figures;

import java.awt.BasicStroke;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Des courbes : une grandeur mesurée selon une autre.
 *
 * <pre>{@code
 * LineChart.of("sans mise à l'échelle", d, raw).series("avec", d, scaled)
 *         .title("Le plus grand poids").xAxis("d").yAxis("poids moyen").logX().draw()
 * }</pre>
 *
 * <p>Chaque courbe a sa couleur, son trait et sa marque : elles se distinguent aussi en noir et blanc. La description
 * donne pour chacune son début, sa fin, son minimum et son maximum.
 */
public final class LineChart extends SeriesPlot<LineChart> {
    private static final int MARKED_POINTS = 40;
    private static final int TICKED_POINTS = 12;
    private static final BasicStroke LEVEL = dashed(1.2f, 5, 4);

    private boolean logX;
    private boolean logY;

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
        int points = Checks.numbers(y, "y").length;
        return series(name, IntStream.rangeClosed(1, points).asDoubleStream().toArray(), y);
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
        return add(name, x, y, "y", null, false);
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
     *     fini, si un écart est négatif, ou si le nom manque
     */
    public LineChart series(String name, double[] x, double[] y, double[] spread) {
        return add(name, x, y, "y", Checks.present(spread, "spread", "des nombres"), false);
    }

    /**
     * Ajoute une ligne de repère horizontale, d'un bout à l'autre des courbes déjà là : le hasard, un seuil.
     *
     * @param name son nom
     * @param value sa hauteur
     * @return ces courbes
     * @throws IllegalArgumentException si la hauteur n'est pas finie, ou si le nom manque
     */
    public LineChart level(String name, double value) {
        double[] ends = {abscissas().getMin(), abscissas().getMax()};
        return add(name, ends, new double[] {value, value}, "value", null, true);
    }

    /**
     * Met les abscisses en échelle logarithmique.
     *
     * @return ces courbes ; dessiner un nombre négatif ou nul lèvera IllegalArgumentException
     */
    public LineChart logX() {
        logX = true;
        return this;
    }

    /**
     * Met les ordonnées en échelle logarithmique.
     *
     * @return ces courbes ; dessiner un nombre négatif ou nul lèvera IllegalArgumentException
     */
    public LineChart logY() {
        logY = true;
        return this;
    }

    private DoubleSummaryStatistics abscissas() {
        return series.stream().flatMapToDouble(one -> Arrays.stream(one.x())).summaryStatistics();
    }

    @Override
    XYChart chart() {
        XYChart chart = new XYChart(WIDTH, HEIGHT, ChartTheme.XChart);
        XYStyler styler = styled(chart);
        styler.setErrorBarsColorSeriesColor(true);
        styler.setYAxisLogarithmic(logY);
        // Le logarithme en base 2, porté sur un axe ordinaire, se gradue 4, 8, 16… ; l'axe logarithmique de XChart ne
        // nommerait que les puissances de dix.
        styler.setXAxisTickLabelsFormattingFunction(v -> French.compact(logX ? Math.pow(2, v) : v));
        for (Series one : series) {
            Checks.each(one.x(), "x[", v -> !logX || v > 0, "un nombre positif sur un axe logarithmique");
            Checks.each(one.y(), "y[", v -> !logY || v > 0, "un nombre positif sur un axe logarithmique");
            // XChart les nomme par leur rang : deux courbes peuvent porter le même nom.
            int rank = series.indexOf(one);
            XYSeries drawn = chart.addSeries("" + rank, scaled(one.x()), one.y(), one.spread());
            drawn.setLabel(Canvas.drawable(one.name()));
            drawn.setLineStyle(one.isLevel() ? LEVEL : LINES[rank % LINES.length]);
            if (one.isLevel()) {
                drawn.setLineColor(Canvas.SOFT_INK);
            }
            if (one.isLevel() || one.x().length > MARKED_POINTS) {
                drawn.setMarker(SeriesMarkers.NONE);
            }
        }
        return chart;
    }

    private double[] scaled(double[] x) {
        double[] scaled =
                Arrays.stream(x).map(v -> logX ? Math.log(v) / Math.log(2) : v).toArray();
        if (x.length > TICKED_POINTS && !logX) {
            // XChart gradue des abscisses régulières depuis la première : 1, 11, 21… Un rien rompt la régularité, et
            // les graduations deviennent rondes.
            scaled[1] += 1e-3 * (x[1] - x[0]);
        }
        return scaled;
    }

    @Override
    String describe() {
        DoubleSummaryStatistics xs = abscissas();
        String text = " ; abscisses : " + axis(xAxis, logX) + ", de " + French.compact(xs.getMin()) + " à "
                + French.compact(xs.getMax()) + " ; ordonnées : " + axis(yAxis, logY);
        int curves = 0;
        for (Series one : series) {
            curves += one.isLevel() ? 0 : 1;
            text += one.isLevel() ? level(one) : curve(one);
        }
        return French.count(curves, "courbe") + text + ".";
    }

    private static String level(Series one) {
        return " ; repère « " + one.name() + " » à " + French.compact(one.y()[0]);
    }

    private static String curve(Series one) {
        double[] y = one.y();
        return " ; « " + one.name() + " » (" + French.count(y.length, "point")
                + (one.spread() == null ? "" : ", avec écarts") + ") : de " + French.compact(y[0]) + " à "
                + French.compact(y[y.length - 1]) + ", minimum " + peak(one, -1) + ", maximum " + peak(one, 1);
    }

    private static String peak(Series one, int sign) {
        int at = extreme(one.y(), sign, 0);
        return French.compact(one.y()[at]) + " en " + French.compact(one.x()[at]);
    }

    private static String axis(String name, boolean logarithmic) {
        return named(name) + (logarithmic ? " (échelle logarithmique)" : "");
    }
}
