package fr.cours.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.spencerpark.jupyter.messages.request.HistoryRequest;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CellHistoryTest {
    private final CellHistory history = new CellHistory();

    @BeforeEach
    void threeCells() {
        history.add(1, "int a = 1;");
        history.add(2, "int b = 2;\na + b");
        history.add(3, "a?");
    }

    @Test
    void theTailIsOldestFirst() {
        assertThat(history.lookup(new HistoryRequest.Tail(false, true, 2)))
                .isEqualTo(List.of(List.of(0, 2, "int b = 2;\na + b"), List.of(0, 3, "a?")));
    }

    @Test
    void aRangeStopsBeforeItsEnd() {
        assertThat(history.lookup(new HistoryRequest.Range(false, true, 0, 1, 2)))
                .isEqualTo(List.of(List.of(0, 1, "int a = 1;")));
        assertThat(history.lookup(new HistoryRequest.Range(false, true, 7, 1, 9)))
                .isEmpty();
    }

    @Test
    void aSearchKnowsStarsAndQuestionMarksOnly() {
        assertThat(history.lookup(new HistoryRequest.Search(false, true, 9, "*a + b*", false)))
                .hasSize(1);
        assertThat(history.lookup(new HistoryRequest.Search(false, true, 9, "a.", false)))
                .isEmpty();
        assertThat(history.lookup(new HistoryRequest.Search(false, true, 9, "??", false)))
                .hasSize(1);
    }

    @Test
    void aSearchKeepsTheLatestAndAStarCrossesLines() {
        assertThat(history.lookup(new HistoryRequest.Search(false, true, 1, "int*", false)))
                .isEqualTo(List.of(List.of(0, 2, "int b = 2;\na + b")));
        assertThat(history.lookup(new HistoryRequest.Search(false, true, 9, "int*b", false)))
                .isEqualTo(List.of(List.of(0, 2, "int b = 2;\na + b")));
    }

    @Test
    void aTailLongerThanTheHistoryIsAllOfIt() {
        assertThat(history.lookup(new HistoryRequest.Tail(false, true, 10))).hasSize(3);
        assertThat(new CellHistory().lookup(new HistoryRequest.Tail(false, true, 10)))
                .isEmpty();
    }

    @Test
    void anUnknownOutputIsNull() {
        assertThat(history.lookup(new HistoryRequest.Tail(true, true, 1)))
                .isEqualTo(List.of(List.of(0, 3, Arrays.asList("a?", null))));
    }
}
