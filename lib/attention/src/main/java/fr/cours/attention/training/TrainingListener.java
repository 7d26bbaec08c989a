package fr.cours.attention.training;

/** Qui veut suivre un entraînement. Le {@link Trainer} raconte ; il ne dessine rien. */
public interface TrainingListener {
    /** Personne n'écoute. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * Un lot de plus.
     *
     * @param progress où l'on en est
     */
    default void onBatch(Progress progress) {}

    /**
     * Une époque de plus, achevée et mesurée ; une époque interrompue n'est pas annoncée.
     *
     * @param epoch ce qu'elle a donné
     */
    default void onEpoch(Epoch epoch) {}

    /**
     * L'entraînement est fini, ou a été arrêté à la demande.
     *
     * @param history ce qu'il a donné
     */
    default void onEnd(TrainingHistory history) {}

    /**
     * Où en est l'entraînement.
     *
     * @param epoch l'époque en cours, à partir de 1
     * @param epochs le nombre d'époques prévues
     * @param step les lots faits depuis le début
     * @param steps les lots prévus en tout
     * @param loss la perte moyenne de l'époque en cours
     * @param score le dernier score de validation, NaN tant qu'il n'y en a pas
     * @param seconds les secondes écoulées
     */
    record Progress(int epoch, int epochs, int step, int steps, double loss, double score, double seconds) {
        /** {@return les lots faits par seconde} */
        public double batchesPerSecond() {
            return step / seconds;
        }

        /** {@return les secondes qui restent, si le rythme ne change pas} */
        public double remainingSeconds() {
            return (steps - step) * seconds / step;
        }
    }

    /**
     * Ce qu'une époque a donné.
     *
     * @param number son rang, à partir de 1
     * @param loss la perte moyenne sur l'entraînement
     * @param score le score de validation, NaN sans validation
     * @param learningRate le taux d'apprentissage de son dernier lot
     * @param seconds les secondes depuis le début
     */
    record Epoch(int number, double loss, double score, double learningRate, double seconds) {}
}
