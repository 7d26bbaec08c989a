package fr.cours.attention.math;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class BlankTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final long BOUND = 1 << 16; // nombres : à partir d'ici, la mémoire ne vient plus d'ND4J

    /** Un petit vient d'ND4J, un grand de nous : rien d'autre ne les distingue. */
    @ParameterizedTest
    @ValueSource(longs = {5, 500})
    void isAnArrayLikeAnother(long side) {
        INDArray array = Blank.of(2, side, side);
        assertThat(array.shape()).containsExactly(2, side, side);
        assertThat(array.ordering()).isEqualTo('c');
        assertThat(array.dataType()).isEqualTo(DataType.FLOAT);
        array.assign(2);
        array.slice(1).muli(3);
        assertThat(array.sumNumber().doubleValue()).isEqualTo(8.0 * side * side);
        assertThat(array.permute(1, 0, 2).dup('c').reshape(2 * side, side).getFloat(1, 0))
                .isEqualTo(6);
        assertThat(array.dup()).isEqualTo(array);
    }

    /** À la borne, la mémoire change de source (JavaCPP ne compte que la nôtre) ; les tableaux restent pareils. */
    @ParameterizedTest
    @ValueSource(longs = {BOUND - 1, BOUND, BOUND + 1})
    void isAnArrayLikeAnotherAtTheBound(long length) {
        long before = Pointer.totalBytes();
        INDArray array = Blank.of(length);
        long taken = Pointer.totalBytes() - before;
        assertThat(taken >= length * Float.BYTES).isEqualTo(length >= BOUND);
        array.assign(3);
        assertThat(array.length()).isEqualTo(length);
        assertThat(array.getFloat(length - 1)).isEqualTo(3);
        assertThat(array.sumNumber().doubleValue()).isEqualTo(3.0 * length);
        array.close();
        assertThat(array.wasClosed()).isTrue();
        assertThat(Pointer.totalBytes() - before).isLessThan(length * Float.BYTES);
    }

    @Test
    void closingGivesTheMemoryBack() {
        long before = Pointer.totalBytes();
        INDArray array = Blank.of(8 * MEBIBYTE);
        assertThat(Pointer.totalBytes() - before).isGreaterThanOrEqualTo(32 * MEBIBYTE);
        assertThat(array.closeable()).isTrue();
        array.close();
        assertThat(Pointer.totalBytes() - before).isLessThan(MEBIBYTE);
        assertThat(array.wasClosed()).isTrue();
    }

    /** Trois fois le plafond de la JVM, abandonné tableau par tableau. */
    @Test
    void theCollectorGivesTheMemoryBack() {
        for (int i = 0; i < 48; i++) {
            Blank.of(8 * MEBIBYTE).putScalar(0, i);
        }
        assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(Pointer.maxBytes());
    }

    @Test
    void livesInTheWorkspaceThatIsOpen() {
        WorkspaceConfiguration configuration =
                WorkspaceConfiguration.builder().initialSize(4 * MEBIBYTE).build();
        try (MemoryWorkspace workspace =
                Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "essai de Blank")) {
            assertThat(Blank.of(500, 500).isAttached()).isTrue();
            assertThat(workspace.getPrimaryOffset()).isGreaterThanOrEqualTo(1_000_000);
        }
        assertThat(Blank.of(500, 500).isAttached()).isFalse();
    }
}
