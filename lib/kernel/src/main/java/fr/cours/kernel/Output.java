package fr.cours.kernel;

import io.github.spencerpark.jupyter.messages.publish.PublishClearOutput;

/** Ce qu'une cellule peut demander à sa sortie ; ses méthodes sont importées d'office. */
public final class Output {
    private Output() {}

    /** Efface tout de suite ce que la cellule a montré. */
    public static void clearOutput() {
        clearOutput(false);
    }

    /**
     * Efface ce que la cellule a montré.
     *
     * @param wait vrai pour n'effacer qu'à l'arrivée de la sortie suivante : une image qui se met à jour ne clignote pas
     */
    public static void clearOutput(boolean wait) {
        CourseKernel.instance().publish(wait ? PublishClearOutput.BEFORE_NEXT_OUTPUT : PublishClearOutput.NOW);
    }
}
