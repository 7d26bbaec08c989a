package fr.cours.attention.math;

import static fr.cours.attention.math.Lanes.COUNT;
import static fr.cours.attention.math.Lanes.FLOATS;
import static jdk.incubator.vector.VectorOperators.MAX;

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
    static float largest(VectorMemory memory, int offset, int m) {
        int last = offset + (m - COUNT) * Float.BYTES;
        FloatVector maxima = memory.load(last);
        for (int at = offset; at < last; at += COUNT * Float.BYTES) {
            maxima = maxima.max(memory.load(at));
        }
        return maxima.reduceLanes(MAX);
    }

    /** {@code scores ← e^(scores − max)} ; rend leur somme. */
    static float exponentials(VectorMemory memory, int offset, int m, float max) {
        int last = offset + (m - COUNT) * Float.BYTES;
        float[] end = m % COUNT == 0 ? null : end(memory, last, max);
        FloatVector sums = FloatVector.zero(FLOATS);
        int at = offset;
        for (; at <= last; at += COUNT * Float.BYTES) {
            FloatVector e = Lanes.expOrZero(memory.load(at).sub(max));
            memory.store(at, e);
            sums = sums.add(e);
        }
        float sum = Lanes.sum(sums);
        for (; at < offset + m * Float.BYTES; at += Float.BYTES) {
            float e = end[(at - last) / Float.BYTES];
            memory.put(at, e);
            sum += e;
        }
        return sum;
    }

    /** Les exponentielles du dernier vecteur, à part : deux fois dans la même méthode, C2 renoncerait à fondre la suite. */
    private static float[] end(VectorMemory memory, int last, float max) {
        return Lanes.expOrZero(memory.load(last).sub(max)).toArray();
    }

    /** {@code x ← factor·x}, pour les {@code m} nombres à partir de {@code offset}. */
    static void scale(VectorMemory memory, int offset, int m, float factor) {
        int last = offset + (m - COUNT) * Float.BYTES;
        FloatVector end = memory.load(last).mul(factor);
        for (int at = offset; at < last; at += COUNT * Float.BYTES) {
            memory.store(at, memory.load(at).mul(factor));
        }
        memory.store(last, end);
    }

    /** Comme {@code Softmax.backwardRow}. */
    static void backwardRow(VectorMemory w, VectorMemory g, int offset, int m) {
        int last = offset + (m - COUNT) * Float.BYTES;
        FloatVector dots = FloatVector.zero(FLOATS);
        int at = offset;
        for (; at < last; at += COUNT * Float.BYTES) {
            dots = dots.add(w.load(at).mul(g.load(at)));
        }
        FloatVector end = g.load(last);
        VectorMask<Float> counted = VectorMask.fromArray(FLOATS, COUNTED, COUNT - (at - last) / Float.BYTES);
        float dot = Lanes.sum(dots.add(w.load(last).mul(end).blend(0, counted)));
        for (at = offset; at < last; at += COUNT * Float.BYTES) {
            g.store(at, w.load(at).mul(g.load(at).sub(dot)));
        }
        g.store(last, w.load(last).mul(end.sub(dot)));
    }
}
