package fr.cours.attention.math;

import static jdk.incubator.vector.VectorOperators.GT;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Les boucles de {@link Loops} par l'API Vector. La fin de chaque boucle, plus courte qu'un vecteur, se fait nombre par
 * nombre ; les sommes se font voie par voie puis dans l'ordre des voies, pour que les bits ne changent pas d'une fois
 * sur l'autre.
 */
final class VectorLoops {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = FLOATS.length();
    private static final int BYTES = Float.BYTES;

    private VectorLoops() {}

    private static FloatVector at(ByteBuffer memory, int offset) {
        return FloatVector.fromByteBuffer(FLOATS, memory, offset, ORDER);
    }

    private static FloatVector at(float[] array, int offset) {
        return FloatVector.fromArray(FLOATS, array, offset);
    }

    static void relu(ByteBuffer x, ByteBuffer y) {
        int n = x.limit() / BYTES;
        int i = 0;
        for (; i < FLOATS.loopBound(n); i += LANES) {
            at(x, i * BYTES).max(0).intoByteBuffer(y, i * BYTES, ORDER);
        }
        for (; i < n; i++) {
            y.putFloat(i * BYTES, Math.max(x.getFloat(i * BYTES), 0));
        }
    }

    static void reluBackward(ByteBuffer y, ByteBuffer dy, ByteBuffer dx) {
        FloatVector zero = FloatVector.zero(FLOATS);
        int n = y.limit() / BYTES;
        int i = 0;
        for (; i < FLOATS.loopBound(n); i += LANES) {
            zero.blend(at(dy, i * BYTES), at(y, i * BYTES).compare(GT, 0)).intoByteBuffer(dx, i * BYTES, ORDER);
        }
        for (; i < n; i++) {
            dx.putFloat(i * BYTES, y.getFloat(i * BYTES) > 0 ? dy.getFloat(i * BYTES) : 0);
        }
    }

    static void addSum(ByteBuffer rows, int n, float[] sum) {
        int d = sum.length;
        int bound = FLOATS.loopBound(d);
        for (int row = 0; row < n; row++) {
            int offset = row * d * BYTES;
            for (int i = 0; i < bound; i += LANES) {
                at(sum, i).add(at(rows, offset + i * BYTES)).intoArray(sum, i);
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
        for (int i = 0; i < bound; i += LANES) {
            sums = sums.add(at(x, offset + i * BYTES));
        }
        float mean = VectorSoftmax.inOrder(sums);
        for (int i = bound; i < d; i++) {
            mean += x.getFloat(offset + i * BYTES);
        }
        mean /= d;
        FloatVector squares = FloatVector.zero(FLOATS);
        for (int i = 0; i < bound; i += LANES) {
            FloatVector centered = at(x, offset + i * BYTES).sub(mean);
            squares = squares.add(centered.mul(centered));
        }
        float variance = VectorSoftmax.inOrder(squares);
        for (int i = bound; i < d; i++) {
            float centered = x.getFloat(offset + i * BYTES) - mean;
            variance += centered * centered;
        }
        float inverse = (float) (1 / Math.sqrt(variance / d + epsilon));
        for (int i = 0; i < bound; i += LANES) {
            int at = offset + i * BYTES;
            FloatVector normalized = at(x, at).sub(mean).mul(inverse);
            normalized.intoByteBuffer(x, at, ORDER);
            normalized.mul(at(gamma, i)).add(at(beta, i)).intoByteBuffer(out, at, ORDER);
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
        for (int i = 0; i < bound; i += LANES) {
            FloatVector dy = at(g, offset + i * BYTES);
            FloatVector normalized = at(x, offset + i * BYTES);
            at(dGamma, i).add(dy.mul(normalized)).intoArray(dGamma, i);
            at(dBeta, i).add(dy).intoArray(dBeta, i);
            FloatVector h = dy.mul(at(gamma, i));
            sums = sums.add(h);
            sumsX = sumsX.add(h.mul(normalized));
        }
        float mean = VectorSoftmax.inOrder(sums);
        float meanX = VectorSoftmax.inOrder(sumsX);
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
        for (int i = 0; i < bound; i += LANES) {
            int at = offset + i * BYTES;
            at(g, at)
                    .mul(at(gamma, i))
                    .sub(mean)
                    .sub(at(x, at).mul(meanX))
                    .mul(inverse)
                    .intoByteBuffer(g, at, ORDER);
        }
        for (int i = bound; i < d; i++) {
            int at = offset + i * BYTES;
            g.putFloat(at, inverse * (gamma[i] * g.getFloat(at) - mean - x.getFloat(at) * meanX));
        }
    }

    /** Les éléments des octets {@code from} à {@code to}. */
    static void adam(
            ByteBuffer p,
            ByteBuffer g,
            ByteBuffer m,
            ByteBuffer v,
            float gain,
            float beta1,
            float beta2,
            float rate,
            float epsilon,
            float keep,
            int from,
            int to) {
        int at = from;
        for (int bound = from + FLOATS.loopBound((to - from) / BYTES) * BYTES; at < bound; at += LANES * BYTES) {
            FloatVector gi = at(g, at).mul(gain);
            FloatVector mi = at(m, at).mul(beta1).add(gi.mul(1 - beta1));
            FloatVector vi = at(v, at).mul(beta2).add(gi.mul(gi).mul(1 - beta2));
            mi.intoByteBuffer(m, at, ORDER);
            vi.intoByteBuffer(v, at, ORDER);
            at(p, at).mul(keep).sub(mi.mul(rate).div(vi.sqrt().add(epsilon))).intoByteBuffer(p, at, ORDER);
        }
        for (; at < to; at += BYTES) {
            float gi = gain * g.getFloat(at);
            float mi = beta1 * m.getFloat(at) + (1 - beta1) * gi;
            float vi = beta2 * v.getFloat(at) + (1 - beta2) * gi * gi;
            m.putFloat(at, mi);
            v.putFloat(at, vi);
            p.putFloat(at, keep * p.getFloat(at) - rate * mi / ((float) Math.sqrt(vi) + epsilon));
        }
    }
}
