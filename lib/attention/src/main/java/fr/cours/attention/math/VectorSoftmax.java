package fr.cours.attention.math;

import static fr.cours.attention.math.Lanes.COUNT;
import static fr.cours.attention.math.Lanes.FLOATS;
import static fr.cours.attention.math.Lanes.ORDER;
import static fr.cours.attention.math.Lanes.load;
import static jdk.incubator.vector.VectorOperators.MAX;

import java.nio.ByteBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Les lignes de {@link Softmax} par l'API Vector : 8 ou 16 clés à la fois.
 *
 * <p>Une ligne a au moins {@link Lanes#COUNT} nombres. Son dernier vecteur recouvre le précédent quand elle ne se coupe
 * pas juste : il est lu avant que l'autre soit écrit, et n'est compté que pour ce qu'il a en plus.
 */
final class VectorSoftmax {
    /** Autant de vrais que de voies, puis autant de faux : de quoi masquer les premières, quel que soit leur nombre. */
    private static final boolean[] COUNTED = new boolean[2 * COUNT];

    static {
        Arrays.fill(COUNTED, 0, COUNT, true);
    }

    private VectorSoftmax() {}

    /** Le plus grand nombre ; NaN l'emporte. */
    static float largest(ByteBuffer memory, int offset, int m) {
        int last = offset + (m - COUNT) * Float.BYTES;
        FloatVector maxima = load(memory, last);
        for (int at = offset; at < last; at += COUNT * Float.BYTES) {
            maxima = maxima.max(load(memory, at));
        }
        return maxima.reduceLanes(MAX);
    }

    /** {@code scores ← e^(scores − max)} ; rend leur somme. */
    static float exponentials(ByteBuffer memory, int offset, int m, float max) {
        int last = offset + (m - COUNT) * Float.BYTES;
        float[] end = m % COUNT == 0
                ? null
                : Lanes.expOrZero(load(memory, last).sub(max)).toArray();
        FloatVector sums = FloatVector.zero(FLOATS);
        int at = offset;
        for (; at <= last; at += COUNT * Float.BYTES) {
            FloatVector e = Lanes.expOrZero(load(memory, at).sub(max));
            e.intoByteBuffer(memory, at, ORDER);
            sums = sums.add(e);
        }
        float sum = Lanes.sum(sums);
        for (; at < offset + m * Float.BYTES; at += Float.BYTES) {
            float e = end[(at - last) / Float.BYTES];
            memory.putFloat(at, e);
            sum += e;
        }
        return sum;
    }

    /** {@code x ← factor·x}, pour les {@code m} nombres à partir de {@code offset}. */
    static void scale(ByteBuffer memory, int offset, int m, float factor) {
        int last = offset + (m - COUNT) * Float.BYTES;
        FloatVector end = load(memory, last).mul(factor);
        for (int at = offset; at < last; at += COUNT * Float.BYTES) {
            load(memory, at).mul(factor).intoByteBuffer(memory, at, ORDER);
        }
        end.intoByteBuffer(memory, last, ORDER);
    }

    /** Comme {@code Softmax.backwardRow}. */
    static void backwardRow(ByteBuffer w, ByteBuffer g, int offset, int m) {
        int last = offset + (m - COUNT) * Float.BYTES;
        FloatVector dots = FloatVector.zero(FLOATS);
        int at = offset;
        for (; at < last; at += COUNT * Float.BYTES) {
            dots = dots.add(load(w, at).mul(load(g, at)));
        }
        FloatVector end = load(g, last);
        VectorMask<Float> counted = VectorMask.fromArray(FLOATS, COUNTED, COUNT - (at - last) / Float.BYTES);
        float dot = Lanes.sum(dots.add(load(w, last).mul(end).blend(0, counted)));
        for (at = offset; at < last; at += COUNT * Float.BYTES) {
            load(w, at).mul(load(g, at).sub(dot)).intoByteBuffer(g, at, ORDER);
        }
        load(w, last).mul(end.sub(dot)).intoByteBuffer(g, last, ORDER);
    }
}
