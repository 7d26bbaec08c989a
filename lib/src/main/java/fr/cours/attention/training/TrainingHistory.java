package fr.cours.attention.training;

import fr.cours.attention.training.TrainingListener.Epoch;
import java.util.List;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

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

    /** {@return les époques en table : une ligne par époque} */
    public Table table() {
        return Table.create(
                "Entraînement",
                IntColumn.create(
                        "époque", epochs.stream().mapToInt(Epoch::number).toArray()),
                DoubleColumn.create("perte", losses()),
                DoubleColumn.create("score de validation", scores()),
                DoubleColumn.create("taux d'apprentissage", column(Epoch::learningRate)),
                DoubleColumn.create("secondes", column(Epoch::seconds)));
    }

    private double[] column(ToDoubleFunction<Epoch> value) {
        return epochs.stream().mapToDouble(value).toArray();
    }
}
