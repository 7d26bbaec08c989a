package fr.cours.bench;

import fr.cours.attention.text.Tokenizer;
import fr.cours.attention.text.Vocabulary;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Le pilote du banc : pour chaque groupe de travaux et chaque tour, une JVM par concurrent, l'une après l'autre et dans
 * un ordre qui tourne ; puis le tableau et la figure.
 */
final class Driver {
    private final Path root;
    private final Path output;
    private final boolean brief;
    private final String chosen;
    private final Jvm jvm;

    private Driver(Path root, Path target, boolean brief, String chosen) {
        this.root = root;
        this.brief = brief;
        this.chosen = chosen;
        output = target.resolve("mesures");
        jvm = new Jvm(root, target);
    }

    /**
     * Mesure tout, et écrit dans {@code target/mesures}.
     *
     * @param args la racine du dépôt ; le dossier {@code target} du banc ; {@code vitesse} ou {@code memoire} ; les noms
     *     des travaux, en expression régulière
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        boolean brief = Boolean.parseBoolean(System.getProperty("court"));
        Driver driver = new Driver(Path.of(args[0]), Path.of(args[1]), brief, args[3]);
        Files.createDirectories(driver.output);
        if (args[2].equals("memoire")) {
            driver.trainings();
        } else {
            driver.speed();
        }
    }

    private void speed() throws IOException, InterruptedException {
        List<Integer> threads = threads();
        Path raw = output.resolve("jmh");
        Path results = output.resolve("results");
        delete(raw);
        delete(results);
        Files.createDirectories(raw);
        writeReviews();
        List<List<Work>> groups = groups();
        List<Turn> turns = Turn.all(groups, threads, brief ? 1 : 3);
        Measurements measurements = new Measurements(results);
        for (Turn turn : turns) {
            if (!turn.works().isEmpty()) {
                System.out.printf(
                        "[%d/%d] %s, fils : %d, tour %d : %s%n",
                        turns.indexOf(turn) + 1,
                        turns.size(),
                        turn.contender(),
                        turn.threads(),
                        turn.round() + 1,
                        turn.title());
                if (measure(turn, raw.resolve(turn.name()), results)) {
                    measurements.add(turn.contender(), turn.threads(), raw.resolve(turn.name() + ".csv"));
                }
            }
        }
        boolean agree =
                new Report(measurements, groups.stream().flatMap(List::stream).toList(), threads, brief).write(output);
        System.out.println(Files.readString(output.resolve("mesures.md")));
        System.out.println("Tableau, figure et mesures brutes : " + output);
        if (!agree) {
            System.out.println("Des concurrents manquent, ou ne calculent pas la même chose : voir le tableau.");
            System.exit(1);
        }
    }

    private List<Integer> threads() {
        if (Runtime.getRuntime().availableProcessors() == 1) {
            return List.of(1);
        }
        return brief ? List.of(2) : List.of(1, 2);
    }

    /** Les travaux demandés. */
    private List<List<Work>> groups() {
        List<List<Work>> groups = Work.groups(brief).stream()
                .map(group -> group.stream()
                        .filter(work -> work.name().matches(chosen))
                        .toList())
                .filter(group -> !group.isEmpty())
                .toList();
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("travaux : trouvé « " + chosen + " », attendu un nom parmi "
                    + Work.groups(brief).stream()
                            .flatMap(List::stream)
                            .map(Work::name)
                            .toList());
        }
        return groups;
    }

    /** Lance la JVM d'un tour ; faux si elle échoue ou dépasse son temps. */
    private boolean measure(Turn turn, Path files, Path results) throws IOException, InterruptedException {
        List<String> command = jvm.command(turn.contender().equals(Contender.NAMES.get(0)));
        command.addAll(List.of(
                "-D" + Inputs.REVIEWS + "=" + output.resolve("reviews.txt"),
                "-Dai.djl.pytorch.num_threads=" + turn.threads(),
                "-Dai.djl.pytorch.num_interop_threads=1",
                "-Dai.djl.offline=true",
                Child.class.getName(),
                turn.contender(),
                files.toString(),
                results.resolve(turn.contender() + "-" + turn.threads()).toString(),
                brief ? "0.3" : "0.7",
                brief ? "2" : "3"));
        turn.works().forEach(work -> command.add(work.name()));
        return jvm.run(command, turn.threads(), Path.of(files + ".log"), brief ? 90 : 900);
    }

    /** Cinquante entraînements dans une JVM, avec les options du noyau. */
    private void trainings() throws IOException, InterruptedException {
        List<String> command = jvm.command(true);
        command.addAll(List.of(Trainings.class.getName(), output.toString()));
        Path log = output.resolve("memoire.txt");
        boolean passed = jvm.run(command, Runtime.getRuntime().availableProcessors(), log, 900);
        System.out.println(Files.readString(log));
        if (!passed) {
            throw new IllegalStateException("la mesure de mémoire a échoué : voir " + log);
        }
    }

    /** Les avis du cours, en identifiants : ses mots par son {@link Tokenizer}, au plus 50 par avis. */
    private void writeReviews() throws IOException {
        List<String[]> rows = Files.readAllLines(root.resolve("notebooks/donnees/avis.tsv")).stream()
                .skip(1)
                .map(line -> line.split("\t"))
                .toList();
        List<List<String>> sentences =
                rows.stream().map(row -> Tokenizer.tokens(row[3])).toList();
        Vocabulary vocabulary = Vocabulary.of(sentences, Work.WORDS, 1);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            String ids = Arrays.stream(vocabulary.encode(sentences.get(i), 50))
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(" "));
            lines.add(rows.get(i)[0] + " " + ids);
        }
        Files.write(output.resolve("reviews.txt"), lines);
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var files = Files.walk(directory)) {
                files.sorted(Collections.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }
}
