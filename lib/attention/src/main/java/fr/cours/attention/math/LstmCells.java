package fr.cours.attention.math;

/**
 * La cellule d'une LSTM, pour un exemple à une position : les portes, l'état, la sortie, et leurs gradients.
 *
 * <p>Ce qui remplit des vecteurs va par {@link VectorLstm}, les dernières unités par la boucle simple, qui fait tout sans
 * API Vector ; un test les compare. {@code row} est un rang parmi les {@code batch·n} positions, {@code before} et
 * {@code after} sont ceux de l'état parmi les {@code batch·(n + 1)}.
 */
final class LstmCells {
    /** Le rang qui précède la première position. */
    static final int START = -1;

    private static final int BYTES = Float.BYTES;

    private final int units;
    private final int width; // octets d'un état
    private final Floats gates; // [batch·n, 4, units]
    private final Floats cells; // [batch·(n + 1), units]
    private final Floats hidden; // [batch·n, units] : la sortie, ou son gradient
    private final float[] dCells; // [batch, units]
    private final VectorLstm vectors; // null : boucles simples
    private final int bound; // combien d'unités vont par vecteurs

    LstmCells(int units, Floats gates, Floats cells, Floats hidden) {
        this(units, gates, cells, hidden, null);
    }

    LstmCells(int units, Floats gates, Floats cells, Floats hidden, float[] dCells) {
        this.units = units;
        this.width = units * BYTES;
        this.gates = gates;
        this.cells = cells;
        this.hidden = hidden;
        this.dCells = dCells;
        vectors = gates.vectors() == null
                ? null
                : new VectorLstm(units, gates.vectors(), cells.vectors(), hidden.vectors(), dCells);
        bound = vectors == null ? 0 : vectors.bound();
    }

    void forward(int row, int before, int after) {
        if (bound > 0) {
            vectors.forward(row, before, after);
        }
        for (int at = bound * BYTES; at < width; at += BYTES) {
            int gate = row * 4 * width + at;
            float i = sigmoid(gates.getFloat(gate));
            float f = sigmoid(gates.getFloat(gate + width));
            float candidate = (float) Math.tanh(gates.getFloat(gate + 2 * width));
            float o = sigmoid(gates.getFloat(gate + 3 * width));
            float cell = f * cells.getFloat(before * width + at) + i * candidate;
            gates.putFloat(gate, i);
            gates.putFloat(gate + width, f);
            gates.putFloat(gate + 2 * width, candidate);
            gates.putFloat(gate + 3 * width, o);
            cells.putFloat(after * width + at, cell);
            hidden.putFloat(row * width + at, o * (float) Math.tanh(cell));
        }
    }

    /** Du remplissage : l'état et la sortie restent ce qu'ils étaient. */
    void keep(int row, int previous, int before, int after) {
        for (int at = 0; at < width; at += BYTES) {
            cells.putFloat(after * width + at, cells.getFloat(before * width + at));
            hidden.putFloat(row * width + at, previous == START ? 0 : hidden.getFloat(previous * width + at));
        }
    }

    void backward(int row, int example, int before, int after) {
        if (bound > 0) {
            vectors.backward(row, example, before, after);
        }
        for (int unit = bound; unit < units; unit++) {
            int at = unit * BYTES;
            int gate = row * 4 * width + at;
            float i = gates.getFloat(gate);
            float f = gates.getFloat(gate + width);
            float candidate = gates.getFloat(gate + 2 * width);
            float o = gates.getFloat(gate + 3 * width);
            float y = (float) Math.tanh(cells.getFloat(after * width + at));
            float up = hidden.getFloat(row * width + at);
            float down = dCells[example * units + unit] + up * o * (1 - y * y);
            gates.putFloat(gate, down * candidate * i * (1 - i));
            gates.putFloat(gate + width, down * cells.getFloat(before * width + at) * f * (1 - f));
            gates.putFloat(gate + 2 * width, down * i * (1 - candidate * candidate));
            gates.putFloat(gate + 3 * width, up * y * o * (1 - o));
            dCells[example * units + unit] = down * f;
        }
    }

    /** Du remplissage : les portes n'y ont pas de gradient, celui de la sortie va à la position d'avant. */
    void keepBackward(int row, int previous) {
        for (int at = 0; at < 4 * width; at += BYTES) {
            gates.putFloat(row * 4 * width + at, 0);
        }
        for (int at = 0; previous != START && at < width; at += BYTES) {
            int to = previous * width + at;
            hidden.putFloat(to, hidden.getFloat(to) + hidden.getFloat(row * width + at));
        }
    }

    private static float sigmoid(float x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }
}
