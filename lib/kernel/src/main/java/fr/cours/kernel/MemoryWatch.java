package fr.cours.kernel;

import org.bytedeco.javacpp.Pointer;

/**
 * Le ramasse-miettes, demandé quand le noyau grossit.
 *
 * <p>Les tableaux d'ND4J sont hors du tas : un ramasse-miettes qui voit un tas presque vide ne passe pas les rendre.
 */
final class MemoryWatch {
    private static final long MEBIBYTE = 1 << 20;
    private static final long COLLECT_ABOVE = 320 * MEBIBYTE;
    private static final long COLLECT_EVERY = 30 * MEBIBYTE;
    private static final long MILLIS_BETWEEN_LOOKS = 300;

    private MemoryWatch() {}

    /** Veille jusqu'à l'arrêt, pour qu'une boucle naïve ne prenne pas toute la machine. */
    static void start() {
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
}
