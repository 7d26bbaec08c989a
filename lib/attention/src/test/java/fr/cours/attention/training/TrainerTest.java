package fr.cours.attention.training;

import static fr.cours.attention.Tensors.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fr.cours.attention.layers.Parameter;
import fr.cours.attention.models.AttentionSentimentAnalyzer;
import fr.cours.attention.models.AttentionSentimentAnalyzer.Options;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class TrainerTest {
    /** Une phrase et son étiquette : positive si elle contient le mot 7. */
    private record Example(int[] ids, int label) {}

    private static List<Example> examples(int count, long seed) {
        Random random = new Random(seed);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] ids = random.ints(4 + random.nextInt(5), 8, 30).toArray();
            if (i % 2 == 0) {
                ids[random.nextInt(ids.length)] = 7;
            }
            examples.add(new Example(ids, i % 2 == 0 ? 1 : 0));
        }
        return examples;
    }

    private static int[][] ids(List<Example> batch) {
        int n = batch.stream().mapToInt(example -> example.ids.length).max().orElseThrow();
        return batch.stream().map(example -> Arrays.copyOf(example.ids, n)).toArray(int[][]::new);
    }

    private static AttentionSentimentAnalyzer model(long seed) {
        return new AttentionSentimentAnalyzer(30, 16, 2, 12, seed, new Options(32, 0.1, 0.1, 0.05, true));
    }

    private static Trainer<Example> trainer(AttentionSentimentAnalyzer model) {
        return new Trainer<Example>(
                        model,
                        (tape, batch) -> Loss.binaryCrossEntropy(
                                model.forward(tape, ids(batch)).logits(),
                                batch.stream().mapToInt(Example::label).toArray()))
                .batchSize(16)
                .learningRate(LearningRate.constant(5e-3))
                .similarLengths(example -> example.ids.length);
    }

    private static double accuracy(AttentionSentimentAnalyzer model, List<Example> examples) {
        INDArray probabilities = model.forward(ids(examples)).probabilities();
        long right = 0;
        for (int i = 0; i < examples.size(); i++) {
            right += (probabilities.getFloat(i) > 0.5f ? 1 : 0) == examples.get(i).label ? 1 : 0;
        }
        return (double) right / examples.size();
    }

    private static List<float[]> values(AttentionSentimentAnalyzer model) {
        return model.parameters().stream()
                .map(parameter -> bits(parameter.value()))
                .toList();
    }

    @Test
    void learnsAndKeepsTheBestEpoch() {
        AttentionSentimentAnalyzer model = model(1);
        List<Example> unseen = examples(200, 99);
        TrainingHistory history = trainer(model)
                .epochs(8)
                .validation(() -> accuracy(model, unseen))
                .fit(examples(400, 1));
        assertThat(history.losses()[0]).isGreaterThan(history.losses()[7]);
        assertThat(history.scores()[history.bestEpoch() - 1]).isGreaterThan(0.95);
        assertThat(accuracy(model, unseen)).isEqualTo(history.scores()[history.bestEpoch() - 1]);
        assertThat(history.ending()).isEqualTo("toutes les époques sont faites");
    }

    @Test
    void sameSeedTwiceGivesTheSameBits() {
        List<List<float[]>> runs = new ArrayList<>();
        for (long seed : new long[] {5, 5, 6}) {
            AttentionSentimentAnalyzer model = model(5);
            trainer(model).epochs(2).seed(seed).fit(examples(100, 1));
            runs.add(values(model));
        }
        for (int i = 0; i < runs.get(0).size(); i++) {
            assertThat(runs.get(1).get(i)).isEqualTo(runs.get(0).get(i));
        }
        assertThat(runs.get(2).get(0)).isNotEqualTo(runs.get(0).get(0));
    }

    @Test
    void stopsWhenValidationStalls() {
        AttentionSentimentAnalyzer model = model(2);
        double[] scores = {0.5, 0.7, 0.6, 0.7, 0.9};
        int[] calls = {0};
        List<List<float[]>> seen = new ArrayList<>();
        TrainingHistory history = trainer(model)
                .epochs(5)
                .patience(2)
                .validation(() -> {
                    seen.add(values(model));
                    return scores[calls[0]++];
                })
                .fit(examples(40, 2));
        assertThat(history.epochs()).hasSize(4);
        assertThat(history.bestEpoch()).isEqualTo(2);
        assertThat(history.ending()).contains("ne progresse plus depuis 2");
        assertThat(values(model).get(0)).isEqualTo(seen.get(1).get(0));
    }

    @Test
    void anInterruptKeepsTheBestSoFar() {
        AttentionSentimentAnalyzer model = model(3);
        List<List<float[]>> afterFirst = new ArrayList<>();
        TrainingHistory history = trainer(model)
                .epochs(1000)
                .validation(() -> {
                    if (afterFirst.isEmpty()) {
                        afterFirst.add(values(model));
                        return 1;
                    }
                    Thread.currentThread().interrupt();
                    return 0;
                })
                .fit(examples(64, 3));
        assertThat(history.bestEpoch()).isEqualTo(1);
        assertThat(history.ending()).startsWith("arrêté à la demande pendant l'époque");
        assertThat(values(model).get(0)).isEqualTo(afterFirst.get(0).get(0));
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aLossThatExplodesNamesTheLayer() {
        AttentionSentimentAnalyzer model = model(4);
        for (Parameter parameter : model.parameters()) {
            if (parameter.name().equals("ffn.0.kernel")) {
                parameter.value().assign(3e38);
            }
        }
        assertThatThrownBy(() -> trainer(model).fit(examples(32, 4)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("époque 1, lot 1")
                .hasMessageContaining("« ffn.0 »")
                .hasMessageContaining("baissez le taux d'apprentissage");
    }

    @Test
    void aTooHighRateEndsInASentence() {
        AttentionSentimentAnalyzer model = model(4);
        assertThatThrownBy(() -> trainer(model)
                        .learningRate(LearningRate.constant(1e30))
                        .epochs(50)
                        .fit(examples(64, 4)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("baissez le taux d'apprentissage");
    }

    @Test
    void aFrozenParameterStays() {
        AttentionSentimentAnalyzer model = model(6);
        Parameter frozen = model.parameters().get(0);
        frozen.setTrainable(false);
        float[] before = bits(frozen.value());
        trainer(model).fit(examples(32, 6));
        assertThat(bits(frozen.value())).isEqualTo(before);
    }

    @Test
    void learningRates() {
        LearningRate rate = LearningRate.warmupCosine(1, 0.1);
        assertThat(rate.at(0, 100)).isCloseTo(0.1, within(1e-9));
        assertThat(rate.at(9, 100)).isCloseTo(1, within(1e-9));
        assertThat(rate.at(99, 100)).isBetween(0.0, 0.01);
        assertThatThrownBy(() -> LearningRate.warmupCosine(1, 2))
                .hasMessage("warmup : trouvé 2.0, attendu une part de 0 à 1");
    }

    @Test
    void badSettings() {
        AttentionSentimentAnalyzer model = model(7);
        assertThatThrownBy(() -> trainer(model).fit(List.of()))
                .hasMessage("examples : vide, attendu au moins un exemple");
        assertThatThrownBy(() -> trainer(model).epochs(0)).hasMessage("epochs : trouvé 0, attendu un entier positif");
        assertThatThrownBy(() -> trainer(model).batchSize(-1))
                .hasMessage("batchSize : trouvé -1, attendu un entier positif");
        for (double norm : new double[] {0, -1, Double.NaN}) {
            assertThatThrownBy(() -> trainer(model).clipNorm(norm))
                    .hasMessage("clipNorm : trouvé " + norm + ", attendu un nombre positif");
        }
        for (double decay : new double[] {-0.1, Double.NaN}) {
            assertThatThrownBy(() -> trainer(model).weightDecay(decay))
                    .hasMessage("weightDecay : trouvé " + decay + ", attendu 0 ou plus");
        }
        assertThatThrownBy(() -> trainer(model).listener(null)).hasMessageStartingWith("listener : valeur absente");
        assertThatThrownBy(() -> trainer(model).validation(null)).hasMessageStartingWith("score : valeur absente");
        assertThatThrownBy(() -> trainer(model).learningRate(null))
                .hasMessageStartingWith("learningRate : valeur absente");
        assertThatThrownBy(() -> trainer(model).similarLengths(null)).hasMessageStartingWith("length : valeur absente");
        assertThatThrownBy(() -> new Trainer<Example>(null, null)).hasMessageStartingWith("model : valeur absente");
    }

    private static final Options CERTAIN = new Options(32, 0, 0, 0, true); // aucun tirage : les parts s'additionnent

    @Test
    void partsOfABatchAddUpToTheStepOfTheWholeBatch() {
        AttentionSentimentAnalyzer whole = new AttentionSentimentAnalyzer(30, 16, 2, 12, 5, CERTAIN);
        AttentionSentimentAnalyzer cut = new AttentionSentimentAnalyzer(30, 16, 2, 12, 5, CERTAIN);
        double expected = trainer(whole).fit(examples(16, 3)).losses()[0];

        // Trois parts inégales : 5, 5 et 6 exemples.
        assertThat(trainer(cut).parts(3).fit(examples(16, 3)).losses()[0]).isCloseTo(expected, within(1e-6));
        for (int i = 0; i < whole.parameters().size(); i++) {
            Parameter parameter = cut.parameters().get(i);
            assertThat(bits(parameter.gradient()))
                    .as(parameter.name())
                    .usingComparatorWithPrecision(1e-6f)
                    .containsExactly(bits(whole.parameters().get(i).gradient()));
        }
    }

    @Test
    void partsDrawEachTheirOwnAndTheSameTwice() {
        List<AttentionSentimentAnalyzer> models = List.of(model(6), model(6));
        models.forEach(model -> trainer(model).epochs(3).parts(2).fit(examples(100, 4)));
        List<float[]> once = values(models.get(0));
        List<float[]> again = values(models.get(1));
        for (int i = 0; i < once.size(); i++) {
            assertThat(again.get(i)).isEqualTo(once.get(i));
        }
    }

    @Test
    void aPartThatFailsSaysWhy() {
        AttentionSentimentAnalyzer model = model(7);
        Trainer<Example> trainer = new Trainer<Example>(model, (tape, batch) -> {
            if (tape.part() == 1) {
                throw new IllegalStateException("la seconde part");
            }
            return Loss.binaryCrossEntropy(
                    model.forward(tape, ids(batch)).logits(),
                    batch.stream().mapToInt(Example::label).toArray());
        });
        assertThatThrownBy(() -> trainer.parts(2).fit(examples(32, 5))).hasMessage("la seconde part");
        assertThatThrownBy(() -> trainer.parts(0)).hasMessage("parts : trouvé 0, attendu un entier positif");
    }

    @Test
    void aLazyStepMovesOnlyTheWordsItSaw() {
        List<Example> one = List.of(new Example(new int[] {8, 9, 9, 10}, 1));
        AttentionSentimentAnalyzer lazy = new AttentionSentimentAnalyzer(30, 16, 2, 12, 8, CERTAIN);
        AttentionSentimentAnalyzer dense = new AttentionSentimentAnalyzer(30, 16, 2, 12, 8, CERTAIN);
        List<Example> before = List.of(new Example(new int[] {20, 21}, 0));
        List.of(lazy, dense).forEach(model -> trainer(model).fit(one)); // un premier pas : 8, 9 et 10 ont des moments
        assertThat(values(lazy).get(0)).isEqualTo(values(dense).get(0));

        // Deux lots, deux fois : quand 8, 9 et 10 sont absents, dense les pousse encore, paresseux non.
        List<Example> both = List.of(one.get(0), before.get(0));
        trainer(lazy).batchSize(1).epochs(2).lazy().fit(both);
        trainer(dense).batchSize(1).epochs(2).fit(both);
        INDArray lazyTable = lazy.parameters().get(0).value();
        INDArray denseTable = dense.parameters().get(0).value();
        INDArray initial = new AttentionSentimentAnalyzer(30, 16, 2, 12, 8, CERTAIN)
                .parameters()
                .get(0)
                .value();
        assertThat(lazyTable.getRow(15)).isEqualTo(initial.getRow(15)); // jamais vu
        assertThat(lazyTable.getRow(20)).isNotEqualTo(initial.getRow(20));
        assertThat(lazyTable.getRow(8).distance2(denseTable.getRow(8))).isGreaterThan(1e-5);
    }
}
