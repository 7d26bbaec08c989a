package fr.cours.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Un travail à mesurer : une ligne du tableau.
 *
 * @param kind ce qu'on calcule
 * @param batch nombre d'exemples
 * @param n longueur des séquences
 * @param d dimension
 * @param heads nombre de têtes ; 0 si le travail n'en a pas
 */
record Work(Kind kind, int batch, int n, int d, int heads) {
    /** Pas dans une mesure d'entraînement, et dans le contrôle qui la précède. */
    static final int STEPS = 50;

    static final int CHECKED_STEPS = 3;

    /** Le vocabulaire du modèle de sentiment. */
    static final int WORDS = 10_000;

    /** Les genres de travaux, et ce qu'en dit le tableau. */
    enum Kind {
        ATTENTION("attention, sortie et poids"),
        CAUSAL("attention causale"),
        PADDED("attention, remplissage caché"),
        MULTI_HEAD("plusieurs têtes, sortie et poids"),
        OUTPUT_ONLY("attention, sortie seule"),
        ENCODER("étage d’encodeur, aller et retour"),
        LSTM("LSTM, aller et retour"),
        STEP("pas d’entraînement, Adam"),
        LAZY_STEP("pas d’entraînement, Adam paresseux"),
        EPOCH("époque sur des avis de longueurs diverses"),
        PRODUCTS("produits de matrices de plusieurs têtes"),
        PEAK("un grand produit de matrices");

        final String title;

        Kind(String title) {
            this.title = title;
        }

        boolean isTraining() {
            return this == STEP || this == LAZY_STEP || this == EPOCH;
        }
    }

    /** Les travaux, par groupes : un groupe est mesuré dans une même JVM. */
    static List<List<Work>> groups(boolean brief) {
        List<Work> attention = new ArrayList<>();
        for (int batch : new int[] {2, 8}) {
            for (int n : new int[] {5, 64, 512, 2048}) {
                attention.add(new Work(Kind.ATTENTION, batch, n, 64, 0));
            }
        }
        attention.add(new Work(Kind.CAUSAL, 8, 512, 64, 0));
        attention.add(new Work(Kind.PADDED, 8, 512, 64, 0));
        List<List<Work>> groups = new ArrayList<>();
        groups.add(attention);
        groups.add(List.of(
                new Work(Kind.MULTI_HEAD, 2, 10, 512, 8),
                new Work(Kind.MULTI_HEAD, 2, 128, 512, 8),
                new Work(Kind.MULTI_HEAD, 2, 512, 512, 8),
                new Work(Kind.MULTI_HEAD, 32, 50, 128, 4),
                new Work(Kind.PRODUCTS, 2, 512, 512, 8),
                new Work(Kind.PEAK, 1, 2048, 2048, 0)));
        // Chacun dans sa JVM : on y mesure aussi la mémoire du premier appel.
        groups.add(List.of(new Work(Kind.OUTPUT_ONLY, 8, 2048, 64, 0)));
        if (!brief) {
            groups.add(List.of(new Work(Kind.OUTPUT_ONLY, 8, 16_384, 64, 0)));
        }
        groups.add(List.of(
                new Work(Kind.STEP, 32, 50, 128, 4),
                new Work(Kind.LAZY_STEP, 32, 50, 128, 4),
                new Work(Kind.EPOCH, 32, 50, 128, 4)));
        groups.add(List.of(new Work(Kind.ENCODER, 16, 128, 256, 8), new Work(Kind.LSTM, 32, 50, 128, 0)));
        return groups;
    }

    static Work named(String name) {
        return groups(false).stream()
                .flatMap(List::stream)
                .filter(work -> work.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("name : trouvé « " + name + " », attendu un travail"));
    }

    /** Un nom sans espace, pour les fichiers. */
    String name() {
        return kind.name().toLowerCase() + "-" + batch + "x" + n + "x" + d + (heads > 0 ? "-" + heads : "");
    }

    String title() {
        String shape = batch + " × " + n + " × " + d + (heads > 0 ? ", " + heads + " têtes" : "");
        return kind.title + " : " + shape;
    }

    /** Combien de fois ce que dit la ligne dans un appel de {@link Contender.Task#run}. */
    int repeats() {
        return kind == Kind.STEP || kind == Kind.LAZY_STEP ? STEPS : 1;
    }

    /** Multiplications et additions, pour les travaux qui ne sont que des produits de matrices. */
    double flops() {
        double rows = (double) batch * n;
        return kind == Kind.PEAK ? 2 * rows * d * d : 4 * 2 * rows * d * d + 2 * 2 * rows * n * d;
    }

    /** Le même calcul en petit : pour charger ce qui se charge au premier appel. */
    Work small() {
        return new Work(kind, 1, 64, d, heads);
    }
}
