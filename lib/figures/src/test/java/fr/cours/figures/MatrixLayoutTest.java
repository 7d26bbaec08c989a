package fr.cours.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Rectangle;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Les places, sans rien peindre. */
class MatrixLayoutTest {
    private static MatrixLayout heads(int heads, List<String> words) {
        INDArray weights = Nd4j.eye(words.size()).reshape(1, words.size(), words.size());
        return new MatrixLayout(
                HeadGrid.of(Nd4j.repeat(weights, heads).reshape(heads, words.size(), words.size()), words));
    }

    private static List<Integer> where(int matrices, IntPredicate test) {
        return IntStream.range(0, matrices).filter(test).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 12, 16})
    void matricesHaveTheSameSizeAndDoNotMeet(int heads) {
        MatrixLayout layout = heads(heads, List.of("a", "b", "c"));
        for (int h = 0; h < heads; h++) {
            Rectangle cells = layout.cells(h);
            assertThat(cells.width).isEqualTo(3 * layout.cellWidth);
            assertThat(cells.height).isEqualTo(3 * layout.cellHeight);
            assertThat(layout.all()).matches(all -> all.contains(cells));
            assertThat(new Rectangle(layout.width, layout.height)).matches(page -> page.contains(cells));
            for (int other = 0; other < h; other++) {
                assertThat(layout.cells(other).intersects(cells)).isFalse();
            }
        }
        assertThat(layout.bar.right())
                .isGreaterThan((int) layout.all().getMaxX())
                .isLessThan(layout.width);
    }

    /** Cinq têtes : trois en haut, deux en bas. */
    @Test
    void namesAreAtTheEdges() {
        MatrixLayout layout = heads(5, List.of("a", "b", "c"));
        assertThat(layout.cells(2).y).isEqualTo(layout.cells(0).y);
        assertThat(layout.cells(3).x).isEqualTo(layout.cells(0).x);
        assertThat(layout.angle).isZero();
        assertThat(where(5, layout::hasRowNames)).containsExactly(0, 3);
        assertThat(where(5, layout::hasColumnNames)).containsExactly(2, 3, 4);
    }

    @Test
    void slantedNamesStayInTheLastRow() {
        MatrixLayout layout = heads(5, Collections.nCopies(6, "anticonstitutionnellement"));
        assertThat(layout.angle).isEqualTo(45);
        assertThat(where(5, layout::hasColumnNames)).containsExactly(3, 4);
    }

    @Test
    void namesThinOutBeyondForty() {
        MatrixLayout layout = new MatrixLayout(Heatmap.of(new double[100][40]));
        assertThat(layout.columns).doesNotContain("");
        assertThat(where(100, i -> !layout.rows.get(i).isEmpty())).allMatch(i -> i % 10 == 0);
        assertThat(layout.rows.get(0)).isEqualTo("0");
    }

    @Test
    void numbersAreWrittenOnlyWhereTheyFit() {
        assertThat(new MatrixLayout(Heatmap.of(new double[][] {{0.25, 0.5}})).written)
                .isTrue();
        assertThat(new MatrixLayout(Heatmap.of(new double[][] {{0.25, 0.5}}).decimals(6)).written)
                .isFalse();
        assertThat(new MatrixLayout(Heatmap.of(new double[60][60])).written).isFalse();
    }
}
