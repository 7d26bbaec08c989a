package fr.cours.attention.math;

import static jdk.incubator.vector.VectorOperators.LSHL;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Les lignes de {@link Softmax} par l'API Vector : 8 ou 16 clés à la fois.
 *
 * <p>Deux choix tiennent à la reproductibilité. L'exponentielle est la nôtre : celle de l'API rend d'autres bits avant
 * et après compilation à chaud. Et les sommes se font d'abord voie par voie, puis dans l'ordre des voies :
 * {@code reduceLanes} ne promet pas d'ordre.
 */
final class VectorSoftmax {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = FLOATS.length();

    // exp(x) = 2ⁿ·exp(r), n l'entier le plus proche de x/ln 2, |r| ≤ ln 2 / 2 ; exp(r) par le polynôme de Cephes.
    private static final float LOWEST = -87.33f; // en dessous, exp(x) n'est plus un float normal : on écrit 0
    private static final float LOG2_E = 1.44269504f;
    private static final float ROUND =
            12582912f; // 1,5·2²³ : l'ajouter arrondit à l'entier, qui se lit dans les bits bas
    private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float C0 = 1.9875691500e-4f;
    private static final float C1 = 1.3981999507e-3f;
    private static final float C2 = 8.3334519073e-3f;
    private static final float C3 = 4.1665795894e-2f;
    private static final float C4 = 1.6666665459e-1f;
    private static final float C5 = 5.0000001201e-1f;

    private VectorSoftmax() {}

    /** Le plus grand score visible ; NaN l'emporte, −∞ s'il n'y en a pas. */
    static float largest(ByteBuffer memory, int offset, int m, boolean[] hidden) {
        int bound = FLOATS.loopBound(m);
        FloatVector maxima = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        for (int key = 0; key < bound; key += LANES) {
            FloatVector scores = FloatVector.fromByteBuffer(FLOATS, memory, offset + key * Float.BYTES, ORDER);
            if (hidden != null) {
                scores = scores.blend(Float.NEGATIVE_INFINITY, VectorMask.fromArray(FLOATS, hidden, key));
            }
            maxima = maxima.max(scores);
        }
        float max = Float.NEGATIVE_INFINITY;
        for (int lane = 0; bound > 0 && lane < LANES; lane++) {
            max = Math.max(max, maxima.lane(lane));
        }
        for (int key = bound; key < m; key++) {
            if (hidden == null || !hidden[key]) {
                max = Math.max(max, memory.getFloat(offset + key * Float.BYTES));
            }
        }
        return max;
    }

    /** {@code scores ← e^(scores − max)}, 0 où c'est caché ; rend leur somme. */
    static float exponentials(ByteBuffer memory, int offset, int m, boolean[] hidden, float max) {
        int bound = FLOATS.loopBound(m);
        FloatVector sums = FloatVector.zero(FLOATS);
        for (int key = 0; key < bound; key += LANES) {
            int at = offset + key * Float.BYTES;
            FloatVector e =
                    exp(FloatVector.fromByteBuffer(FLOATS, memory, at, ORDER).sub(max));
            if (hidden != null) {
                e = e.blend(0, VectorMask.fromArray(FLOATS, hidden, key));
            }
            e.intoByteBuffer(memory, at, ORDER);
            sums = sums.add(e);
        }
        float[] rest = new float[LANES]; // la fin de la ligne, en un vecteur
        for (int key = bound; key < m; key++) {
            boolean seen = hidden == null || !hidden[key];
            rest[key - bound] = seen ? memory.getFloat(offset + key * Float.BYTES) - max : Float.NEGATIVE_INFINITY;
        }
        exp(FloatVector.fromArray(FLOATS, rest, 0)).intoArray(rest, 0);
        float sum = bound > 0 ? inOrder(sums) : 0;
        for (int key = bound; key < m; key++) {
            memory.putFloat(offset + key * Float.BYTES, rest[key - bound]);
            sum += rest[key - bound];
        }
        return sum;
    }

    /** {@code x ← factor·x}, pour les {@code m} nombres à partir de {@code offset}. */
    static void scale(ByteBuffer memory, int offset, int m, float factor) {
        int bound = FLOATS.loopBound(m);
        for (int key = 0; key < bound; key += LANES) {
            int at = offset + key * Float.BYTES;
            FloatVector.fromByteBuffer(FLOATS, memory, at, ORDER).mul(factor).intoByteBuffer(memory, at, ORDER);
        }
        for (int key = bound; key < m; key++) {
            int at = offset + key * Float.BYTES;
            memory.putFloat(at, memory.getFloat(at) * factor);
        }
    }

    /** Comme {@code Softmax.backwardRow}. */
    static void backwardRow(ByteBuffer w, ByteBuffer g, int offset, int m) {
        int bound = FLOATS.loopBound(m);
        FloatVector dots = FloatVector.zero(FLOATS);
        for (int key = 0; key < bound; key += LANES) {
            int at = offset + key * Float.BYTES;
            FloatVector weights = FloatVector.fromByteBuffer(FLOATS, w, at, ORDER);
            dots = dots.add(weights.mul(FloatVector.fromByteBuffer(FLOATS, g, at, ORDER)));
        }
        float dot = bound > 0 ? inOrder(dots) : 0;
        for (int key = bound; key < m; key++) {
            int at = offset + key * Float.BYTES;
            dot += w.getFloat(at) * g.getFloat(at);
        }
        for (int key = 0; key < bound; key += LANES) {
            int at = offset + key * Float.BYTES;
            FloatVector weights = FloatVector.fromByteBuffer(FLOATS, w, at, ORDER);
            FloatVector gradient = FloatVector.fromByteBuffer(FLOATS, g, at, ORDER);
            weights.mul(gradient.sub(dot)).intoByteBuffer(g, at, ORDER);
        }
        for (int key = bound; key < m; key++) {
            int at = offset + key * Float.BYTES;
            g.putFloat(at, w.getFloat(at) * (g.getFloat(at) - dot));
        }
    }

    static float inOrder(FloatVector lanes) {
        float sum = 0;
        for (int lane = 0; lane < LANES; lane++) {
            sum += lanes.lane(lane);
        }
        return sum;
    }

    /** exp(x) pour x ≤ 88. */
    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.max(LOWEST);
        FloatVector rounded = clamped.mul(LOG2_E).add(ROUND);
        IntVector power = rounded.reinterpretAsInts().sub(ROUND_BITS);
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = clamped.sub(n.mul(LN2_HIGH)).sub(n.mul(LN2_LOW));
        FloatVector p = r.mul(C0)
                .add(C1)
                .mul(r)
                .add(C2)
                .mul(r)
                .add(C3)
                .mul(r)
                .add(C4)
                .mul(r)
                .add(C5);
        FloatVector y = p.mul(r).mul(r).add(r).add(1);
        FloatVector twoToN = power.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
        return y.mul(twoToN).blend(0, x.lt(LOWEST));
    }
}
