package fr.cours.attention.math;

import static fr.cours.attention.math.Lanes.COUNT;
import static fr.cours.attention.math.Lanes.FLOATS;
import static fr.cours.attention.math.Lanes.load;

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

    float sum(VectorMemory x, int offset, float first) {
        FloatVector sums = FloatVector.zero(FLOATS);
        for (int i = 0; i < bound; i += COUNT) {
            sums = sums.add(x.load(offset + i * BYTES).sub(first));
        }
        return Lanes.sum(sums);
    }

    float squares(VectorMemory x, int offset, float mean) {
        FloatVector sums = FloatVector.zero(FLOATS);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector centered = x.load(offset + i * BYTES).sub(mean);
            sums = sums.add(centered.mul(centered));
        }
        return Lanes.sum(sums);
    }

    void write(VectorMemory x, int offset, float mean, float inverse, VectorMemory out) {
        for (int i = 0; i < bound; i += COUNT) {
            int at = offset + i * BYTES;
            FloatVector normalized = x.load(at).sub(mean).mul(inverse);
            x.store(at, normalized);
            out.store(at, normalized.mul(load(gamma, i)).add(load(beta, i)));
        }
    }

    float sumH(VectorMemory x, VectorMemory g, int offset, float[] into, boolean timesX) {
        FloatVector sums = FloatVector.zero(FLOATS);
        for (int i = 0; i < bound; i += COUNT) {
            int at = offset + i * BYTES;
            FloatVector part = timesX ? g.load(at).mul(x.load(at)) : g.load(at);
            load(into, i).add(part).intoArray(into, i);
            sums = sums.add(part.mul(load(gamma, i)));
        }
        return Lanes.sum(sums);
    }

    void writeBackward(VectorMemory x, VectorMemory g, int offset, float inverse, float mean, float meanX) {
        for (int i = 0; i < bound; i += COUNT) {
            int at = offset + i * BYTES;
            g.store(
                    at,
                    g.load(at)
                            .mul(load(gamma, i))
                            .sub(mean)
                            .sub(x.load(at).mul(meanX))
                            .mul(inverse));
        }
    }
}
