package fr.cours.attention.math;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Par un segment de mémoire : les JDK depuis 22, qui seuls compilent ce fichier. */
final class SegmentMemory extends VectorMemory {
    private final MemorySegment bytes;

    SegmentMemory() {
        this(MemorySegment.NULL);
    }

    private SegmentMemory(MemorySegment bytes) {
        this.bytes = bytes;
    }

    @Override
    VectorMemory on(ByteBuffer memory) {
        return new SegmentMemory(MemorySegment.ofBuffer(memory));
    }

    @Override
    FloatVector load(int at) {
        return FloatVector.fromMemorySegment(Lanes.FLOATS, bytes, at, ORDER);
    }

    @Override
    void store(int at, FloatVector vector) {
        vector.intoMemorySegment(bytes, at, ORDER);
    }

    @Override
    void put(int at, float value) {
        bytes.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, value);
    }
}
