package fr.cours.kernel;

import fr.cours.attention.math.Parallel;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Démarre le noyau : c'est le programme que lance Jupyter. */
public final class KernelLauncher {
    private KernelLauncher() {}

    /**
     * Ouvre les canaux décrits par Jupyter et répond jusqu'à l'arrêt.
     *
     * @param args le chemin du fichier de connexion, seul argument
     * @throws Exception si le fichier est illisible ou si un port est déjà pris
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            throw new IllegalArgumentException("un argument attendu : le fichier de connexion écrit par Jupyter");
        }
        endWithParent();
        Parallel.start(); // cette JVM n'est qu'au cours : ses calculs prennent tous les cœurs
        Logger.getLogger("").setLevel(Level.WARNING);

        CellOutput output = new CellOutput(System.out, System.err);
        System.setOut(output.stdout());
        System.setErr(output.stderr());
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            if (!CellExecution.mustBeSilent()) {
                System.err.print("Exception in thread \"" + thread.getName() + "\" ");
                thrown.printStackTrace();
            }
        });

        CourseConnection connection =
                new CourseConnection(KernelConnectionProperties.parse(Files.readString(Path.of(args[0]))), output);
        CourseKernel kernel =
                new CourseKernel(connection, new CommAnswers(Map.of(ExerciseComm.TARGET, ExerciseComm::verdicts)));
        kernel.becomeInstance();
        System.setIn(connection.input());
        kernel.becomeHandlerForConnection(connection);
        connection.connect();
        kernel.warmUp();
        MemoryWatch.start();
        connection.waitUntilClose();
        System.exit(0);
    }

    /** Un serveur tué ne dit pas au revoir : sans lui, le noyau garderait sa mémoire pour personne. */
    private static void endWithParent() {
        ProcessHandle.current()
                .parent()
                .ifPresent(parent ->
                        parent.onExit().thenRun(() -> Runtime.getRuntime().halt(0)));
    }
}
