package fr.cours.attention.training;

import fr.cours.attention.training.TrainingListener.Epoch;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Ce qu'un entraînement a donné, époque par époque.
 *
 * @param epochs les époques faites
 * @param bestEpoch l'époque dont les paramètres ont été gardés ; 0 si aucune n'a été achevée
 * @param ending pourquoi l'entraînement s'est arrêté, en une phrase
 */
public record TrainingHistory(List<Epoch> epochs, int bestEpoch, String ending) {
    /** {@return la perte d'entraînement de chaque époque} */
    public double[] losses() {
        return column(Epoch::loss);
    }

    /** {@return le score de validation de chaque époque} */
    public double[] scores() {
        return column(Epoch::score);
    }

    private double[] column(ToDoubleFunction<Epoch> value) {
        return epochs.stream().mapToDouble(value).toArray();
    }
}
