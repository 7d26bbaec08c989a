package fr.cours.attention.math;

import static fr.cours.attention.math.Lanes.COUNT;
import static fr.cours.attention.math.Lanes.FLOATS;
import static fr.cours.attention.math.Lanes.load;
import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;

/**
 * Les boucles de {@link Loops} et de {@link Rows} par l'API Vector, jusqu'au dernier vecteur plein ; la boucle simple
 * finit, à partir de l'octet où celle-ci s'arrête.
 */
final class VectorLoops {
    private static final int BYTES = Float.BYTES;

    private VectorLoops() {}

    static int relu(VectorMemory x, VectorMemory y, int bytes) {
        int bound = FLOATS.loopBound(bytes / BYTES) * BYTES;
        for (int at = 0; at < bound; at += COUNT * BYTES) {
            y.store(at, x.load(at).max(0));
        }
        return bound;
    }

    static int reluBackward(VectorMemory y, VectorMemory dy, VectorMemory dx, int bytes) {
        FloatVector zero = FloatVector.zero(FLOATS);
        int bound = FLOATS.loopBound(bytes / BYTES) * BYTES;
        for (int at = 0; at < bound; at += COUNT * BYTES) {
            dx.store(at, zero.blend(dy.load(at), y.load(at).compare(GT, 0)));
        }
        return bound;
    }

    static int multiply(VectorMemory x, float[] factors, VectorMemory y) {
        int bound = FLOATS.loopBound(factors.length) * BYTES;
        for (int at = 0; at < bound; at += COUNT * BYTES) {
            y.store(at, x.load(at).mul(load(factors, at / BYTES)));
        }
        return bound;
    }

    static int adam(
            VectorMemory p, VectorMemory g, VectorMemory m, VectorMemory v, Loops.AdamStep step, int from, int to) {
        float beta1 = step.beta1();
        float beta2 = step.beta2();
        int bound = from + FLOATS.loopBound((to - from) / BYTES) * BYTES;
        for (int at = from; at < bound; at += COUNT * BYTES) {
            FloatVector gi = g.load(at).mul(step.gradientScale());
            FloatVector mi = m.load(at).mul(beta1).add(gi.mul(1 - beta1));
            FloatVector vi = v.load(at).mul(beta2).add(gi.mul(gi).mul(1 - beta2));
            m.store(at, mi);
            v.store(at, vi);
            FloatVector change = mi.mul(step.rate()).div(vi.sqrt().add(step.epsilon()));
            p.store(at, p.load(at).mul(1 - step.decay()).sub(change));
        }
        return bound;
    }

    /** Ajoute à {@code sum} les {@code bound} premiers nombres d'une ligne. */
    static void add(VectorMemory row, int offset, float[] sum, int bound) {
        for (int i = 0; i < bound; i += COUNT) {
            load(sum, i).add(row.load(offset + i * BYTES)).intoArray(sum, i);
        }
    }

    /** Combien de nombres d'une ligne remplissent des vecteurs. */
    static int bound(int length) {
        return FLOATS.loopBound(length);
    }
}
