package fr.cours.bench;

/** Les positions en sinus et cosinus, pour les concurrents : les mêmes nombres que ceux de notre couche. */
final class Positions {
    private Positions() {}

    static float[] of(int length, int d) {
        float[] encoding = new float[length * d];
        for (int i = 0; i < encoding.length; i++) {
            int column = i % d;
            double angle = i / d / Math.pow(10_000, 2 * (column / 2) / (double) d);
            encoding[i] = (float) (column % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
        }
        return encoding;
    }
}
