package fr.cours.bench;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** La figure des rapports : une barre par travail et par nombre de fils ; à gauche de 1, nous sommes plus rapides. */
final class RatioChart {
    private RatioChart() {}

    /**
     * Dessine et écrit.
     *
     * @param ratios nombre de fils, puis travail : notre temps rapporté à celui du meilleur des autres ; au moins un
     * @param file où écrire le PNG
     */
    static void write(Map<Integer, Map<Work, Double>> ratios, Path file) throws IOException {
        List<Work> works = List.copyOf(ratios.values().iterator().next().keySet());
        HorizontalBarChart chart = new HorizontalBarChart(1100, 120 + 26 * works.size() * ratios.size());
        chart.setTitle("Notre temps, rapporté au meilleur de TensorFlow et de PyTorch (1 : égalité)");
        chart.setXAxisTitle("rapport des temps médians ; plus petit, le cours est plus rapide");
        chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setPlotGridHorizontalLinesVisible(false);
        chart.getStyler().setAvailableSpaceFill(0.8);
        chart.getStyler().setXAxisMin(0.0);
        chart.getStyler().setXAxisMaxLabelCount(works.size() + 1); // le nom de chaque travail
        chart.getStyler().setLabelsVisible(true);
        chart.getStyler().setXAxisDecimalPattern("0.0");
        chart.getStyler().setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        ratios.forEach((count, row) -> chart.addSeries(
                count == 1 ? "1 fil" : count + " fils",
                works.stream()
                        .map(work -> Math.round(100 * row.getOrDefault(work, 0.0)) / 100.0)
                        .toList(),
                works.stream().map(Work::title).toList()));
        ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", file.toFile());
    }
}
