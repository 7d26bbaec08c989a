package fr.cours.attention.math;

import java.util.concurrent.CancellationException;

/**
 * Le bouton « arrêter » de Jupyter.
 *
 * <p>Le noyau interrompt le fil qui exécute la cellule ; Java n'arrête personne de force. Les boucles de la bibliothèque
 * passent donc par ici, et s'arrêtent entre deux lots de calcul.
 */
public final class Interruption {
    private Interruption() {}

    /**
     * Ne fait rien, sauf si le fil courant a été interrompu.
     *
     * @throws CancellationException si le fil courant a été interrompu ; l'état d'interruption est effacé
     */
    public static void check() {
        if (Thread.interrupted()) {
            throw new CancellationException("calcul interrompu");
        }
    }
}
