package fr.cours.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import fr.cours.attention.training.TrainingHistory;
import fr.cours.attention.training.TrainingListener.Epoch;
import fr.cours.attention.training.TrainingListener.Progress;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingProgressTest {
    @Test
    void aLineSaysWhereTheTrainingIs() {
        assertThat(TrainingProgress.line(new Progress(2, 4, 30, 80, 0.4123, Double.NaN, 1.5)))
                .isEqualTo("Époque 2/4 · lot 30/80 · 20 lots/s · reste 3 s · perte 0,412");
        assertThat(TrainingProgress.line(new Progress(2, 4, 30, 80, 0.4123, 0.875, 1.5)))
                .endsWith("perte 0,412 · validation 0,875");
    }

    @Test
    void theLastLineSaysWhatWasKept() {
        Epoch first = new Epoch(1, 0.5, 0.9, 1e-3, 1.2);
        Epoch second = new Epoch(2, 0.3, 0.8, 1e-3, 2.4);
        assertThat(TrainingProgress.line(
                        new TrainingHistory(List.of(first, second), 1, "toutes les époques sont faites")))
                .isEqualTo("Entraînement : 2 époque(s) en 2,4 s ; toutes les époques sont faites."
                        + " Gardée : l'époque 1, perte 0,500, validation 0,900.");
        assertThat(TrainingProgress.line(new TrainingHistory(List.of(), 0, "arrêté à la demande pendant l'époque 1")))
                .isEqualTo("Entraînement : arrêté à la demande pendant l'époque 1.");
    }
}
