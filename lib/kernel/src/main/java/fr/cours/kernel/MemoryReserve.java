package fr.cours.kernel;

/** Un peu de mémoire mise de côté, pour parler encore quand une cellule a tout pris. */
final class MemoryReserve {
    private static final int RESERVE_BYTES = 8 << 20;
    private static final long MEBIBYTE = 1 << 20;

    private static byte[] reserve = new byte[RESERVE_BYTES];

    private MemoryReserve() {}

    /** À appeler au début d'une cellule : reconstitue la réserve si la mémoire le permet. */
    static void restore() {
        Runtime runtime = Runtime.getRuntime();
        long available = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        if (reserve == null && available > 2L * RESERVE_BYTES) {
            reserve = new byte[RESERVE_BYTES];
        }
    }

    /** Rend la réserve, puis dit ce que le noyau possède et que faire. */
    static String exhausted() {
        reserve = null;
        String total = System.getProperty("org.bytedeco.javacpp.maxphysicalbytes", "");
        return "mémoire épuisée ; ce noyau dispose de "
                + Runtime.getRuntime().maxMemory() / MEBIBYTE
                + " Mo pour les objets Java"
                + (total.isEmpty() ? "" : " et de " + total.replace("m", " Mo") + " en tout, tableaux ND4J compris")
                + ". Réduisez la taille des tableaux ou des lots, oubliez ce qui ne sert plus (variable = null),"
                + " ou redémarrez le noyau";
    }
}
