package fr.cours.attention.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fr.cours.attention.layers.Dense;
import fr.cours.attention.math.RandomTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Ce qu'entend qui suit un entraînement : les valeurs, et leur ordre. */
class TrainingListenerTest {
    private static final List<Integer> FIVE = IntStream.range(0, 5).boxed().toList();

    private final List<String> heard = new ArrayList<>();
    private final List<TrainingListener.Progress> batches = new ArrayList<>();
    private final List<TrainingListener.Epoch> epochs = new ArrayList<>();
    private final List<TrainingHistory> ends = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();

    private final TrainingListener listener = new TrainingListener() {
        @Override
        public void onBatch(Progress progress) {
            heard.add("lot " + progress.step());
            batches.add(progress);
        }

        @Override
        public void onEpoch(Epoch epoch) {
            heard.add("époque " + epoch.number());
            epochs.add(epoch);
        }

        @Override
        public void onEnd(TrainingHistory history) {
            heard.add("fin");
            ends.add(history);
        }
    };

    /** Cinq exemples par lots de deux : trois lots par époque, le dernier d'un seul exemple. */
    private Trainer<Integer> trainer() {
        Dense model = new Dense("modèle", 3, 1, new Random(1));
        INDArray x = RandomTensors.normal(new Random(2), 5, 3);
        return new Trainer<Integer>(model, (tape, batch) -> {
                    int[] rows = batch.stream().mapToInt(i -> i).toArray();
                    Loss loss = Loss.binaryCrossEntropy(
                            model.forward(tape, x.getRows(rows)),
                            batch.stream().mapToInt(i -> i % 2).toArray());
                    losses.add(loss.value());
                    sizes.add(batch.size());
                    return loss;
                })
                .batchSize(2)
                .learningRate((step, total) -> 0.01 * (step + 1) / total)
                .listener(listener);
    }

    @Test
    void everyBatchEveryEpochThenTheEnd() {
        double[] scores = {0.5, 0.7};
        TrainingHistory history = trainer()
                .epochs(2)
                .validation(() -> scores[heard.contains("époque 1") ? 1 : 0])
                .fit(FIVE);
        assertThat(heard)
                .containsExactly("lot 1", "lot 2", "lot 3", "époque 1", "lot 4", "lot 5", "lot 6", "époque 2", "fin");

        assertThat(batches).extracting(TrainingListener.Progress::epoch).containsExactly(1, 1, 1, 2, 2, 2);
        assertThat(batches).extracting(TrainingListener.Progress::epochs).containsOnly(2);
        assertThat(batches).extracting(TrainingListener.Progress::steps).containsOnly(6);
        assertThat(batches)
                .extracting(TrainingListener.Progress::score)
                .containsExactly(Double.NaN, Double.NaN, Double.NaN, 0.5, 0.5, 0.5);
        assertThat(batches)
                .extracting(TrainingListener.Progress::seconds)
                .isSorted()
                .allMatch(seconds -> seconds > 0);
        assertThat(batches.get(3).loss()).isEqualTo(losses.get(3)); // le premier lot d'une époque repart de zéro

        assertThat(epochs).extracting(TrainingListener.Epoch::score).containsExactly(0.5, 0.7);
        assertThat(epochs.get(0).loss()).isEqualTo(batches.get(2).loss());
        assertThat(epochs.get(0).learningRate()).isCloseTo(0.005, within(1e-12)); // troisième pas sur six
        assertThat(epochs.get(1).learningRate()).isCloseTo(0.01, within(1e-12));
        assertThat(epochs.get(0).seconds())
                .isBetween(batches.get(2).seconds(), batches.get(3).seconds());

        assertThat(ends).containsExactly(history);
        assertThat(history.epochs()).isEqualTo(epochs);
    }

    /** La perte d'une époque est la moyenne de ses exemples : le lot incomplet, où qu'il soit tombé, pèse moitié moins. */
    @Test
    void theLossOfAnEpochIsTheMeanOverItsExamples() {
        trainer().fit(FIVE);
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            sum += losses.get(i) * sizes.get(i);
        }
        assertThat(sizes).containsExactlyInAnyOrder(2, 2, 1);
        assertThat(batches.get(2).loss()).isCloseTo(sum / 5, within(1e-12));
    }

    @Test
    void anInterruptedEpochIsNotAnnounced() {
        TrainingHistory history = trainer()
                .epochs(3)
                .listener(new TrainingListener() {
                    @Override
                    public void onBatch(Progress progress) {
                        listener.onBatch(progress);
                        if (progress.step() == 5) {
                            Thread.currentThread().interrupt();
                        }
                    }

                    @Override
                    public void onEpoch(Epoch epoch) {
                        listener.onEpoch(epoch);
                    }

                    @Override
                    public void onEnd(TrainingHistory history) {
                        listener.onEnd(history);
                    }
                })
                .fit(FIVE);
        assertThat(heard).containsExactly("lot 1", "lot 2", "lot 3", "époque 1", "lot 4", "lot 5", "fin");
        assertThat(ends).containsExactly(history);
        assertThat(history.epochs()).hasSize(1);
        assertThat(history.ending()).isEqualTo("arrêté à la demande pendant l'époque 2");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aTrainingThatFailsHasNoEnd() {
        assertThatThrownBy(() ->
                        trainer().learningRate((step, total) -> 1e39).epochs(50).fit(FIVE))
                .isInstanceOf(IllegalStateException.class);
        assertThat(heard).doesNotContain("fin");
    }
}
