package fr.cours.figures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;

/**
 * Ce que courbes et barres ont en commun : des séries nommées dans une légende, de quoi les distinguer sans les couleurs,
 * une échelle verticale.
 *
 * @param <T> la figure elle-même
 */
public abstract class SeriesPlot<T extends SeriesPlot<T>> extends Plot<T> {
    static final int WIDTH = 620;
    static final int HEIGHT = 344;

    /** La palette d'Okabe et Ito (2008), lisible par tous, sans son jaune, trop pâle sur du blanc. */
    static final Color[] COLORS = ColorMap.parsed("0072b2 d55e00 009e73 cc79a7 e69f00 56b4e9 000000 7f7f7f");

    static final BasicStroke[] LINES = {
        SeriesLines.SOLID, dashed(2.2f, 8, 4), dashed(2.2f, 2, 4), dashed(2.2f, 10, 3, 2, 3)
    };

    /** Une série, sans écarts si {@code spread} est null. */
    record Series(String name, double[] x, double[] y, double[] spread, boolean isLevel) {}

    final List<Series> series = new ArrayList<>();
    double[] range;

    SeriesPlot() {}

    static BasicStroke dashed(float width, float... dashes) {
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes, 0);
    }

    T add(String name, double[] x, double[] y, String yName, double[] spread, boolean isLevel) {
        Checks.present(name, "name", "un nom à écrire dans la légende");
        double[] xs = Checks.numbers(x, "x");
        double[] ys = Checks.numbers(y, yName, xs.length, "d’abscisses");
        double[] spreads = spread == null ? null : Checks.numbers(spread, "spread", xs.length, "d’abscisses");
        if (spread != null) {
            Checks.each(spread, "spread[", v -> v >= 0, "un écart positif ou nul");
        }
        series.add(new Series(name, xs, ys, spreads, isLevel));
        return self();
    }

    /**
     * Dit ce que porte l'axe horizontal, avec l'unité.
     *
     * @param name le nom de l'axe
     * @return cette figure
     */
    public T xAxis(String name) {
        xAxis = Checks.present(name, "xAxis", "un nom");
        return self();
    }

    /**
     * Dit ce que porte l'axe vertical, avec l'unité.
     *
     * @param name le nom de l'axe
     * @return cette figure
     */
    public T yAxis(String name) {
        yAxis = Checks.present(name, "yAxis", "un nom");
        return self();
    }

    /**
     * Fixe l'échelle verticale ; sinon elle suit les valeurs.
     *
     * @param min la valeur du bas
     * @param max la valeur du haut
     * @return cette figure
     * @throws IllegalArgumentException si l'un n'est pas fini ou si {@code min} n'est pas inférieur à {@code max}
     */
    public T yRange(double min, double max) {
        range = Checks.range("yRange", min, max);
        return self();
    }

    abstract AxesChart<?, ?> chart();

    abstract String describe();

    @Override
    public Figure draw() {
        Canvas canvas = new Canvas(title);
        AxesChart<?, ?> chart = chart();
        int top = canvas.top() - Canvas.MARGIN; // le graphique a sa propre marge
        boolean inLine = chart.getStyler().getLegendLayout() == LegendLayout.Horizontal;
        int height = HEIGHT + 22 * (inLine ? Math.min(1, series.size() - 1) : (series.size() + 1) / 2);
        return canvas.figure(
                WIDTH,
                top + height,
                French.sentence(title) + describe(),
                g -> chart.paint((Graphics2D) g.create(0, top, WIDTH, height), WIDTH, height));
    }

    <S extends AxesChartStyler> S styled(AxesChart<S, ?> chart) {
        S styler = chart.getStyler();
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setSeriesColors(COLORS);
        styler.setChartFontColor(Canvas.SOFT_INK);
        styler.setChartPadding(Canvas.MARGIN);
        styler.setPlotGridLinesColor(Canvas.GRID);
        styler.setPlotGridLinesStroke(new BasicStroke(1));
        styler.setAxisTitleFont(Canvas.AXIS);
        styler.setAxisTickLabelsFont(Canvas.AXIS);
        styler.setYAxisLabelAlignment(TextAlignment.Right);
        styler.setYAxisTickLabelsFormattingFunction(French::compact);
        if (range != null) {
            styler.setYAxisMin(range[0]);
            styler.setYAxisMax(range[1]);
        }
        chart.setXAxisTitle(Canvas.drawable(xAxis));
        chart.setYAxisTitle(Canvas.drawable(yAxis));
        // Une série seule se passe de légende : le titre et les axes la nomment. En ligne si tous les noms y tiennent.
        double names = series.stream()
                .mapToDouble(one -> 62 + Canvas.textWidth(one.name, Canvas.AXIS))
                .sum();
        styler.setLegendVisible(series.size() > 1);
        styler.setLegendPosition(LegendPosition.OutsideS);
        styler.setLegendLayout(names < WIDTH ? LegendLayout.Horizontal : LegendLayout.Vertical);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setLegendFont(Canvas.AXIS);
        styler.setLegendSeriesLineLength(34);
        return styler;
    }
}
