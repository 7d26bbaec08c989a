package fr.cours.attention.math;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Les boucles de {@link LstmSteps} par l'API Vector : les unités d'un exemple, 8 ou 16 à la fois. Chacune rend le nombre
 * d'unités faites ; la boucle simple finit les autres.
 */
final class VectorLstm {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = FLOATS.length();

    private VectorLstm() {}

    private static FloatVector at(ByteBuffer memory, int offset) {
        return FloatVector.fromByteBuffer(FLOATS, memory, offset, ORDER);
    }

    /** Au-delà de ±30 un float ne voit plus la différence, et l'exponentielle ne déborde pas. */
    private static FloatVector sigmoid(FloatVector x) {
        FloatVector e = VectorSoftmax.exp(x.neg().max(-30).min(30));
        return FloatVector.broadcast(FLOATS, 1).div(e.add(1));
    }

    private static FloatVector tanh(FloatVector x) {
        return sigmoid(x.add(x)).mul(2).sub(1);
    }

    private static FloatVector oneMinus(FloatVector x) {
        return x.neg().add(1);
    }

    static int forward(ByteBuffer g, ByteBuffer c, ByteBuffer h, int units, int row, int before, int after) {
        int width = units * Float.BYTES;
        int unit = 0;
        for (; unit < FLOATS.loopBound(units); unit += LANES) {
            int at = unit * Float.BYTES;
            int gate = row * 4 * width + at;
            FloatVector i = sigmoid(at(g, gate));
            FloatVector f = sigmoid(at(g, gate + width));
            FloatVector candidate = tanh(at(g, gate + 2 * width));
            FloatVector o = sigmoid(at(g, gate + 3 * width));
            FloatVector cell = f.mul(at(c, before + at)).add(i.mul(candidate));
            i.intoByteBuffer(g, gate, ORDER);
            f.intoByteBuffer(g, gate + width, ORDER);
            candidate.intoByteBuffer(g, gate + 2 * width, ORDER);
            o.intoByteBuffer(g, gate + 3 * width, ORDER);
            cell.intoByteBuffer(c, after + at, ORDER);
            o.mul(tanh(cell)).intoByteBuffer(h, row * width + at, ORDER);
        }
        return unit;
    }

    static int backward(
            ByteBuffer g,
            ByteBuffer c,
            ByteBuffer dh,
            float[] dc,
            int units,
            int row,
            int example,
            int before,
            int after) {
        int width = units * Float.BYTES;
        int unit = 0;
        for (; unit < FLOATS.loopBound(units); unit += LANES) {
            int at = unit * Float.BYTES;
            int gate = row * 4 * width + at;
            FloatVector i = at(g, gate);
            FloatVector f = at(g, gate + width);
            FloatVector candidate = at(g, gate + 2 * width);
            FloatVector o = at(g, gate + 3 * width);
            FloatVector y = tanh(at(c, after + at));
            FloatVector up = at(dh, row * width + at);
            FloatVector down = FloatVector.fromArray(FLOATS, dc, example * units + unit)
                    .add(up.mul(o).mul(oneMinus(y.mul(y))));
            down.mul(candidate).mul(i).mul(oneMinus(i)).intoByteBuffer(g, gate, ORDER);
            down.mul(at(c, before + at)).mul(f).mul(oneMinus(f)).intoByteBuffer(g, gate + width, ORDER);
            down.mul(i).mul(oneMinus(candidate.mul(candidate))).intoByteBuffer(g, gate + 2 * width, ORDER);
            up.mul(y).mul(o).mul(oneMinus(o)).intoByteBuffer(g, gate + 3 * width, ORDER);
            down.mul(f).intoArray(dc, example * units + unit);
        }
        return unit;
    }
}
