package fr.cours.attention.math;

import static fr.cours.attention.math.Gemm.AS_IS;
import static fr.cours.attention.math.Gemm.TRANSPOSED;

import fr.cours.attention.math.Gemm.Block;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Les pas d'une LSTM, l'un après l'autre : à chacun un produit pour les quatre portes de tout le lot, puis une boucle
 * sur les nombres. Aucune opération d'ND4J : à 3 µs ou plus chacune, elles coûteraient plus que le calcul.
 *
 * <p>Les portes d'une position se suivent dans l'ordre entrée, oubli, candidat, sortie. {@code cells} a une place de
 * plus que la phrase pour l'état de départ, nul : devant, ou derrière quand on lit à l'envers. La boucle existe deux
 * fois, simple ici et par l'API Vector dans {@link VectorLstm} ; un test les compare.
 */
public final class LstmSteps {
    private static final int BYTES = Float.BYTES;

    private final int n;
    private final int units;
    private final int[] lengths;
    private final boolean reverse;

    /**
     * Les pas d'un lot.
     *
     * @param n longueur commune, remplissage compris
     * @param units dimension de l'état
     * @param lengths longueur vraie de chaque exemple ; au-delà, l'état est gardé tel quel
     * @param reverse vrai : de la dernière position à la première
     */
    public LstmSteps(int n, int units, int[] lengths, boolean reverse) {
        this.n = n;
        this.units = units;
        this.lengths = lengths;
        this.reverse = reverse;
    }

    /**
     * Tous les pas : {@code i, f, o = σ(·)}, {@code g = tanh(·)}, {@code c ← f⊙c + i⊙g}, {@code h = o⊙tanh(c)}.
     *
     * @param gates {@code [batch, n, 4·units]} contigu, la part de l'entrée et le biais ; remplacé par i, f, g, o
     * @param recurrent {@code [units, 4·units]} contigu
     * @param cells {@code [batch, n + 1, units]} contigu, nul ; rempli
     * @param hidden {@code [batch, n, units]} contigu, rempli
     */
    public void forward(INDArray gates, INDArray recurrent, INDArray cells, INDArray hidden) {
        ByteBuffer g = Memory.bytes(gates);
        ByteBuffer c = Memory.bytes(cells);
        ByteBuffer h = Memory.bytes(hidden);
        FloatPointer pg = Memory.pointer(gates);
        FloatPointer ph = Memory.pointer(hidden);
        Block u = new Block(Memory.pointer(recurrent), 0, 4 * units);
        for (int step = 0; step < n; step++) {
            Interruption.check();
            int t = position(step);
            int previous = position(step - 1);
            if (step > 0) { // portes ← portes + h·U
                Block state = at(ph, previous, 1);
                Gemm.multiply(AS_IS, AS_IS, lengths.length, 4 * units, units, 1, state, u, 1, at(pg, t, 4));
            }
            for (int example = 0; example < lengths.length; example++) {
                int row = example * n + t;
                int cell = cellBefore(example, t);
                if (t < lengths[example]) {
                    int done = ComputePath.useVectors()
                            ? VectorLstm.forward(g, c, h, units, row, cell, cellAfter(example, t))
                            : 0;
                    forward(done, g, c, h, row, cell, cellAfter(example, t));
                } else {
                    for (int i = 0; i < units * BYTES; i += BYTES) {
                        c.putFloat(cellAfter(example, t) + i, c.getFloat(cell + i));
                        h.putFloat(
                                row * units * BYTES + i,
                                step > 0 ? h.getFloat((example * n + previous) * units * BYTES + i) : 0);
                    }
                }
            }
        }
        Memory.keep(recurrent, gates, cells, hidden);
    }

    private void forward(int done, ByteBuffer g, ByteBuffer c, ByteBuffer h, int row, int before, int after) {
        int width = units * BYTES;
        for (int at = done * BYTES; at < width; at += BYTES) {
            int gate = row * 4 * width + at;
            float i = sigmoid(g.getFloat(gate));
            float f = sigmoid(g.getFloat(gate + width));
            float candidate = (float) Math.tanh(g.getFloat(gate + 2 * width));
            float o = sigmoid(g.getFloat(gate + 3 * width));
            float cell = f * c.getFloat(before + at) + i * candidate;
            g.putFloat(gate, i);
            g.putFloat(gate + width, f);
            g.putFloat(gate + 2 * width, candidate);
            g.putFloat(gate + 3 * width, o);
            c.putFloat(after + at, cell);
            h.putFloat(row * width + at, o * (float) Math.tanh(cell));
        }
    }

