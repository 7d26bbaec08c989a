package fr.cours.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deux suites de résultats sont-elles les mêmes : tout ce qui ne l'est pas doit se voir. */
class SamplesTest {
    @TempDir
    private Path directory;

    private double gap(List<float[]> ours, List<float[]> theirs) throws IOException {
        Path first = directory.resolve("ours-" + System.nanoTime());
        Path second = directory.resolve("theirs-" + System.nanoTime());
        Samples.write(first, ours);
        Samples.write(second, theirs);
        return Samples.gap(first, second);
    }

    private double gap(float[] ours, float... theirs) throws IOException {
        return gap(List.of(ours), List.of(theirs));
    }

    @Test
    void equalResultsHaveNoGap() throws IOException {
        assertThat(gap(new float[] {1, -2, 3.5f}, 1, -2, 3.5f)).isZero();
        assertThat(gap(new float[3], 0, 0, 0)).isZero();
    }

    @Test
    void theGapIsRelativeToTheLargestNumberOfTheArray() throws IOException {
        assertThat(gap(new float[] {1, -8}, 1.5f, -8)).isEqualTo(0.5 / 8);
        assertThat(gap(List.of(new float[] {100}, new float[] {1}), List.of(new float[] {100}, new float[] {1.25f})))
                .isEqualTo(0.25);
    }

    /** Le gradient du biais des clés : nul en théorie, du bruit en pratique. */
    @Test
    void anArrayOfNoiseIsComparedWithTheOthers() throws IOException {
        List<float[]> ours = List.of(new float[] {1000}, new float[] {1e-6f});
        assertThat(gap(ours, List.of(new float[] {1000}, new float[] {-1e-6f}))).isCloseTo(2e-6, within(1e-9));
    }

    @Test
    void whatCannotBeComparedIsInfinitelyFar() throws IOException {
        List<float[]> one = List.of(new float[] {1, 2});
        assertThat(gap(one, List.of(new float[] {1}))).isInfinite();
        assertThat(gap(one, List.of(new float[] {1, 2}, new float[] {3}))).isInfinite();
        assertThat(gap(one, List.of())).isInfinite();
        assertThat(gap(List.of(), List.of())).isInfinite();
        assertThat(Samples.gap(directory.resolve("absent"), directory.resolve("absent")))
                .isInfinite();
        assertThat(gap(new float[] {0}, 1e-9f)).isInfinite();
    }

    @Test
    void aNumberThatIsNotFiniteIsNeverEqual() throws IOException {
        assertThat(gap(new float[] {1, 2}, 1, Float.NaN)).isInfinite();
        assertThat(gap(new float[] {1, Float.NaN}, 1, 2)).isInfinite();
        assertThat(gap(new float[] {1, Float.NaN}, 1, Float.NaN)).isInfinite();
        assertThat(gap(new float[] {1, Float.POSITIVE_INFINITY}, 1, Float.POSITIVE_INFINITY))
                .isInfinite();
        assertThat(gap(
                        List.of(new float[] {Float.NaN}, new float[] {1}),
                        List.of(new float[] {Float.NaN}, new float[] {1.5f})))
                .isInfinite();
    }

    /** Un nombre sur cinq, et jamais toujours la même colonne. */
    @Test
    void veryLargeArraysAreSampledOnAnOddStep() {
        float[] kept = Samples.of(1_000_000, i -> i);
        assertThat(kept).hasSize(200_000).startsWith(0, 5, 10);
        assertThat(Samples.of(800_000, i -> i)).startsWith(0, 5, 10).hasSize(160_000);
        assertThat(Samples.of(new float[] {4, 5, 6})).containsExactly(4, 5, 6);
    }
}
