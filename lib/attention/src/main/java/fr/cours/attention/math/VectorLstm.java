package fr.cours.attention.math;

import static fr.cours.attention.math.Lanes.COUNT;
import static fr.cours.attention.math.Lanes.FLOATS;
import static fr.cours.attention.math.Lanes.ORDER;
import static fr.cours.attention.math.Lanes.load;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * Les boucles de {@link LstmSteps} par l'API Vector : les unités d'un exemple, 8 ou 16 à la fois. Chacune rend le nombre
 * d'unités faites ; la boucle simple finit les autres.
 */
final class VectorLstm {
    private VectorLstm() {}

    private static void activate(ByteBuffer from, int source, ByteBuffer to, int target, int count, float factor) {
        for (int at = 0; at < count * Float.BYTES; at += COUNT * Float.BYTES) {
            Lanes.sigmoid(load(from, source + at), factor).intoByteBuffer(to, target + at, ORDER);
        }
    }

    static int forward(ByteBuffer g, ByteBuffer c, ByteBuffer h, int units, int row, int before, int after) {
        int width = units * Float.BYTES;
        int done = FLOATS.loopBound(units);
        for (int gate = 0; gate < 4; gate++) {
            activate(g, (row * 4 + gate) * width, g, (row * 4 + gate) * width, done, gate == 2 ? 2 : 1);
        }
        for (int at = 0; at < done * Float.BYTES; at += COUNT * Float.BYTES) {
            int gate = row * 4 * width + at;
            FloatVector i = load(g, gate);
            FloatVector f = load(g, gate + width);
            f.mul(load(c, before + at)).add(i.mul(load(g, gate + 2 * width))).intoByteBuffer(c, after + at, ORDER);
        }
        activate(c, after, h, row * width, done, 2);
        for (int at = 0; at < done * Float.BYTES; at += COUNT * Float.BYTES) {
            load(g, (row * 4 + 3) * width + at)
                    .mul(load(h, row * width + at))
                    .intoByteBuffer(h, row * width + at, ORDER);
        }
        return done;
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
        for (; unit < FLOATS.loopBound(units); unit += COUNT) {
            int at = unit * Float.BYTES;
            int gate = row * 4 * width + at;
            FloatVector y = Lanes.sigmoid(load(c, after + at), 2);
            FloatVector i = load(g, gate);
            FloatVector f = load(g, gate + width);
            FloatVector candidate = load(g, gate + 2 * width);
            FloatVector o = load(g, gate + 3 * width);
            FloatVector up = load(dh, row * width + at);
            FloatVector previous = load(c, before + at);
            FloatVector down = load(dc, example * units + unit)
                    .add(up.mul(o).mul(y.mul(y).neg().add(1)));
            down.mul(candidate).mul(i).mul(i.neg().add(1)).intoByteBuffer(g, gate, ORDER);
            down.mul(previous).mul(f).mul(f.neg().add(1)).intoByteBuffer(g, gate + width, ORDER);
            down.mul(i).mul(candidate.mul(candidate).neg().add(1)).intoByteBuffer(g, gate + 2 * width, ORDER);
            up.mul(y).mul(o).mul(o.neg().add(1)).intoByteBuffer(g, gate + 3 * width, ORDER);
            down.mul(f).intoArray(dc, example * units + unit);
        }
        return unit;
    }
}
