package fr.cours.kernel;

import io.github.spencerpark.jupyter.channels.IOPubChannel;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.channels.StdinChannel;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishError;
import io.github.spencerpark.jupyter.messages.reply.ErrorReply;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ce qu'une demande publie et répond, dans l'ordre où la cellule l'a produit. */
final class CellEnvironment extends ShellReplyEnvironment {
    private final CellOutput output;
    private final Set<String> displayIds = ConcurrentHashMap.newKeySet();
    private volatile CellFailure failure;

    CellEnvironment(
            ShellChannel shell, StdinChannel stdin, IOPubChannel iopub, MessageContext context, CellOutput output) {
        super(shell, stdin, iopub, context);
        this.output = output;
    }

    @Override
    public void publish(Message<?> message) {
        output.flush();
        if (message.getContent() instanceof PublishDisplayData shown) {
            displayIds.add(String.valueOf(shown.getDisplayId()));
        }
        if (message.getContent() instanceof PublishError && failure != null) {
            PublishError error = new PublishError(failure.name(), failure.getMessage(), failure.lines());
            super.publish(new Message<>(getContext(), PublishError.MESSAGE_TYPE, error));
        } else {
            super.publish(message);
        }
    }

    /** La réponse et « idle », mises de côté jusqu'ici, ferment la cellule : rien ne doit arriver après elles. */
    @Override
    public void resolveDeferrals() {
        output.flush();
        super.resolveDeferrals();
    }

    @Override
    public void replyError(MessageType<?> type, ErrorReply error) {
        if (failure == null) {
            super.replyError(type, error);
            return;
        }
        ErrorReply named = new ErrorReply(failure.name(), failure.getMessage(), failure.lines());
        named.setExecutionCount(failure.cell());
        super.replyError(type, named);
    }

    /** {@code display} rend l'identifiant de ce qu'il vient de montrer : ce n'est pas un résultat à afficher. */
    boolean hasDisplayed(Object id) {
        return id instanceof String text && displayIds.contains(text);
    }

    void fail(CellFailure cause) {
        failure = cause;
    }

    boolean hasFailed() {
        return failure != null;
    }
}