    /**
     * Les mêmes pas à rebours.
     *
     * @param gates tel que {@link #forward} l'a laissé ; remplacé par le gradient des portes avant σ et tanh
     * @param recurrent {@code [units, 4·units]}
     * @param cells tel que {@link #forward} l'a laissé
     * @param hidden tel que {@link #forward} l'a laissé
     * @param gradient celui de {@code hidden}, contigu ; modifié
     * @param dRecurrent où s'ajoute le gradient de {@code recurrent}
     */
    public void backward(
            INDArray gates,
            INDArray recurrent,
            INDArray cells,
            INDArray hidden,
            INDArray gradient,
            INDArray dRecurrent) {
        ByteBuffer g = Memory.bytes(gates);
        ByteBuffer c = Memory.bytes(cells);
        ByteBuffer dh = Memory.bytes(gradient);
        FloatPointer pg = Memory.pointer(gates);
        FloatPointer ph = Memory.pointer(hidden);
        FloatPointer pdh = Memory.pointer(gradient);
        Block u = new Block(Memory.pointer(recurrent), 0, 4 * units);
        Block du = new Block(Memory.pointer(dRecurrent), 0, 4 * units);
        float[] dc = new float[lengths.length * units]; // ce que le pas d'après demande à l'état, [batch, units]
        for (int step = n - 1; step >= 0; step--) {
            Interruption.check();
            int t = position(step);
            int previous = position(step - 1);
            for (int example = 0; example < lengths.length; example++) {
                int row = example * n + t;
                int before = cellBefore(example, t);
                int after = cellAfter(example, t);
                if (t < lengths[example]) {
                    int done = ComputePath.useVectors()
                            ? VectorLstm.backward(g, c, dh, dc, units, row, example, before, after)
                            : 0;
                    backward(done, g, c, dh, dc, row, example, before, after);
                } else {
                    for (int i = 0; i < units * BYTES; i += BYTES) {
                        for (int gate = 0; gate < 4; gate++) {
                            g.putFloat((row * 4 + gate) * units * BYTES + i, 0);
                        }
                        if (step > 0) {
                            int to = (example * n + previous) * units * BYTES + i;
                            dh.putFloat(to, dh.getFloat(to) + dh.getFloat(row * units * BYTES + i));
                        }
                    }
                }
            }
            if (step > 0) { // dh ← dh + dportes·Uᵀ et dU ← dU + hᵀ·dportes
                Block gate = at(pg, t, 4);
                int batch = lengths.length;
                Gemm.multiply(AS_IS, TRANSPOSED, batch, units, 4 * units, 1, gate, u, 1, at(pdh, previous, 1));
                Gemm.multiply(TRANSPOSED, AS_IS, units, 4 * units, batch, 1, at(ph, previous, 1), gate, 1, du);
            }
        }
        Memory.keep(recurrent, gates, cells, hidden, gradient, dRecurrent);
    }

    private void backward(
            int done,
            ByteBuffer g,
            ByteBuffer c,
            ByteBuffer dh,
            float[] dc,
            int row,
            int example,
            int before,
            int after) {
        int width = units * BYTES;
        for (int unit = done; unit < units; unit++) {
            int gate = row * 4 * width + unit * BYTES;
            float i = g.getFloat(gate);
            float f = g.getFloat(gate + width);
            float candidate = g.getFloat(gate + 2 * width);
            float o = g.getFloat(gate + 3 * width);
            float y = (float) Math.tanh(c.getFloat(after + unit * BYTES));
            float up = dh.getFloat(row * width + unit * BYTES);
            float down = dc[example * units + unit] + up * o * (1 - y * y);
            g.putFloat(gate, down * candidate * i * (1 - i));
            g.putFloat(gate + width, down * c.getFloat(before + unit * BYTES) * f * (1 - f));
            g.putFloat(gate + 2 * width, down * i * (1 - candidate * candidate));
            g.putFloat(gate + 3 * width, up * y * o * (1 - o));
            dc[example * units + unit] = down * f;
        }
    }

    private static float sigmoid(float x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    private int position(int step) {
        return reverse ? n - 1 - step : step;
    }

    private int cellBefore(int example, int t) {
        return (example * (n + 1) + (reverse ? t + 1 : t)) * units * BYTES;
    }

    private int cellAfter(int example, int t) {
        return (example * (n + 1) + (reverse ? t : t + 1)) * units * BYTES;
    }

    /** La position {@code t} de tous les exemples : des lignes qui se suivent à pas constant. */
    private Block at(FloatPointer memory, int t, int gates) {
        return new Block(memory, (long) t * gates * units, n * gates * units);
    }
}
