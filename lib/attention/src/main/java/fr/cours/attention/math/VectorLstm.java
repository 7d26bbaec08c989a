package fr.cours.attention.math;

import static fr.cours.attention.math.Lanes.COUNT;
import static fr.cours.attention.math.Lanes.FLOATS;
import static fr.cours.attention.math.Lanes.load;

import jdk.incubator.vector.FloatVector;

/** La cellule de {@link LstmCells} par l'API Vector : 8 ou 16 unités à la fois, jusqu'au dernier vecteur plein. */
final class VectorLstm {
    private static final int STEP = COUNT * Float.BYTES;

    private final int units;
    private final int width; // octets d'un état
    private final int bound; // octets d'un état qui vont par vecteurs
    private final VectorMemory gates;
    private final VectorMemory cells;
    private final VectorMemory hidden;
    private final float[] dCells;

    VectorLstm(int units, VectorMemory gates, VectorMemory cells, VectorMemory hidden, float[] dCells) {
        this.units = units;
        this.width = units * Float.BYTES;
        this.bound = FLOATS.loopBound(units) * Float.BYTES;
        this.gates = gates;
        this.cells = cells;
        this.hidden = hidden;
        this.dCells = dCells;
    }

    /** Combien d'unités remplissent des vecteurs. */
    int bound() {
        return bound / Float.BYTES;
    }

    private static void activate(VectorMemory from, int source, VectorMemory to, int target, int bytes, float factor) {
        for (int at = 0; at < bytes; at += STEP) {
            to.store(target + at, Lanes.sigmoid(from.load(source + at), factor));
        }
    }

    void forward(int row, int before, int after) {
        for (int gate = 0; gate < 4; gate++) {
            int at = (row * 4 + gate) * width;
            activate(gates, at, gates, at, bound, gate == 2 ? 2 : 1);
        }
        for (int at = 0; at < bound; at += STEP) {
            int gate = row * 4 * width + at;
            FloatVector i = gates.load(gate);
            FloatVector f = gates.load(gate + width);
            cells.store(
                    after * width + at,
                    f.mul(cells.load(before * width + at)).add(i.mul(gates.load(gate + 2 * width))));
        }
        activate(cells, after * width, hidden, row * width, bound, 2);
        for (int at = 0; at < bound; at += STEP) {
            hidden.store(
                    row * width + at, gates.load((row * 4 + 3) * width + at).mul(hidden.load(row * width + at)));
        }
    }

    /** En deux boucles : d'une seule, C2 renoncerait à fondre les dernières écritures, et ferait un objet par vecteur. */
    void backward(int row, int example, int before, int after) {
        outputBackward(row, example, after);
        cellBackward(row, example, before);
    }

    /** De la sortie à l'état, qui attend dans {@code dCells}, et à sa porte. */
    private void outputBackward(int row, int example, int after) {
        for (int at = 0; at < bound; at += STEP) {
            int unit = example * units + at / Float.BYTES;
            int gate = (row * 4 + 3) * width + at;
            FloatVector y = Lanes.sigmoid(cells.load(after * width + at), 2);
            FloatVector o = gates.load(gate);
            FloatVector up = hidden.load(row * width + at);
            load(dCells, unit).add(up.mul(o).mul(y.mul(y).neg().add(1))).intoArray(dCells, unit);
            gates.store(gate, up.mul(y).mul(o).mul(o.neg().add(1)));
        }
    }

    /** De l'état aux trois autres portes, et à l'état d'avant. */
    private void cellBackward(int row, int example, int before) {
        for (int at = 0; at < bound; at += STEP) {
            int unit = example * units + at / Float.BYTES;
            int gate = row * 4 * width + at;
            FloatVector down = load(dCells, unit);
            FloatVector i = gates.load(gate);
            FloatVector f = gates.load(gate + width);
            FloatVector candidate = gates.load(gate + 2 * width);
            FloatVector previous = cells.load(before * width + at);
            gates.store(gate, down.mul(candidate).mul(i).mul(i.neg().add(1)));
            gates.store(gate + width, down.mul(previous).mul(f).mul(f.neg().add(1)));
            gates.store(
                    gate + 2 * width,
                    down.mul(i).mul(candidate.mul(candidate).neg().add(1)));
            down.mul(f).intoArray(dCells, unit);
        }
    }
}
