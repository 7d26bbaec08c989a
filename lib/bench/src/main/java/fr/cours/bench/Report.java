package fr.cours.bench;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Le tableau {@code mesures.md}, la figure {@code rapports.png} et toutes les mesures, {@code mesures.csv}. */
final class Report {
    private static final String OURS = Contender.NAMES.get(0);

    private final Measurements measurements;
    private final List<Work> works;
    private final List<Integer> threads;
    private final boolean brief;
    private boolean agree = true;

    /** Nombre de fils, puis travail : notre temps rapporté à celui du meilleur des autres. */
    private final Map<Integer, Map<Work, Double>> ratios = new LinkedHashMap<>();

    Report(Measurements measurements, List<Work> works, List<Integer> threads, boolean brief) {
        this.measurements = measurements;
        this.works = works;
        this.threads = threads;
        this.brief = brief;
    }

    /** Écrit tout ; vrai si chaque concurrent a rendu les mêmes résultats que nous. */
    boolean write(Path directory) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("| travail | fils | le cours, ms | TensorFlow, ms | PyTorch, ms | rapport | écart |");
        lines.add("|---|--:|--:|--:|--:|--:|--:|");
        for (Work work : works) {
            for (int count : threads) {
                if (work.kind() != Work.Kind.PEAK && work.kind() != Work.Kind.PRODUCTS) {
                    lines.add(row(work, count));
                }
            }
        }
        lines.add("");
        lines.add("*Rapport* : notre temps divisé par celui du meilleur des deux autres. *Écart* : le plus grand, entre"
                + " les résultats d’un autre et les nôtres, relatif au plus grand nombre du tableau ; au-delà de "
                + plain(Measurements.TOLERANCE) + ", le temps n’est pas rendu.");
        lines.add("");
        memory(lines);
        environment(lines);
        Files.write(directory.resolve("mesures.md"), lines);
        Files.write(directory.resolve("mesures.csv"), measurements.csv());
        draw(directory.resolve("rapports.png"));
        return agree;
    }

    private String row(Work work, int count) throws IOException {
        OptionalDouble ours = measurements.time(work, OURS, count);
        double best = Double.POSITIVE_INFINITY;
        double widest = 0;
        List<String> cells = new ArrayList<>(List.of(work.title(), "" + count, milliseconds(work, OURS, ours)));
        for (String peer : Contender.NAMES.subList(1, Contender.NAMES.size())) {
            OptionalDouble time = measurements.time(work, peer, count);
            double gap = time.isEmpty() || ours.isEmpty() ? 0 : measurements.gap(work, peer, count);
            widest = Math.max(widest, gap);
            if (gap > Measurements.TOLERANCE) {
                agree = false;
                cells.add(String.format(Locale.FRANCE, "résultats différents (%.0e)", gap));
            } else {
                cells.add(milliseconds(work, peer, time));
                best = Math.min(best, time.orElse(Double.POSITIVE_INFINITY));
            }
        }
        boolean compared = ours.isPresent() && best < Double.POSITIVE_INFINITY;
        if (compared) {
            ratios.computeIfAbsent(count, key -> new LinkedHashMap<>()).put(work, ours.getAsDouble() / best);
        }
        cells.add(compared ? String.format(Locale.FRANCE, "%.2f", ours.getAsDouble() / best) : "–");
        cells.add(compared ? String.format(Locale.FRANCE, "%.0e", widest) : "–");
        return "| " + String.join(" | ", cells) + " |";
    }

    private String milliseconds(Work work, String contender, OptionalDouble microseconds) {
        if (!Measurements.does(contender, work)) {
            return "–";
        }
        if (microseconds.isEmpty()) {
            agree = false;
            return "échec";
        }
        return significant(microseconds.getAsDouble() / 1000);
    }

    private void memory(List<String> lines) {
        List<Work> outputOnly = works.stream()
                .filter(work -> work.kind() == Work.Kind.OUTPUT_ONLY)
                .toList();
        if (outputOnly.isEmpty()) {
            return;
        }
        lines.add("Mémoire de plus au premier appel de l’attention à sortie seule, sortie comprise :");
        lines.add("");
        for (Work work : outputOnly) {
            int count = threads.get(threads.size() - 1);
            lines.add("- n = " + work.n() + " : le cours " + mebibytes(work, OURS, count) + ", PyTorch "
                    + mebibytes(work, "pytorch", count) + " (la sortie seule : "
                    + significant(4.0 * work.batch() * work.n() * work.d() / (1 << 20)) + " Mio)");
        }
        lines.add("");
    }

    private String mebibytes(Work work, String contender, int count) {
        OptionalDouble memory = measurements.memory(work, contender, count);
        return memory.isPresent() && memory.getAsDouble() >= 0
                ? significant(memory.getAsDouble()) + " Mio"
                : "inconnue";
    }

    private void environment(List<String> lines) throws IOException {
        lines.add("Mesuré le " + LocalDate.now() + (brief ? ", forme courte" : "") + ". float32 ; médianes de JMH, puis"
                + " médiane des tours ; `OMP_WAIT_POLICY=PASSIVE` et les seuils de malloc du noyau pour tous,"
                + " aucune variable `OPENBLAS_*`.");
        lines.add("");
        lines.add("- processeur : " + processor() + ", cœurs : "
                + Runtime.getRuntime().availableProcessors());
        lines.add("- système : " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", Java "
                + System.getProperty("java.version"));
        measurements.versions().values().forEach(version -> lines.add("- " + version));
        for (int count : threads) {
            flops(Work.Kind.PEAK, count)
                    .ifPresent(peak -> lines.add("- fils : " + count
                            + ", produit de matrices 2048 × 2048 : " + significant(peak)
                            + " milliards d’opérations par seconde"
                            + flops(Work.Kind.PRODUCTS, count).stream()
                                    .mapToObj(products -> " ; les produits de plusieurs têtes (2 × 512 × 512, 8 têtes)"
                                            + " en atteignent " + Math.round(100 * products / peak) + " %")
                                    .findFirst()
                                    .orElse("")));
        }
    }

    /** Milliards d'opérations par seconde. */
    private OptionalDouble flops(Work.Kind kind, int count) {
        for (Work work : works) {
            OptionalDouble time = measurements.time(work, OURS, count);
            if (work.kind() == kind && time.isPresent()) {
                return OptionalDouble.of(work.flops() / time.getAsDouble() / 1e3);
            }
        }
        return OptionalDouble.empty();
    }

    private static String processor() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.exists(file)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*: ", ""))
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    /** Une barre par travail et par nombre de fils ; à gauche de 1, nous sommes plus rapides. */
    private void draw(Path file) throws IOException {
        if (ratios.isEmpty()) {
            return;
        }
        List<Work> works = new ArrayList<>(ratios.values().iterator().next().keySet());
        HorizontalBarChart chart = new HorizontalBarChart(1100, 120 + 26 * works.size() * threads.size());
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

    private static String significant(double value) {
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
        return String.format(Locale.FRANCE, "%,." + decimals + "f", value);
    }

    private static String plain(double value) {
        return String.format(Locale.FRANCE, "%.0e", value);
    }
}
