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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Le pilote du banc : pour chaque groupe de travaux et chaque tour, une JVM par concurrent, l'une après l'autre et dans
 * un ordre qui tourne ; puis le tableau et la figure.
 */
final class Driver {
    private final Path root;
    private final Path module;
    private final Path output;
    private final boolean brief;
    private final String chosen;
    private int done;

    private Driver(Path root, boolean brief, String chosen) {
        this.root = root;
        this.brief = brief;
        this.chosen = chosen;
        module = root.resolve("binder/mesures");
        output = module.resolve("target/mesures");
    }

    /**
     * Mesure tout, et écrit dans {@code target/mesures}.
     *
     * @param args la racine du dépôt ; {@code vitesse} ou {@code memoire} ; les noms des travaux, en expression régulière
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Driver driver = new Driver(Path.of(args[0]), Boolean.parseBoolean(System.getProperty("court")), args[2]);
        Files.createDirectories(driver.output);
        if (args[1].equals("memoire")) {
            driver.trainings();
        } else {
            driver.speed();
        }
    }

    private void speed() throws IOException, InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        List<Integer> threads = cores == 1 ? List.of(1) : brief ? List.of(2) : List.of(1, 2);
        int rounds = brief ? 1 : 3;
        Path raw = output.resolve("jmh");
        Path results = output.resolve("resultats");
        delete(raw);
        delete(results);
        Files.createDirectories(raw);
        writeReviews();
        List<List<Work>> groups = groups();
        int total = groups.size() * threads.size() * rounds * Contender.NAMES.size();
        Measurements measurements = new Measurements(results);
        for (List<Work> group : groups) {
            for (int round = 0; round < rounds; round++) {
                for (int count : threads) {
                    List<String> order = new ArrayList<>(Contender.NAMES);
                    Collections.rotate(order, -round - groups.indexOf(group));
                    for (String contender : order) {
                        List<Work> works = group.stream()
                                .filter(work -> Measurements.does(contender, work))
                                .toList();
                        done++;
                        if (!works.isEmpty()) {
                            String name = contender + "-" + groups.indexOf(group) + "-" + count + "-" + round;
                            System.out.printf(
                                    "[%d/%d] %s, fils : %d, tour %d : %s%n",
                                    done,
                                    total,
                                    contender,
                                    count,
                                    round + 1,
                                    group.get(0).title());
                            if (child(contender, count, raw.resolve(name), results, works)) {
                                measurements.add(contender, count, raw.resolve(name + ".csv"));
                            }
                        }
                    }
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

    /** Lance la JVM d'un concurrent ; faux si elle échoue ou dépasse son temps. */
    private boolean child(String contender, int threads, Path files, Path results, List<Work> works)
            throws IOException, InterruptedException {
        List<String> command = java(contender.equals(Contender.NAMES.get(0)));
        command.addAll(List.of(
                "-D" + Inputs.REVIEWS + "=" + output.resolve("avis.txt"),
                "-Dai.djl.pytorch.num_threads=" + threads,
                "-Dai.djl.pytorch.num_interop_threads=1",
                "-Dai.djl.offline=true",
                Child.class.getName(),
                contender,
                files.toString(),
                results.resolve(contender + "-" + threads).toString(),
                brief ? "0.3" : "0.7",
                brief ? "2" : "3"));
        works.forEach(work -> command.add(work.name()));
        return run(command, threads, Path.of(files + ".log"), brief ? 90 : 900);
    }

    /** Cinquante entraînements dans une JVM, avec les options du noyau. */
    private void trainings() throws IOException, InterruptedException {
        List<String> command = java(true);
        command.addAll(List.of(Trainings.class.getName(), output.toString()));
        Path log = output.resolve("memoire.txt");
        boolean passed = run(command, Runtime.getRuntime().availableProcessors(), log, 900);
        System.out.println(Files.readString(log));
        if (!passed) {
            throw new IllegalStateException("la mesure de mémoire a échoué : voir " + log);
        }
    }

    /** Java et son chemin de classes ; pour nous, avec les options du noyau. */
    private List<String> java(boolean ours) throws IOException {
        Path target = module.resolve("target");
        String jars = Files.readString(target.resolve(ours ? "chemin-cours" : "chemin-autres"));
        String classes = target.resolve("classes") + File.pathSeparator + jars.strip();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (ours) {
            command.add("@" + root.resolve("lib/attention/jvm-options"));
            command.add("@" + root.resolve("lib/kernel/jvm-options"));
        } else {
            command.add("-Xmx2g");
        }
        command.addAll(List.of("-cp", classes));
        return command;
    }

    private boolean run(List<String> command, int threads, Path log, int seconds)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("OPENBLAS_") || name.startsWith("MKL_"));
        environment.put("OMP_NUM_THREADS", "" + threads);
        environment.put("OMP_WAIT_POLICY", "PASSIVE");
        environment.put("MALLOC_MMAP_THRESHOLD_", "" + (32 << 20)); // comme dans le noyau, pour tous
        environment.put("MALLOC_TRIM_THRESHOLD_", "" + (64 << 20));
        environment.put("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
        environment.put("TF_CPP_MIN_LOG_LEVEL", "2");
        environment.put("DJL_CACHE_DIR", module.resolve("target/djl").toString());
        environment.put("OPT_OUT_TRACKING", "true");
        Process process = builder.start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        boolean passed = ended && process.exitValue() == 0;
        if (!passed) {
            System.out.println("   échec" + (ended ? "" : " : plus de " + seconds + " s") + ", voir " + log);
        }
        return passed;
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
        Files.write(output.resolve("avis.txt"), lines);
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var files = Files.walk(directory)) {
                files.sorted(Collections.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }
}
