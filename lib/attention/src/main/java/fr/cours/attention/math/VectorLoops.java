package fr.cours.attention.math;

import static fr.cours.attention.math.Lanes.COUNT;
import static fr.cours.attention.math.Lanes.FLOATS;
import static fr.cours.attention.math.Lanes.ORDER;
import static fr.cours.attention.math.Lanes.load;
import static jdk.incubator.vector.VectorOperators.GT;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * Les boucles de {@link Loops} par l'API Vector. La fin de chaque boucle, plus courte qu'un vecteur, se fait nombre par
 * nombre : ici, ou dans {@link Loops}, à qui la boucle rend l'octet où elle s'arrête. Les sommes se font voie par voie,
 * puis une moitié des voies sur l'autre, pour que les bits ne changent pas d'une fois sur l'autre.
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

    static void addSum(ByteBuffer rows, int n, float[] sum) {
        int d = sum.length;
        int bound = FLOATS.loopBound(d);
        for (int row = 0; row < n; row++) {
            int offset = row * d * BYTES;
            for (int i = 0; i < bound; i += COUNT) {
                load(sum, i).add(load(rows, offset + i * BYTES)).intoArray(sum, i);
            }
            for (int i = bound; i < d; i++) {
                sum[i] += rows.getFloat(offset + i * BYTES);
            }
        }
    }

    static float normalizeRow(ByteBuffer x, int offset, float[] gamma, float[] beta, float epsilon, ByteBuffer out) {
        int d = gamma.length;
        int bound = FLOATS.loopBound(d);
        FloatVector sums = FloatVector.zero(FLOATS);
        for (int i = 0; i < bound; i += COUNT) {
            sums = sums.add(load(x, offset + i * BYTES));
        }
        float mean = Lanes.sum(sums);
        for (int i = bound; i < d; i++) {
            mean += x.getFloat(offset + i * BYTES);
        }
        mean /= d;
        FloatVector squares = FloatVector.zero(FLOATS);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector centered = load(x, offset + i * BYTES).sub(mean);
            squares = squares.add(centered.mul(centered));
        }
        float variance = Lanes.sum(squares);
        for (int i = bound; i < d; i++) {
            float centered = x.getFloat(offset + i * BYTES) - mean;
            variance += centered * centered;
        }
        float inverse = (float) (1 / Math.sqrt(variance / d + epsilon));
        for (int i = 0; i < bound; i += COUNT) {
            int at = offset + i * BYTES;
            FloatVector normalized = load(x, at).sub(mean).mul(inverse);
            normalized.intoByteBuffer(x, at, ORDER);
            normalized.mul(load(gamma, i)).add(load(beta, i)).intoByteBuffer(out, at, ORDER);
        }
        for (int i = bound; i < d; i++) {
            int at = offset + i * BYTES;
            float normalized = (x.getFloat(at) - mean) * inverse;
            x.putFloat(at, normalized);
            out.putFloat(at, normalized * gamma[i] + beta[i]);
        }
        return inverse;
    }

    static void normalizeBackwardRow(
            ByteBuffer x, ByteBuffer g, int offset, float[] gamma, float inverse, float[] dGamma, float[] dBeta) {
        int d = gamma.length;
        int bound = FLOATS.loopBound(d);
        FloatVector sums = FloatVector.zero(FLOATS);
        FloatVector sumsX = FloatVector.zero(FLOATS);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector dy = load(g, offset + i * BYTES);
            FloatVector normalized = load(x, offset + i * BYTES);
            load(dGamma, i).add(dy.mul(normalized)).intoArray(dGamma, i);
            load(dBeta, i).add(dy).intoArray(dBeta, i);
            FloatVector h = dy.mul(load(gamma, i));
            sums = sums.add(h);
            sumsX = sumsX.add(h.mul(normalized));
        }
        float mean = Lanes.sum(sums);
        float meanX = Lanes.sum(sumsX);
        for (int i = bound; i < d; i++) {
            int at = offset + i * BYTES;
            float dy = g.getFloat(at);
            dGamma[i] += dy * x.getFloat(at);
            dBeta[i] += dy;
            mean += gamma[i] * dy;
            meanX += gamma[i] * dy * x.getFloat(at);
        }
        mean /= d;
        meanX /= d;
        for (int i = 0; i < bound; i += COUNT) {
            int at = offset + i * BYTES;
            load(g, at)
                    .mul(load(gamma, i))
                    .sub(mean)
                    .sub(load(x, at).mul(meanX))
                    .mul(inverse)
                    .intoByteBuffer(g, at, ORDER);
        }
        for (int i = bound; i < d; i++) {
            int at = offset + i * BYTES;
            g.putFloat(at, inverse * (gamma[i] * g.getFloat(at) - mean - x.getFloat(at) * meanX));
        }
    }
}
