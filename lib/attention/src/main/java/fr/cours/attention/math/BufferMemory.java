package fr.cours.attention.math;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Par le tampon lui-même : les JDK jusqu'à 21. */
final class BufferMemory extends VectorMemory {
    private final ByteBuffer bytes;

    BufferMemory() {
        this(null);
    }

    private BufferMemory(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    @Override
    VectorMemory on(ByteBuffer memory) {
        return new BufferMemory(memory);
    }

    @Override
    FloatVector load(int at) {
        return FloatVector.fromByteBuffer(Lanes.FLOATS, bytes, at, ORDER);
    }

    @Override
    void store(int at, FloatVector vector) {
        vector.intoByteBuffer(bytes, at, ORDER);
    }

    @Override
    void put(int at, float value) {
        bytes.putFloat(at, value);
    }
}
