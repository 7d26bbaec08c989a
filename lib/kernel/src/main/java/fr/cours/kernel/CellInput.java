package fr.cours.kernel;

import io.github.spencerpark.jupyter.channels.StdinChannel;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.reply.InputReply;
import io.github.spencerpark.jupyter.messages.request.InputRequest;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.zeromq.ZMQ;

/**
 * {@code System.in} des cellules : chaque lecture demande une ligne au lecteur du carnet.
 *
 * <p>Le canal appartient à un fil à part. Interrompre celui qui y attend le fermerait pour de bon, et plus aucune
 * question ne passerait.
 */
final class CellInput extends InputStream {
    private static final int MILLIS_BETWEEN_LOOKS = 20;
    private static final byte[] NOTHING = {};

    private final StdinChannel channel;
    private final ExecutorService questioner = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "questions");
        thread.setDaemon(true);
        return thread;
    });
    private MessageContext cell;
    private boolean enabled;
    private byte[] line = NOTHING;
    private int next;

    CellInput(StdinChannel channel) {
        this.channel = channel;
    }

    /** Ce qui se lit désormais se demande au nom de cette cellule ; ce que la précédente n'a pas lu est oublié. */
    synchronized void attachTo(MessageContext newCell, boolean canAsk) {
        cell = newCell;
        enabled = canAsk;
        line = NOTHING;
        next = 0;
    }

    @Override
    public synchronized int read() {
        return fill() ? line[next++] & 0xFF : -1;
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, available());
        System.arraycopy(line, next, bytes, offset, count);
        next += count;
        return count;
    }

    @Override
    public synchronized int available() {
        return line.length - next;
    }

    /** Demande une ligne s'il n'en reste rien ; faux si personne ne peut répondre. */
    private boolean fill() {
        CellExecution.checkShowing();
        if (available() > 0) {
            return true;
        }
        if (!enabled) {
            return false;
        }
        line = (ask() + "\n").getBytes(StandardCharsets.UTF_8);
        next = 0;
        return true;
    }

    private String ask() {
        MessageContext asker = cell;
        Future<String> answer = questioner.submit(() -> {
            forgetLateAnswers();
            Message<InputRequest> question =
                    new Message<>(asker, InputRequest.MESSAGE_TYPE, new InputRequest("", false));
            channel.sendMessage(question);
            return waitForAnswer(question.getHeader().getId(), asker.getHeader().getId());
        });
        try {
            return answer.get();
        } catch (InterruptedException interrupted) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new CancellationException("calcul interrompu");
        } catch (ExecutionException broken) {
            throw new IllegalStateException("entrée : " + broken.getCause(), broken);
        }
    }

    private void forgetLateAnswers() {
        while (hasAnswer()) {
            channel.readMessage();
        }
    }

    /** Une réponse dit à quelle question elle répond, ou rien : celle d'une cellule arrêtée n'est pas la nôtre. */
    private String waitForAnswer(String question, String asker) throws InterruptedException {
        while (true) {
            Thread.sleep(MILLIS_BETWEEN_LOOKS);
            if (hasAnswer()) {
                Message<?> message = channel.readMessage();
                String parent =
                        message.hasParentHeader() ? message.getParentHeader().getId() : null;
                boolean ours = parent == null || parent.equals(question) || parent.equals(asker);
                if (ours && message.getContent() instanceof InputReply reply) {
                    return reply.getValue();
                }
            }
        }
    }

    private boolean hasAnswer() {
        return (channel.getEvents() & ZMQ.Poller.POLLIN) != 0;
    }
}
