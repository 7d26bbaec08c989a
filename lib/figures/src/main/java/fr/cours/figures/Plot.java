package fr.cours.figures;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Ce que toutes les figures ont en commun : un titre, deux axes, et {@link #draw()}.
 *
 * @param <T> la figure elle-même : ses réglages s'enchaînent
 */
public abstract class Plot<T extends Plot<T>> {
    String title = "";
    String xAxis = "";
    String yAxis = "";

    Plot() {}

    /**
     * Donne un titre ; les émojis, que Java ne sait pas dessiner en couleurs, en sont ôtés.
     *
     * @param title le titre
     * @return cette figure
     */
    public T title(String title) {
        this.title = Checks.present(title, "title", "un titre");
        return self();
    }

    /**
     * Dessine.
     *
     * @return la figure, avec sa description
     */
    public abstract Figure draw();

    @SuppressWarnings("unchecked")
    final T self() {
        return (T) this;
    }

    static String named(String axis) {
        return axis.isBlank() ? "sans nom" : axis;
    }

    static List<String> ranks(int size) {
        return IntStream.range(0, size).mapToObj(Integer::toString).toList();
    }

    /** L'indice du plus grand (signe 1) ou du plus petit (−1) ; à égalité, ou presque, le premier. */
    static int extreme(double[] values, int sign, double tolerance) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = sign * (values[i] - values[best]) > tolerance * Math.abs(values[best]) ? i : best;
        }
        return best;
    }
}
