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

    /**
     * Le concurrent de ce nom. Seule sa classe est chargée : les autres n'ont pas leurs jars dans cette JVM, et n'existent
     * que dans le profil « bench ».
     */
    static Contender named(String name) throws ReflectiveOperationException {
        String simpleName = switch (name) {
            case "cours" -> "Ours";
            case "tensorflow" -> "TensorFlowPeer";
            case "pytorch" -> "PyTorchPeer";
            default -> throw new IllegalArgumentException("name : trouvé « " + name + " », attendu l'un de " + NAMES);
        };
        Class<?> type = Class.forName(Contender.class.getPackageName() + "." + simpleName);
        return (Contender) type.getDeclaredConstructor().newInstance();
    }

    /** Qui fait quoi, sans charger les classes de personne. */
    static boolean does(String contender, Work work) {
        return switch (work.kind()) {
            case PRODUCTS, PEAK -> contender.equals(NAMES.get(0));
            case OUTPUT_ONLY, LAZY_STEP -> !contender.equals("tensorflow");
            default -> true;
        };
    }
}
