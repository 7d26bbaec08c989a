package fr.cours.kernel;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.comm.CommCloseCommand;
import io.github.spencerpark.jupyter.messages.comm.CommMsgCommand;
import io.github.spencerpark.jupyter.messages.comm.CommOpenCommand;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Ce que le noyau répond à un programme, sans exécuter de cellule : le programme ouvre un « comm » vers une cible, le
 * noyau lui envoie la réponse et referme (protocole de Jupyter, « Custom Messages »).
 *
 * <p>Ces cibles-là ne sont pas dans le {@code CommManager} d'IJava, où une cellule en changerait : rien de ce qu'elle
 * déclare, imprime ou enregistre n'entre dans la réponse.
 */
final class CommAnswers {
    private final Map<String, Supplier<JsonObject>> byTarget;

    CommAnswers(Map<String, Supplier<JsonObject>> byTarget) {
        this.byTarget = Map.copyOf(byTarget);
    }

    /** Répond à l'ouverture, ou la laisse à {@code others} si sa cible n'est pas une de celles-ci. */
    void handle(ShellReplyEnvironment env, Message<CommOpenCommand> request, ShellHandler<CommOpenCommand> others) {
        CommOpenCommand opening = request.getContent();
        Supplier<JsonObject> answer = byTarget.get(opening.getTargetName());
        if (answer == null) {
            others.handle(env, request);
            return;
        }
        env.setBusyDeferIdle();
        env.publish(new CommMsgCommand(opening.getCommID(), answer.get()));
        env.publish(new CommCloseCommand(opening.getCommID(), new JsonObject()));
    }
}
