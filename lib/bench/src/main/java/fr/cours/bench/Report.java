package fr.cours.bench;

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

/** Le tableau {@code mesures.md}, la figure {@code rapports.png} et toutes les mesures, {@code mesures.csv}. */
final class Report {
    private static final String OURS = Contender.NAMES.get(0);
    private static final String ABSENT = "–";

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
                + oneDigit(Comparison.TOLERANCE) + ", le temps n’est pas rendu.");
        lines.add("");
        memory(lines);
        environment(lines);
        Files.write(directory.resolve("mesures.md"), lines);
        Files.write(directory.resolve("mesures.csv"), measurements.csv());
        if (!ratios.isEmpty()) {
            RatioChart.write(ratios, directory.resolve("rapports.png"));
        }
        return agree;
    }

    private String row(Work work, int count) throws IOException {
        Comparison line = Comparison.of(measurements, work, count);
        agree &= line.agrees();
        List<String> cells = new ArrayList<>(List.of(work.title(), "" + count, milliseconds(line.ours())));
        line.peers().forEach(peer -> cells.add(cell(peer)));
        OptionalDouble ratio = line.ratio();
        if (ratio.isPresent()) {
            ratios.computeIfAbsent(count, key -> new LinkedHashMap<>()).put(work, ratio.getAsDouble());
            cells.add(String.format(Locale.FRANCE, "%.2f", ratio.getAsDouble()));
            cells.add(oneDigit(line.widest()));
        } else {
            cells.addAll(List.of(ABSENT, ABSENT));
        }
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String cell(Comparison.Peer peer) {
        if (!peer.agrees()) {
            return "résultats différents (" + oneDigit(peer.gap()) + ")";
        }
        return peer.expected() ? milliseconds(peer.time()) : ABSENT;
    }

    private static String milliseconds(OptionalDouble microseconds) {
        return microseconds.isPresent() ? significant(microseconds.getAsDouble() / 1000) : "échec";
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

    private static String significant(double value) {
        int decimals = 0;
        for (double bound = 100; value < bound && decimals < 3; bound /= 10) {
            decimals++;
        }
        return String.format(Locale.FRANCE, "%,." + decimals + "f", value);
    }

    private static String oneDigit(double value) {
        return String.format(Locale.FRANCE, "%.0e", value);
    }
}
