package fr.cours.kernel;

import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.publish.PublishStream;
import io.github.spencerpark.jupyter.messages.publish.PublishStream.StreamType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Ce que les cellules impriment, envoyé par paquets.
 *
 * <p>Un message par ligne noie le navigateur et perd des lignes. Ici le texte s'accumule, part toutes les 50 ms, et
 * toujours avant un résultat, une figure ou une erreur : l'ordre de lecture est l'ordre du programme. Au-delà d'un
 * mébioctet en attente, celui qui imprime attend : une boucle sans fin ne remplit ni la mémoire ni le réseau.
 */
final class CellOutput {
    private static final int PERIOD_MILLIS = 50;
    private static final int CAPACITY = 1 << 20;

    private final PrintStream outsideOut;
    private final PrintStream outsideErr;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private StreamType pendingType = StreamType.OUT;
    private ShellReplyEnvironment cell;

    /** Avant la première cellule, le texte va aux flux donnés : le journal du serveur. */
    CellOutput(PrintStream outsideOut, PrintStream outsideErr) {
        this.outsideOut = outsideOut;
        this.outsideErr = outsideErr;
        Thread courier = new Thread(this::sendPeriodically, "sortie-des-cellules");
        courier.setDaemon(true);
        courier.start();
    }

    PrintStream stdout() {
        return new CellPrintStream(new Stream(StreamType.OUT));
    }

    PrintStream stderr() {
        return new CellPrintStream(new Stream(StreamType.ERR));
    }

    /** Ce qui s'imprime désormais appartient à cette cellule, même si un fil d'exécution lui survit. */
    synchronized void attachTo(ShellReplyEnvironment newCell) {
        flush();
        cell = newCell;
    }

    synchronized void flush() {
        if (pending.size() > 0) {
            String text = pending.toString(StandardCharsets.UTF_8);
            pending.reset();
            cell.getIopub()
                    .sendMessage(new Message<>(
                            cell.getContext(), PublishStream.MESSAGE_TYPE, new PublishStream(pendingType, text)));
        }
        notifyAll();
    }

    private synchronized void write(StreamType type, byte[] bytes, int offset, int length) {
        if (CellExecution.mustBeSilent()) {
            return;
        }
        if (cell == null) {
            (type == StreamType.OUT ? outsideOut : outsideErr).write(bytes, offset, length);
            return;
        }
        while (pending.size() >= CAPACITY) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        if (CellExecution.mustBeSilent()) {
            return; // arrêté pendant qu'il attendait
        }
        if (type != pendingType) {
            flush();
            pendingType = type;
        }
        pending.write(bytes, offset, length);
    }

    private void sendPeriodically() {
        while (true) {
            try {
                Thread.sleep(PERIOD_MILLIS);
                flush();
            } catch (InterruptedException e) {
                return;
            } catch (OutOfMemoryError e) {
                // La cellule a tout pris : le texte attendra le prochain tour.
            }
        }
    }

    private final class Stream extends OutputStream {
        private final StreamType type;

        Stream(StreamType type) {
            this.type = type;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            CellOutput.this.write(type, bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            // N'envoie rien : PrintStream le demande à chaque ligne, c'est justement ce qu'il faut éviter.
            CellExecution.checkShowing();
        }
    }
}
