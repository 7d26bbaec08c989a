package fr.cours.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Une JVM du banc : son chemin de classes, ses options, son environnement, et le temps qu'on lui laisse. */
final class Jvm {
    /** Les options du cours, que le noyau et les tests prennent aussi. */
    private static final List<String> OPTIONS = List.of("lib/attention/jvm-options", "lib/kernel/jvm-options");

    private static final String ENVIRONMENT = "lib/kernel/environment";

    /** Ce qui, là, ne regarde que le noyau : sa locale, et une mémoire au plus juste pour un seul calcul à la fois. */
    private static final Set<String> KERNEL_ONLY = Set.of("LC_ALL", "MALLOC_ARENA_MAX");

    private final Path root;
    private final Path target;

    /** Les JVM d'un dépôt, dont {@code target} est celui du banc. */
    Jvm(Path root, Path target) {
        this.root = root;
        this.target = target;
    }

    /** Java et son chemin de classes ; pour nous, avec les options du noyau. Le reste de la commande s'ajoute. */
    List<String> command(boolean ours) throws IOException {
        String jars = Files.readString(target.resolve(ours ? "course-classpath" : "peers-classpath"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (ours) {
            OPTIONS.forEach(file -> command.add("@" + root.resolve(file)));
        } else {
            command.add("-Xmx2g");
        }
        command.addAll(List.of("-cp", target.resolve("classes") + File.pathSeparator + jars.strip()));
        return command;
    }

    /** Lance la commande et l'attend ; faux si elle échoue ou dépasse son temps. */
    boolean run(List<String> command, int threads, Path log, int seconds) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("OPENBLAS_") || name.startsWith("MKL_"));
        environment.putAll(shared(Files.readAllLines(root.resolve(ENVIRONMENT))));
        environment.put("OMP_NUM_THREADS", "" + threads);
        environment.put("TF_CPP_MIN_LOG_LEVEL", "2");
        environment.put("DJL_CACHE_DIR", target.resolve("djl").toString());
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

    /** Les réglages du noyau que tous reçoivent, pour que malloc et OpenMP ne fassent pas la différence. */
    static Map<String, String> shared(List<String> lines) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String line : lines) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] parts = line.split("=", 2);
                if (parts.length < 2) {
                    throw new IllegalArgumentException("environment : trouvé « " + line + " », attendu NOM=valeur");
                }
                variables.put(parts[0], parts[1]);
            }
        }
        variables.keySet().removeAll(KERNEL_ONLY);
        return variables;
    }
}
