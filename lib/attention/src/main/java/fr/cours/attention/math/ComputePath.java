package fr.cours.attention.math;

import java.util.function.Supplier;

/**
 * Deux chemins mènent au même nombre : le rapide, et le simple qu'on lit pour comprendre.
 *
 * <p>Le chemin rapide est celui de tous les jours : produits de matrices par {@code cblas_sgemm} sur la mémoire des
 * tableaux, softmax par l'API Vector. Le chemin simple passe par les opérations d'ND4J et des boucles ordinaires. Les
 * deux s'accordent à 1e-5 ; un test les compare.
 */
public final class ComputePath {
    private static final ThreadLocal<Boolean> PLAIN = ThreadLocal.withInitial(() -> false);
    private static final boolean VECTORS = probeVectors();

    private ComputePath() {}

    /**
     * Exécute un calcul sur le chemin simple, dans le fil courant seulement.
     *
     * @param <T> type du résultat
     * @param computation le calcul
     * @return son résultat
     */
    public static <T> T plain(Supplier<T> computation) {
        boolean before = PLAIN.get();
        PLAIN.set(true);
        try {
            return computation.get();
        } finally {
            PLAIN.set(before);
        }
    }

    /** {@return vrai si les boucles de {@code math} emploient l'API Vector sur cette machine} */
    public static boolean hasVectors() {
        return VECTORS;
    }

    static boolean isPlain() {
        return PLAIN.get();
    }

    static boolean useVectors() {
        return VECTORS && !isPlain();
    }

    /** Le module n'est là que si la JVM l'a chargé ; en deçà de 8 voies, les boucles simples vont aussi vite. */
    private static boolean probeVectors() {
        try {
            Class.forName("jdk.incubator.vector.FloatVector");
            return VectorMemory.isAvailable()
                    && (Lanes.COUNT >= 8 || System.getProperty("os.arch").equals("aarch64"));
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }
}
