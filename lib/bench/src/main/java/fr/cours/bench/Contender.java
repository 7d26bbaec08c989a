package fr.cours.bench;

import java.util.List;

/** Qui sait faire les travaux : nous, et les deux bibliothèques auxquelles on se compare. */
interface Contender {
    /** Leurs noms, dans l'ordre des colonnes ; le premier est le nôtre. */
    List<String> NAMES = List.of("cours", "tensorflow", "pytorch");

    /** Un travail prêt à être fait. */
    interface Task extends AutoCloseable {
        /** Le travail, une fois : ce que l'on mesure. */
        Object run();

        /**
         * Ce qu'il donne, pour être comparé avant toute mesure. Pour un entraînement : les pertes de
         * {@link Work#CHECKED_STEPS} pas sur le premier lot, sans abandon.
         */
        List<float[]> results();

        @Override
        void close();
    }

    Task prepare(Work work);

    /** Sa version, en une ligne. */
    String version();

    /** Ne charge que la classe demandée : les autres n'ont pas leurs jars dans cette JVM. */
    static Contender named(String name) {
        return switch (name) {
            case "cours" -> new Ours();
            case "tensorflow" -> new TensorFlowPeer();
            case "pytorch" -> new PyTorchPeer();
            default -> throw new IllegalArgumentException("name : trouvé « " + name + " », attendu l'un de " + NAMES);
        };
    }
}
