package fr.cours.attention.math;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Les lignes de {@link Softmax} par l'API Vector : 8 ou 16 clés à la fois.
 *
 * <p>Deux choix tiennent à la reproductibilité. L'exponentielle est la nôtre : celle de l'API rend d'autres bits avant
 * et après compilation à chaud. Et les sommes se font d'abord voie par voie, puis une moitié des voies sur l'autre :
 * {@code reduceLanes} ne promet pas d'ordre.
 *
 * <p>Une ligne a au moins {@link #LANES} nombres. Son dernier vecteur recouvre le précédent quand elle ne se coupe pas
 * juste : il est lu avant que l'autre soit écrit, et n'est compté que pour ce qu'il a en plus.
 */
final class VectorSoftmax {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    static final int LANES = FLOATS.length();

    /** Autant de vrais que de voies, puis autant de faux : de quoi masquer les premières, quel que soit leur nombre. */
    private static final boolean[] COUNTED = new boolean[2 * LANES];

    static {
        Arrays.fill(COUNTED, 0, LANES, true);
    }

    // exp(x) = 2ⁿ·exp(r), n l'entier le plus proche de x/ln 2, |r| ≤ ln 2 / 2 ; exp(r) par le polynôme de Cephes.
    private static final float LOWEST = -87.33f; // en dessous, exp(x) n'est plus un float normal : on écrit 0
    private static final float LOG2_E = 1.44269504f;
    private static final float ROUND = 12582912f; // 1,5·2²³ : l'ajouter arrondit, l'entier est dans les bits bas
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float C0 = 1.9875691500e-4f;
    private static final float C1 = 1.3981999507e-3f;
    private static final float C2 = 8.3334519073e-3f;
    private static final float C3 = 4.1665795894e-2f;
    private static final float C4 = 1.6666665459e-1f;
    private static final float C5 = 5.0000001201e-1f;

    private VectorSoftmax() {}

    /** Le plus grand nombre ; NaN l'emporte. */
    static float largest(ByteBuffer memory, int offset, int m) {
        int last = offset + (m - LANES) * Float.BYTES;
        FloatVector maxima = load(memory, last);
        for (int at = offset; at < last; at += LANES * Float.BYTES) {
            maxima = maxima.max(load(memory, at));
        }
        return maxima.reduceLanes(MAX);
    }

    /** {@code scores ← e^(scores − max)} ; rend leur somme. */
    static float exponentials(ByteBuffer memory, int offset, int m, float max) {
        int last = offset + (m - LANES) * Float.BYTES;
        float[] end = m % LANES == 0 ? null : exp(load(memory, last).sub(max)).toArray();
        FloatVector sums = FloatVector.zero(FLOATS);
        int at = offset;
        for (; at <= last; at += LANES * Float.BYTES) {
            FloatVector e = exp(load(memory, at).sub(max));
            e.intoByteBuffer(memory, at, ORDER);
            sums = sums.add(e);
        }
        float sum = inOrder(sums);
        for (; at < offset + m * Float.BYTES; at += Float.BYTES) {
            float e = end[(at - last) / Float.BYTES];
            memory.putFloat(at, e);
            sum += e;
        }
        return sum;
    }

    /** {@code x ← factor·x}, pour les {@code m} nombres à partir de {@code offset}. */
    static void scale(ByteBuffer memory, int offset, int m, float factor) {
        int last = offset + (m - LANES) * Float.BYTES;
        FloatVector end = load(memory, last).mul(factor);
        for (int at = offset; at < last; at += LANES * Float.BYTES) {
            load(memory, at).mul(factor).intoByteBuffer(memory, at, ORDER);
        }
        end.intoByteBuffer(memory, last, ORDER);
    }

    /** Comme {@code Softmax.backwardRow}. */
    static void backwardRow(ByteBuffer w, ByteBuffer g, int offset, int m) {
        int last = offset + (m - LANES) * Float.BYTES;
        FloatVector dots = FloatVector.zero(FLOATS);
        int at = offset;
        for (; at < last; at += LANES * Float.BYTES) {
            dots = dots.add(load(w, at).mul(load(g, at)));
        }
        FloatVector end = load(g, last);
        float dot = inOrder(dots.add(withoutFirst(load(w, last).mul(end), (at - last) / Float.BYTES)));
        for (at = offset; at < last; at += LANES * Float.BYTES) {
            load(w, at).mul(load(g, at).sub(dot)).intoByteBuffer(g, at, ORDER);
        }
        load(w, last).mul(end.sub(dot)).intoByteBuffer(g, last, ORDER);
    }

    private static FloatVector load(ByteBuffer memory, int at) {
        return FloatVector.fromByteBuffer(FLOATS, memory, at, ORDER);
    }

    /** Un vecteur dont les premiers nombres sont déjà comptés : zéro à leur place. */
    private static FloatVector withoutFirst(FloatVector end, int counted) {
        return end.blend(0, VectorMask.fromArray(FLOATS, COUNTED, LANES - counted));
    }

    static float inOrder(FloatVector lanes) {
        float[] sums = lanes.toArray();
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; lane++) {
                sums[lane] += sums[lane + half];
            }
        }
        return sums[0];
    }

    /** exp(x) pour x ≤ 88. */
    static FloatVector exp(FloatVector x) {
        VectorMask<Float> negligible = x.lt(LOWEST);
        FloatVector clamped = x.blend(LOWEST, negligible);
        FloatVector rounded = clamped.fma(LOG2_E, ROUND);
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = n.fma(broadcast(FLOATS, -LN2_LOW), n.fma(broadcast(FLOATS, -LN2_HIGH), clamped));
        FloatVector p = r.fma(C0, C1)
                .fma(r, broadcast(FLOATS, C2))
                .fma(r, broadcast(FLOATS, C3))
                .fma(r, broadcast(FLOATS, C4))
                .fma(r, broadcast(FLOATS, C5));
        FloatVector y = p.mul(r).fma(r, r).add(1);
        IntVector power = rounded.reinterpretAsInts().lanewise(LSHL, 23);
        return y.reinterpretAsInts().add(power).reinterpretAsFloats().blend(0, negligible);
    }
}
