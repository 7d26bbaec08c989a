package fr.cours.attention.math;

import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.factory.Nd4j;

/** Sur quoi l'on calcule : ce qu'il faut savoir pour comparer deux temps, ou deux suites de bits. */
public final class Machine {
    private static final String UNKNOWN = "inconnu";

    private Machine() {}

    /**
     * Les versions, les cœurs et la mémoire, en quelques lignes à imprimer.
     *
     * @return le texte, sans fin de ligne finale
     */
    public static String describe() {
        Runtime runtime = Runtime.getRuntime();
        return String.join(
                System.lineSeparator(),
                "Java      " + Runtime.version().feature() + " (" + System.getProperty("java.version") + ")",
                "ND4J      " + nd4jVersion(),
                "OpenBLAS  " + blasVersion() + ", noyaux de calcul " + blasCore() + ", fils : " + Parallel.threads(),
                "Boucles   "
                        + (ComputePath.hasVectors()
                                ? "API Vector"
                                : "simples (pas d'API Vector dans ce Java, ou processeur d'avant 2013)"),
                "Machine   " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", cœurs : "
                        + runtime.availableProcessors(),
                "Mémoire   au plus " + (runtime.maxMemory() >> 20) + " Mio pour les objets, "
                        + (Pointer.maxPhysicalBytes() >> 20) + " Mio en tout, tableaux compris");
    }

    /** {@return le type de processeur qu'OpenBLAS a reconnu, par exemple {@code SkylakeX} ; {@code inconnu} sinon} */
    public static String blasCore() {
        return blas("openblas_get_corename");
    }

    private static String blasVersion() {
        String[] words = blas("openblas_get_config").split(" ");
        return words.length > 1 ? words[1] : words[0];
    }

    private static String nd4jVersion() {
        try (InputStream file = Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
            Properties properties = new Properties();
            if (file != null) {
                properties.load(file);
            }
            return properties.getProperty("version", UNKNOWN);
        } catch (IOException unreadable) {
            return UNKNOWN;
        }
    }

    /** Ces fonctions d'OpenBLAS n'ont pas de nom en Java : on les demande à la bibliothèque déjà chargée. */
    private static String blas(String function) {
        File[] files = new File(Loader.load(openblas.class)).getParentFile().listFiles();
        for (File file : files == null ? new File[0] : files) {
            if (file.getName().startsWith("libopenblas_nolapack")) {
                try {
                    return NativeLibrary.getInstance(file.getPath())
                            .getFunction(function)
                            .invokeString(new Object[0], false);
                } catch (LinkageError elsewhere) {
                    // un autre nom du même fichier conviendra peut-être ; sinon JNA n’a pas de code pour cette machine
                }
            }
        }
        return UNKNOWN;
    }
}
