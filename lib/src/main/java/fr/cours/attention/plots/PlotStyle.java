package fr.cours.attention.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Ce que courbes et barres ont en commun : papier, polices, et de quoi distinguer les séries sans les couleurs. */
final class PlotStyle {
    static final int WIDTH = 620;
    static final int HEIGHT = 330;
    static final int MARKER = 8;

    /** La palette d'Okabe et Ito (2008), lisible par tous, sans son jaune, trop pâle sur du blanc. */
    static final Color[] COLORS = {
        new Color(0x0072b2),
        new Color(0xd55e00),
        new Color(0x009e73),
        new Color(0xcc79a7),
        new Color(0xe69f00),
        new Color(0x56b4e9),
        Color.BLACK,
        new Color(0x7f7f7f)
    };

    static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.TRIANGLE_UP, SeriesMarkers.DIAMOND,
        SeriesMarkers.TRIANGLE_DOWN, SeriesMarkers.CROSS, SeriesMarkers.PLUS, SeriesMarkers.TRAPEZOID
    };

    static final BasicStroke[] LINES = {
        line(), line(8, 4), line(2, 4), line(10, 3, 2, 3), line(4, 2), line(14, 4), line(10, 3, 2, 3, 2, 3), line(1, 2)
    };

    private PlotStyle() {}

    private static BasicStroke line(float... dashes) {
        return new BasicStroke(
                2.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes.length == 0 ? null : dashes, 0);
    }

    static void apply(AxesChartStyler styler) {
        styler.setLocale(Locale.FRANCE);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setChartFontColor(Canvas.SOFT_INK);
        styler.setChartPadding(Canvas.MARGIN);
        styler.setChartTitleVisible(false);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setPlotGridLinesColor(Canvas.GRID);
        styler.setPlotGridLinesStroke(new BasicStroke(1));
        styler.setPlotMargin(4);
        styler.setAxisTitleFont(Canvas.AXIS);
        styler.setAxisTitlePadding(10);
        styler.setAxisTickLabelsFont(Canvas.font(Font.PLAIN, 12));
        styler.setAxisTickLabelsColor(Canvas.INK);
        styler.setAxisTickMarksColor(Canvas.SOFT_INK);
        styler.setAxisTickMarkLength(4);
        styler.setAxisTickPadding(5);
        styler.setErrorBarsColor(Canvas.INK);
        styler.setLegendVisible(false);
        styler.setYAxisLabelAlignment(TextAlignment.Right);
        styler.setMarkerSize(MARKER);
        Function<Double, String> compact = French::compact;
        styler.setYAxisTickLabelsFormattingFunction(compact);
    }

    /** Huit au plus : au-delà, les courbes ne se distinguent plus, en couleurs ou sans. */
    static void oneMore(int series, String name) {
        if (series == COLORS.length) {
            throw Checks.refused("series : « " + name + " » serait la " + (series + 1) + "ᵉ, attendu au plus "
                    + COLORS.length + " ; faites deux figures");
        }
    }

    /** XChart fond deux catégories égales en une : un blanc de largeur nulle les sépare. */
    static List<String> distinct(List<String> names) {
        List<String> distinct = new ArrayList<>();
        for (String name : names) {
            String unique = Canvas.drawable(name);
            while (distinct.contains(unique)) {
                unique += "\u200b";
            }
            distinct.add(unique);
        }
        return distinct;
    }

    /** Penche les noms quand ils ne tiennent pas côte à côte ; à gauche, on fait la place du premier. */
    static void slant(AxesChartStyler styler, List<String> names) {
        boolean many = names.size() > 20;
        Font font = Canvas.font(Font.PLAIN, many ? 10 : 12);
        double widest = 0;
        for (String name : names) {
            widest = Math.max(widest, Canvas.textWidth(name, font));
        }
        if (widest > 0.85 * WIDTH / names.size() - 8) {
            int angle = many ? 60 : 45;
            styler.setXAxisLabelRotation(angle);
            styler.setXAxisLabelAlignment(TextAlignment.Right);
            styler.setXAxisLabelAlignmentVertical(TextAlignment.Right);
            // XChart prend cette largeur au mot : les nombres de l'axe vertical doivent y tenir aussi.
            double reach = widest * Math.cos(Math.toRadians(angle)) - 0.4 * WIDTH / names.size();
            styler.setYAxisLeftWidthHint((int) Math.ceil(Math.max(90, reach)));
            styler.setAxisTickLabelsFont(font);
        }
    }
}
