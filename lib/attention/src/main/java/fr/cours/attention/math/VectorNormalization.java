package fr.cours.attention.math;

import static fr.cours.attention.math.Lanes.COUNT;
import static fr.cours.attention.math.Lanes.FLOATS;
import static fr.cours.attention.math.Lanes.ORDER;
import static fr.cours.attention.math.Lanes.load;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * Les visites d'une ligne de {@link Normalization} par l'API Vector, jusqu'au dernier vecteur plein. Les sommes se font
 * voie par voie, puis une moitié des voies sur l'autre, pour que les bits ne changent pas d'une fois sur l'autre.
 */
final class VectorNormalization {
    private static final int BYTES = Float.BYTES;

    private final float[] gamma;
    private final float[] beta;
    private final int bound;

    VectorNormalization(float[] gamma, float[] beta) {
        this.gamma = gamma;
        this.beta = beta;
        bound = FLOATS.loopBound(gamma.length);
    }

    /** Combien de nombres d'une ligne remplissent des vecteurs. */
    int bound() {
        return bound;
    }

    float sum(ByteBuffer x, int offset) {
        FloatVector sums = FloatVector.zero(FLOATS);
        for (int i = 0; i < bound; i += COUNT) {
            sums = sums.add(load(x, offset + i * BYTES));
        }
        return Lanes.sum(sums);
    }

    float squares(ByteBuffer x, int offset, float mean) {
        FloatVector sums = FloatVector.zero(FLOATS);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector centered = load(x, offset + i * BYTES).sub(mean);
            sums = sums.add(centered.mul(centered));
        }
        return Lanes.sum(sums);
    }

    void write(ByteBuffer x, int offset, float mean, float inverse, ByteBuffer out) {
        for (int i = 0; i < bound; i += COUNT) {
            int at = offset + i * BYTES;
            FloatVector normalized = load(x, at).sub(mean).mul(inverse);
            normalized.intoByteBuffer(x, at, ORDER);
            normalized.mul(load(gamma, i)).add(load(beta, i)).intoByteBuffer(out, at, ORDER);
        }
    }

    float sumH(ByteBuffer x, ByteBuffer g, int offset, float[] into, boolean timesX) {
        FloatVector sums = FloatVector.zero(FLOATS);
        for (int i = 0; i < bound; i += COUNT) {
            int at = offset + i * BYTES;
            FloatVector part = timesX ? load(g, at).mul(load(x, at)) : load(g, at);
            load(into, i).add(part).intoArray(into, i);
            sums = sums.add(part.mul(load(gamma, i)));
        }
        return Lanes.sum(sums);
    }

    void writeBackward(ByteBuffer x, ByteBuffer g, int offset, float inverse, float mean, float meanX) {
        for (int i = 0; i < bound; i += COUNT) {
            int at = offset + i * BYTES;
            load(g, at)
                    .mul(load(gamma, i))
                    .sub(mean)
                    .sub(load(x, at).mul(meanX))
                    .mul(inverse)
                    .intoByteBuffer(g, at, ORDER);
        }
    }
}
