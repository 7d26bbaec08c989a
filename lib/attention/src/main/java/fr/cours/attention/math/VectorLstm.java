package fr.cours.attention.math;

import static fr.cours.attention.math.Lanes.COUNT;
import static fr.cours.attention.math.Lanes.FLOATS;
import static fr.cours.attention.math.Lanes.ORDER;
import static fr.cours.attention.math.Lanes.load;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** La cellule de {@link LstmCells} par l'API Vector : 8 ou 16 unités à la fois, jusqu'au dernier vecteur plein. */
final class VectorLstm {
    private static final int STEP = COUNT * Float.BYTES;

    private final int units;
    private final int width; // octets d'un état
    private final int bound; // octets d'un état qui vont par vecteurs
    private final ByteBuffer gates;
    private final ByteBuffer cells;
    private final ByteBuffer hidden;
    private final float[] dCells;

    VectorLstm(int units, ByteBuffer gates, ByteBuffer cells, ByteBuffer hidden, float[] dCells) {
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

    private static void activate(ByteBuffer from, int source, ByteBuffer to, int target, int bytes, float factor) {
        for (int at = 0; at < bytes; at += STEP) {
            Lanes.sigmoid(load(from, source + at), factor).intoByteBuffer(to, target + at, ORDER);
        }
    }

    void forward(int row, int before, int after) {
        for (int gate = 0; gate < 4; gate++) {
            int at = (row * 4 + gate) * width;
            activate(gates, at, gates, at, bound, gate == 2 ? 2 : 1);
        }
        for (int at = 0; at < bound; at += STEP) {
            int gate = row * 4 * width + at;
            FloatVector i = load(gates, gate);
            FloatVector f = load(gates, gate + width);
            f.mul(load(cells, before * width + at))
                    .add(i.mul(load(gates, gate + 2 * width)))
                    .intoByteBuffer(cells, after * width + at, ORDER);
        }
        activate(cells, after * width, hidden, row * width, bound, 2);
        for (int at = 0; at < bound; at += STEP) {
            load(gates, (row * 4 + 3) * width + at)
                    .mul(load(hidden, row * width + at))
                    .intoByteBuffer(hidden, row * width + at, ORDER);
        }
    }

    void backward(int row, int example, int before, int after) {
        for (int at = 0; at < bound; at += STEP) {
            int unit = example * units + at / Float.BYTES;
            int gate = row * 4 * width + at;
            FloatVector y = Lanes.sigmoid(load(cells, after * width + at), 2);
            FloatVector i = load(gates, gate);
            FloatVector f = load(gates, gate + width);
            FloatVector candidate = load(gates, gate + 2 * width);
            FloatVector o = load(gates, gate + 3 * width);
            FloatVector up = load(hidden, row * width + at);
            FloatVector previous = load(cells, before * width + at);
            FloatVector down =
                    load(dCells, unit).add(up.mul(o).mul(y.mul(y).neg().add(1)));
            down.mul(candidate).mul(i).mul(i.neg().add(1)).intoByteBuffer(gates, gate, ORDER);
            down.mul(previous).mul(f).mul(f.neg().add(1)).intoByteBuffer(gates, gate + width, ORDER);
            down.mul(i).mul(candidate.mul(candidate).neg().add(1)).intoByteBuffer(gates, gate + 2 * width, ORDER);
            up.mul(y).mul(o).mul(o.neg().add(1)).intoByteBuffer(gates, gate + 3 * width, ORDER);
            down.mul(f).intoArray(dCells, unit);
        }
    }
}
