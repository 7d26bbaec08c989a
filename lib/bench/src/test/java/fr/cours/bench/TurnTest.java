package fr.cours.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TurnTest {
    private static final Work ATTENTION = new Work(Work.Kind.ATTENTION, 2, 5, 64, 0);
    private static final Work OUTPUT_ONLY = new Work(Work.Kind.OUTPUT_ONLY, 8, 2048, 64, 0);
    private static final Work PEAK = new Work(Work.Kind.PEAK, 1, 2048, 2048, 0);

    @Test
    void theFirstToGoChangesFromRoundToRoundAndFromGroupToGroup() {
        List<Turn> turns = Turn.all(List.of(List.of(ATTENTION), List.of(OUTPUT_ONLY)), List.of(1), 3);
        assertThat(turns.stream().map(Turn::contender).collect(Collectors.joining(" ")))
                .isEqualTo("cours tensorflow pytorch tensorflow pytorch cours pytorch cours tensorflow"
                        + " tensorflow pytorch cours pytorch cours tensorflow cours tensorflow pytorch");
    }

    @Test
    void everyoneMeasuresEachGroupThreadCountAndRoundOnce() {
        List<Turn> turns = Turn.all(List.of(List.of(ATTENTION), List.of(OUTPUT_ONLY)), List.of(1, 2), 3);
        assertThat(turns.stream().map(Turn::name)).hasSize(2 * 2 * 3 * 3).doesNotHaveDuplicates();
        assertThat(turns.get(3).name()).isEqualTo("cours-0-2-0");
    }

    @Test
    void nobodyIsAskedWhatHeCannotDo() {
        List<Turn> turns = Turn.all(List.of(List.of(ATTENTION, OUTPUT_ONLY, PEAK)), List.of(2), 1);
        assertThat(turns.stream().map(Turn::works))
                .containsExactly(
                        List.of(ATTENTION, OUTPUT_ONLY, PEAK), List.of(ATTENTION), List.of(ATTENTION, OUTPUT_ONLY));
        assertThat(Turn.all(List.of(List.of(PEAK)), List.of(1), 1).get(1).works())
                .isEmpty();
    }
}
