package fr.cours.course.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fr.cours.attention.layers.AttentionMask;
import fr.cours.attention.layers.Parameter;
import fr.cours.attention.layers.Tape;
import fr.cours.attention.math.RandomTensors;
import fr.cours.attention.training.Loss;
import fr.cours.attention.training.ParameterFile;
import fr.cours.attention.training.Trainer;
import fr.cours.course.models.AgreementReader.Output;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Le lecteur : ce qu'il voit, ce qui ne peut pas lui parvenir, son gradient, et qu'il apprend. */
class AgreementReaderTest {
    private static final int[][] IDS = {{2, 3, 4, 5, 6}, {7, 3, 8, 0, 0}};
    private static final int[] MASKED = {4, 1};

    private static AgreementReader reader(boolean carryPrevious) {
        return new AgreementReader(10, 4, 8, 2, 6, carryPrevious, 3);
    }

    private static Output read(AgreementReader reader, int[][] ids, int... masked) {
        return reader.forward(Tape.NONE, ids, masked, AttentionMask.none());
    }

    @Test
    void neitherItselfNorPaddingIsRead() {
        INDArray weights = read(reader(false), IDS, MASKED).weights();
        assertThat(weights.shape()).containsExactly(2, 5, 5);
        for (int i = 0; i < 5; i++) {
            assertThat(weights.getFloat(0, i, i)).isZero();
            assertThat(weights.getFloat(1, i, 3) + weights.getFloat(1, i, 4)).isZero();
        }
        assertThat(weights.sum(2).getFloat(0, 4)).isEqualTo(1, within(1e-5f));
    }

    @Test
    void paddingChangesNothing() {
        INDArray alone = read(reader(false), new int[][] {{7, 3, 8}}, 1).logits();
        assertClose(read(reader(false), IDS, MASKED).logits().getRow(1, true), alone, 1e-5);
    }

    /** Le poids d'un mot mis à 0, changer ce mot ne change la réponse que par les poids : tout est caché, rien ne change. */
    @Test
    void nothingReachesTheAnswerButWhatIsRead() {
        boolean[][] all = new boolean[5][5];
        Stream.of(all).forEach(row -> Arrays.fill(row, true));
        AgreementReader reader = reader(false);
        INDArray before = reader.forward(Tape.NONE, new int[][] {{2, 3, 4, 5, 6}}, new int[] {4}, AttentionMask.of(all))
                .logits();
        INDArray after = reader.forward(Tape.NONE, new int[][] {{9, 8, 7, 2, 6}}, new int[] {4}, AttentionMask.of(all))
                .logits();
        assertClose(after, before, 0);
        assertThat(read(reader, new int[][] {{9, 8, 7, 2, 6}}, 4).logits()).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradient(boolean carryPrevious) {
        AgreementReader reader = reader(carryPrevious);
        for (Parameter parameter : reader.parameters()) { // loin des valeurs initiales, où tout est presque plat
            parameter
                    .value()
                    .addi(RandomTensors.normal(new Random(5), parameter.value().shape())
                            .mul(0.2));
        }
        int[] labels = {1, 3};
        Tape tape = new Tape();
        Loss loss = Loss.categoricalCrossEntropy(
                reader.forward(tape, IDS, MASKED, AttentionMask.none()).logits(), labels);
        tape.backward(loss.logits(), loss.gradient(), reader.parameters());
        Random random = new Random(1);
        for (Parameter parameter : reader.parameters()) {
            INDArray flat = parameter.value().reshape(-1);
            double scale = Math.max(1e-3, parameter.gradient().amaxNumber().doubleValue());
            for (int i = 0; i < 4; i++) {
                int at = random.nextInt((int) flat.length());
                float value = flat.getFloat(at);
                double[] around = new double[2];
                for (int side = 0; side < 2; side++) {
                    flat.putScalar(at, value + (side == 0 ? 5e-3f : -5e-3f));
                    around[side] = Loss.categoricalCrossEntropy(
                                    read(reader, IDS, MASKED).logits(), labels)
                            .value();
                }
                flat.putScalar(at, value);
                assertThat(parameter.gradient().reshape(-1).getFloat(at))
                        .as(parameter.name())
                        .isCloseTo((float) ((around[0] - around[1]) / 1e-2), within((float) (0.05 * scale + 1e-4)));
            }
        }
    }

    /** La réponse est le mot qui suit le 2 ; il peut être n'importe où. */
    @Test
    void learnsWhereToLook(@TempDir Path folder) {
        Random random = new Random(1);
        List<int[]> sentences = Stream.generate(() -> {
                    int[] ids = random.ints(6, 6, 10).toArray();
                    int at = random.nextInt(4);
                    ids[at] = 2 + random.nextInt(4);
                    ids[5] = 1;
                    return ids;
                })
                .limit(600)
                .toList();
        AgreementReader reader = new AgreementReader(10, 4, 16, 2, 6, false, 1);
        new Trainer<int[]>(
                        reader,
                        (tape, batch) -> Loss.categoricalCrossEntropy(
                                reader.forward(tape, batch.toArray(int[][]::new), fives(batch), AttentionMask.none())
                                        .logits(),
                                batch.stream()
                                        .mapToInt(ids -> ids[key(ids)] - 2)
                                        .toArray()))
                .epochs(8)
                .fit(sentences);
        Output output = read(reader, sentences.toArray(int[][]::new), fives(sentences));
        INDArray found = Tape.NONE.at(output.weights(), fives(sentences)).argMax(1);
        assertThat(IntStream.range(0, 600).filter(i -> found.getInt(i) == key(sentences.get(i))))
                .hasSizeGreaterThan(570);

        Path file = folder.resolve("lecteur.bin");
        ParameterFile.save(file, reader.parameters());
        AgreementReader loaded = new AgreementReader(10, 4, 16, 2, 6, false, 2);
        ParameterFile.load(file, loaded.parameters());
        assertClose(
                read(loaded, sentences.toArray(int[][]::new), fives(sentences)).logits(), output.logits(), 0);
    }

    private static int key(int[] ids) {
        return IntStream.range(0, 5).filter(i -> ids[i] < 6).findFirst().getAsInt();
    }

    private static int[] fives(List<int[]> batch) {
        return batch.stream().mapToInt(ids -> 5).toArray();
    }

    @Test
    void badInputsAreNamed() {
        AgreementReader reader = reader(false);
        assertThatThrownBy(() -> read(reader, IDS, 4)).hasMessageContaining("positions");
        assertThatThrownBy(() -> read(reader, IDS, 5, 0)).hasMessageContaining("de 0 à 4");
        assertThatThrownBy(() -> read(reader, new int[][] {{99}}, 0)).hasMessageContaining("ids");
        assertThatThrownBy(() -> read(reader, new int[1][7], 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AgreementReader(10, 4, 8, 3, 6, false, 1)).hasMessageContaining("numHeads");
    }

    private static void assertClose(INDArray actual, INDArray expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.sub(expected).amaxNumber().doubleValue()).isLessThanOrEqualTo(tolerance);
    }
}
