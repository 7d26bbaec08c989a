package fr.cours.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Ce que les JVM ont mesuré : un temps par tour, la mémoire, et ce que valent leurs résultats auprès des nôtres. */
final class Measurements {
    private record Key(String kind, String work, String contender, int threads) {}

    private final Path results;
    private final Map<Key, List<Double>> values = new LinkedHashMap<>();
    private final Map<String, String> versions = new TreeMap<>();

    Measurements(Path results) {
        this.results = results;
    }

    /** Ajoute ce qu'une JVM a écrit. */
    void add(String contender, int threads, Path csv) throws IOException {
        for (String line : Files.readAllLines(csv)) {
            String[] cells = line.split(";", 3);
            if (cells[0].equals("version")) {
                versions.put(contender, line.substring(line.indexOf(';') + 1));
            } else {
                values.computeIfAbsent(new Key(cells[0], cells[1], contender, threads), key -> new ArrayList<>())
                        .add(Double.parseDouble(cells[2]));
            }
        }
    }

    Map<String, String> versions() {
        return versions;
    }

    /** Le temps médian sur les tours, en µs. */
    OptionalDouble time(Work work, String contender, int threads) {
        return median("temps", work, contender, threads);
    }

    /** La mémoire du premier appel, en Mio. */
    OptionalDouble memory(Work work, String contender, int threads) {
        return median("memoire", work, contender, threads);
    }

    /** L'écart de ses résultats aux nôtres. */
    double gap(Work work, String contender, int threads) throws IOException {
        return Samples.gap(directory(work, Contender.NAMES.get(0), threads), directory(work, contender, threads));
    }

    private Path directory(Work work, String contender, int threads) {
        return results.resolve(contender + "-" + threads).resolve(work.name());
    }

    private OptionalDouble median(String kind, Work work, String contender, int threads) {
        return median(values.getOrDefault(new Key(kind, work.name(), contender, threads), List.of()));
    }

    /** Le nombre du milieu, ou la moyenne des deux du milieu ; vide s'il n'y en a pas. */
    static OptionalDouble median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int from = (sorted.length - 1) / 2;
        int to = sorted.length / 2;
        return sorted.length == 0 ? OptionalDouble.empty() : OptionalDouble.of((sorted[from] + sorted[to]) / 2);
    }

    /** Toutes les mesures, une par ligne. */
    List<String> csv() {
        List<String> lines = new ArrayList<>(List.of("mesure;travail;concurrent;fils;tour;valeur"));
        values.forEach((key, rounds) -> {
            for (int round = 0; round < rounds.size(); round++) {
                lines.add(String.join(
                        ";",
                        key.kind,
                        key.work,
                        key.contender,
                        "" + key.threads,
                        "" + (round + 1),
                        "" + rounds.get(round)));
            }
        });
        return lines;
    }
}
