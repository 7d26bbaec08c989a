package fr.cours.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Une JVM du banc : un concurrent, un groupe de travaux. Elle écrit d'abord leurs résultats, puis les mesure.
 *
 * <p>Arguments : le concurrent, le dossier et le nom de ce qu'elle écrit, le dossier des résultats, les secondes par
 * mesure, le nombre de mesures, les travaux.
 */
final class Child {
    private Child() {}

    /** @param args comme dit plus haut */
    public static void main(String[] args) throws IOException, ReflectiveOperationException, RunnerException {
        Contender contender = Contender.named(args[0]);
        Path files = Path.of(args[1]);
        Path results = Path.of(args[2]);
        double seconds = Double.parseDouble(args[3]);
        int iterations = Integer.parseInt(args[4]);
        List<Work> works =
                List.of(args).subList(5, args.length).stream().map(Work::named).toList();
        List<String> lines = new ArrayList<>();
        for (Work work : works) {
            if (work.kind() == Work.Kind.OUTPUT_ONLY) {
                lines.add("memoire;" + work.name() + ";" + peakMemory(contender, work));
            }
            try (Contender.Task task = contender.prepare(work)) {
                Samples.write(results.resolve(work.name()), task.results());
            }
        }
        WorkBenchmark.contender = contender;
        var options = new OptionsBuilder()
                .include(WorkBenchmark.class.getName() + ".run")
                .param("work", works.stream().map(Work::name).toArray(String[]::new))
                .forks(0)
                .warmupIterations(1)
                .warmupTime(TimeValue.seconds(2)) // le temps que Java compile ; moins, et l'on mesure l'interpréteur
                .measurementIterations(iterations)
                .measurementTime(time(seconds))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .resultFormat(ResultFormatType.JSON)
                .result(files + ".json")
                .build();
        for (RunResult result : new Runner(options).run()) {
            Work work = Work.named(result.getParams().getParam("work"));
            double median = result.getPrimaryResult().getStatistics().getPercentile(50) / work.repeats();
            lines.add(String.format(Locale.ROOT, "temps;%s;%.3f", work.name(), median));
        }
        lines.add("version;" + contender.version());
        Files.write(Path.of(files + ".csv"), lines);
    }

    private static TimeValue time(double seconds) {
        return TimeValue.milliseconds((long) (1000 * seconds));
    }

    /**
     * La mémoire de plus, en Mio, au plus haut du premier appel : sa sortie et ce qu'il lui faut pour la calculer. Un petit
     * appel d'abord, pour que ne compte pas ce qui se charge une fois. Sous Linux seulement ; −1 ailleurs.
     */
    private static double peakMemory(Contender contender, Work work) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return -1;
        }
        try (Contender.Task small = contender.prepare(work.small())) {
            small.run();
        }
        try (Contender.Task task = contender.prepare(work)) {
            System.gc();
            Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // le plus haut repart de maintenant
            long before = kibibytes(status, "VmRSS:");
            task.run();
            return (kibibytes(status, "VmHWM:") - before) / 1024.0;
        }
    }

    private static long kibibytes(Path status, String name) throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
