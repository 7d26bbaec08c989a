package fr.cours.attention.math;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Les nombres d'un tableau hors du tas, un par un ou par vecteurs ; les places se comptent en octets. */
final class Floats {
    private static final byte[] ZEROS = new byte[4096];

    private final ByteBuffer bytes;
    private final VectorMemory vectors;

    Floats(ByteBuffer bytes) {
        this.bytes = bytes;
        vectors = ComputePath.useVectors() ? VectorMemory.of(bytes) : null;
    }

    /** {@return les mêmes, par vecteurs ; {@code null} si ce calcul n'en emploie pas} */
    VectorMemory vectors() {
        return vectors;
    }

    /** {@return la place qui suit le dernier nombre} */
    int limit() {
        return bytes.limit();
    }

    float getFloat(int at) {
        return bytes.getFloat(at);
    }

    void putFloat(int at, float value) {
        bytes.putFloat(at, value);
    }

    /** Met {@code count} nombres à 0 à partir d'une place, par copies : un par un, les moitiés cachées d'un masque causal pèseraient. */
    void zero(int at, int count) {
        for (int done = 0; done < count; done += ZEROS.length / Float.BYTES) {
            bytes.put(at + done * Float.BYTES, ZEROS, 0, Math.min(ZEROS.length, (count - done) * Float.BYTES));
        }
    }

    /** {@return les mêmes, pour copier des suites de nombres} */
    FloatBuffer asFloatBuffer() {
        return bytes.asFloatBuffer();
    }
}
