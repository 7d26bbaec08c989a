package fr.cours.kernel;

import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.zeromq.ZMQ;

/** Les canaux d'IJava, réglés pour ne rien perdre. */
final class CourseConnection extends JupyterConnection {
    private final CellOutput output;
    private final CellInput input;

    CourseConnection(KernelConnectionProperties properties, CellOutput output) throws GeneralSecurityException {
        super(properties);
        this.output = output;
        this.input = new CellInput(stdin);
        // Au-delà de 1 000 messages en attente, ZeroMQ jette les suivants sans rien dire, « idle » compris.
        iopub.setHWM(0);
        // Un navigateur qui revient garde son identité : la nouvelle liaison remplace l'ancienne, elle n'est pas
        // ignorée.
        shell.setRouterHandover(true);
        control.setRouterHandover(true);
        stdin.setRouterHandover(true);
    }

    @Override
    public ShellReplyEnvironment prepareReplyEnv(ShellChannel channel, MessageContext context) {
        return new CellEnvironment(channel, stdin, iopub, context, output);
    }

    CellOutput output() {
        return output;
    }

    CellInput input() {
        return input;
    }

    /** Un imprévu (débordement de pile du compilateur…) ne doit pas emporter le fil qui écoute. */
    @Override
    public <T> void setHandler(MessageType<T> type, ShellHandler<T> handler) {
        super.setHandler(type, (env, message) -> {
            try {
                handler.handle(env, message);
            } catch (Error e) {
                throw new IllegalStateException(type.getName(), e);
            }
        });
    }

    /** Répond qu'une cellule n'a pas été exécutée ; les autres demandes sont servies comme d'ordinaire. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    void abort(Message<?> request) {
        ShellReplyEnvironment env = prepareReplyEnv(shell, request);
        if (request.getContent() instanceof ExecuteRequest) {
            env.setBusyDeferIdle();
            env.reply(new Message(request, MessageType.EXECUTE_REPLY, Map.of("status", "aborted")));
        } else {
            ShellHandler handler = getHandler(request.getHeader().getType());
            handler.handle(env, request);
        }
        env.resolveDeferrals();
    }

    /** Retire de la file ce qui y attend déjà, sans attendre la suite. */
    List<Message<?>> takeQueuedRequests() {
        List<Message<?>> queued = new ArrayList<>();
        while ((shell.getEvents() & ZMQ.Poller.POLLIN) != 0) {
            queued.add(shell.readMessage());
        }
        return queued;
    }
}
