package fr.cours.kernel;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * {@code System.out} et {@code System.err} des cellules : imprimer sans fin peut s'interrompre.
 *
 * <p>L'arrêt se lève ici, avant d'écrire : plus loin, ce que {@link PrintStream} a déjà pris resterait chez lui et
 * sortirait avec la cellule suivante.
 */
final class CellPrintStream extends PrintStream {
    CellPrintStream(OutputStream out) {
        super(out, true, StandardCharsets.UTF_8);
    }

    @Override
    public void print(String text) {
        CellExecution.checkShowing();
        super.print(text);
    }

    @Override
    public void print(char c) {
        CellExecution.checkShowing();
        super.print(c);
    }

    @Override
    public void print(int i) {
        CellExecution.checkShowing();
        super.print(i);
    }

    @Override
    public void print(Object value) {
        CellExecution.checkShowing();
        super.print(value);
    }
}
