package fr.cours.attention.math;

import static fr.cours.attention.math.Lanes.COUNT;
import static fr.cours.attention.math.Lanes.FLOATS;
import static fr.cours.attention.math.Lanes.ORDER;
import static fr.cours.attention.math.Lanes.load;
import static jdk.incubator.vector.VectorOperators.GT;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * Les boucles de {@link Loops} et de {@link Rows} par l'API Vector, jusqu'au dernier vecteur plein ; la boucle simple
 * finit, à partir de l'octet où celle-ci s'arrête.
 */
final class VectorLoops {
    private static final int BYTES = Float.BYTES;

    private VectorLoops() {}

    static int relu(ByteBuffer x, ByteBuffer y) {
        int bound = FLOATS.loopBound(x.limit() / BYTES) * BYTES;
        for (int at = 0; at < bound; at += COUNT * BYTES) {
            load(x, at).max(0).intoByteBuffer(y, at, ORDER);
        }
        return bound;
    }

    static int reluBackward(ByteBuffer y, ByteBuffer dy, ByteBuffer dx) {
        FloatVector zero = FloatVector.zero(FLOATS);
        int bound = FLOATS.loopBound(y.limit() / BYTES) * BYTES;
        for (int at = 0; at < bound; at += COUNT * BYTES) {
            zero.blend(load(dy, at), load(y, at).compare(GT, 0)).intoByteBuffer(dx, at, ORDER);
        }
        return bound;
    }

    static int multiply(ByteBuffer x, float[] factors, ByteBuffer y) {
        int bound = FLOATS.loopBound(factors.length) * BYTES;
        for (int at = 0; at < bound; at += COUNT * BYTES) {
            load(x, at).mul(load(factors, at / BYTES)).intoByteBuffer(y, at, ORDER);
        }
        return bound;
    }

    static int adam(ByteBuffer p, ByteBuffer g, ByteBuffer m, ByteBuffer v, Loops.AdamStep step, int from, int to) {
        float beta1 = step.beta1();
        float beta2 = step.beta2();
        int bound = from + FLOATS.loopBound((to - from) / BYTES) * BYTES;
        for (int at = from; at < bound; at += COUNT * BYTES) {
            FloatVector gi = load(g, at).mul(step.gradientScale());
            FloatVector mi = load(m, at).mul(beta1).add(gi.mul(1 - beta1));
            FloatVector vi = load(v, at).mul(beta2).add(gi.mul(gi).mul(1 - beta2));
            mi.intoByteBuffer(m, at, ORDER);
            vi.intoByteBuffer(v, at, ORDER);
            FloatVector change = mi.mul(step.rate()).div(vi.sqrt().add(step.epsilon()));
            load(p, at).mul(1 - step.decay()).sub(change).intoByteBuffer(p, at, ORDER);
        }
        return bound;
    }

    /** Ajoute à {@code sum} les {@code bound} premiers nombres d'une ligne. */
    static void add(ByteBuffer row, int offset, float[] sum, int bound) {
        for (int i = 0; i < bound; i += COUNT) {
            load(sum, i).add(load(row, offset + i * BYTES)).intoArray(sum, i);
        }
    }

    /** Combien de nombres d'une ligne remplissent des vecteurs. */
    static int bound(int length) {
        return FLOATS.loopBound(length);
    }
}
