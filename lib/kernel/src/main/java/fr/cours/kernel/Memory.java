package fr.cours.kernel;

import org.bytedeco.javacpp.Pointer;

/** La mémoire du noyau, et de quoi parler encore quand une cellule a tout pris. */
final class Memory {
    private static final int RESERVE_BYTES = 8 << 20;
    private static final long MEBIBYTE = 1 << 20;

    private static byte[] reserve = new byte[RESERVE_BYTES];

    // Les tableaux d'ND4J sont hors du tas : un ramasse-miettes qui voit un tas presque vide ne passe pas les rendre.
    private static final long COLLECT_ABOVE = 320 * MEBIBYTE;
    private static final long COLLECT_EVERY = 30 * MEBIBYTE;
    private static final long MILLIS_BETWEEN_LOOKS = 300;

    private Memory() {}

    /** Fait passer le ramasse-miettes quand le noyau grossit, pour qu'une boucle naïve ne prenne pas toute la machine. */
    static void keepWatch() {
        Thread watch = new Thread(
                () -> {
                    try {
                        long afterLast = 0;
                        while (true) {
                            Thread.sleep(MILLIS_BETWEEN_LOOKS);
                            if (Pointer.physicalBytes() > Math.max(COLLECT_ABOVE, afterLast + COLLECT_EVERY)) {
                                System.gc();
                                Thread.sleep(MILLIS_BETWEEN_LOOKS); // ND4J rend les tableaux un peu après
                                afterLast = Pointer.physicalBytes();
                            }
                        }
                    } catch (InterruptedException end) {
                        Thread.currentThread().interrupt();
                    }
                },
                "mémoire");
        watch.setDaemon(true);
        watch.start();
    }

    /** À appeler au début d'une cellule : reconstitue la réserve si la mémoire le permet. */
    static void restoreReserve() {
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
