package fr.cours.attention.models;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.assertGradientClose;
import static fr.cours.attention.Tensors.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import fr.cours.attention.layers.Parameter;
import fr.cours.attention.layers.Reference;
import fr.cours.attention.layers.Tape;
import fr.cours.attention.models.AttentionSentimentAnalyzer.Options;
import fr.cours.attention.models.AttentionSentimentAnalyzer.Output;
import fr.cours.attention.training.Adam;
import fr.cours.attention.training.Loss;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Le modèle entier contre celui du cours d'origine : sorties, gradients, et un pas d'Adam. */
class SentimentReferenceTest {
    private final JsonNode reference = Reference.section("sentiment_analyzer");
    private final AttentionSentimentAnalyzer model = load();
    private final int[][] ids = ids();
    private final int[] labels = {
        (int) Reference.array(reference.get("labels")).getFloat(0),
        (int) Reference.array(reference.get("labels")).getFloat(1),
        (int) Reference.array(reference.get("labels")).getFloat(2)
    };

    private AttentionSentimentAnalyzer load() {
        AttentionSentimentAnalyzer loaded = new AttentionSentimentAnalyzer(
                30, 8, 2, 12, 0, new Options(32, 0, 0, 0, false)); // abandon coupé, comme dans la référence
        for (Parameter parameter : loaded.parameters()) {
            parameter.value().assign(Reference.array(reference.get("parameters").get(name(parameter))));
        }
        return loaded;
    }

    /** La référence nomme wq.kernel ce que le modèle nomme mha.wq.kernel. */
    private String name(Parameter parameter) {
        return parameter.name().replaceFirst("^mha\\.w", "w");
    }

    private int[][] ids() {
        INDArray array = Reference.array(reference.get("token_ids"));
        int[][] read = new int[(int) array.size(0)][(int) array.size(1)];
        for (int i = 0; i < read.length; i++) {
            for (int j = 0; j < read[i].length; j++) {
                read[i][j] = array.getInt(i, j);
            }
        }
        return read;
    }

    @Test
    void outputs() {
        Output output = model.forward(ids);
        assertClose(output.probabilities(), Reference.array(reference.get("probabilities")), 1e-5);
        assertClose(output.weights(), Reference.array(reference.get("attention_weights")), 1e-5);
        Loss loss = Loss.binaryCrossEntropy(output.logits(), labels);
        assertThat(loss.value()).isCloseTo(reference.get("binary_cross_entropy").asDouble(), within(1e-5));
    }

    @Test
    void gradientsAndOneAdamStep() {
        Adam adam = new Adam(model.parameters(), 0);
        Tape tape = new Tape();
        Loss loss = Loss.binaryCrossEntropy(model.forward(tape, ids).logits(), labels);
        tape.backward(loss.logits(), loss.gradient(), model.parameters());
        for (Parameter parameter : model.parameters()) {
            if (parameter.name().equals("mha.wk.bias")) { // nul en théorie, du bruit dans la référence
                assertThat(parameter.gradient().amaxNumber().doubleValue()).isLessThan(1e-6);
            } else {
                assertGradientClose(
                        parameter.gradient(),
                        Reference.array(reference.get("gradients").get(name(parameter))));
            }
        }
        adam.step(1e-3, 1);
        for (Parameter parameter : model.parameters()) {
            if (!parameter.name().equals("mha.wk.bias")) {
                INDArray expected = Reference.array(
                        reference.get("parameters_after_one_adam_step").get(name(parameter)));
                assertClose(parameter.value(), expected, 1e-5);
            }
        }
    }

    @Test
    void parameterCountOfTheOriginal() {
        assertThat(new AttentionSentimentAnalyzer(10000, 128, 4, 50, 1).parameterCount())
                .isEqualTo(1_478_401);
    }

    @Test
    void paddingChangesNothingUnderAMask() {
        AttentionSentimentAnalyzer masked =
                new AttentionSentimentAnalyzer(30, 8, 2, 12, 5, new Options(32, 0, 0, 0, true));
        float alone = masked.forward(new int[][] {{3, 4, 5}}).logits().getFloat(0);
        float padded = masked.forward(new int[][] {{3, 4, 5, 0, 0, 0}}).logits().getFloat(0);
        assertThat(padded).isCloseTo(alone, within(1e-5f));
        AttentionSentimentAnalyzer original =
                new AttentionSentimentAnalyzer(30, 8, 2, 12, 5, new Options(32, 0, 0, 0, false));
        assertThat(original.forward(new int[][] {{3, 4, 5, 0, 0, 0}}).logits().getFloat(0))
                .isNotCloseTo(original.forward(new int[][] {{3, 4, 5}}).logits().getFloat(0), within(1e-4f));
    }

    @Test
    void badSentences() {
        assertThatThrownBy(() -> model.forward(new int[0][]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ids : vide, attendu [batch][n]");
        assertThatThrownBy(() -> model.forward(new int[][] {{1, 2}, {3}}))
                .hasMessage("ids : trouvé la longueur 1 à l'exemple 1, attendu 2 comme au premier ;"
                        + " complétez les phrases courtes par 0");
        assertThatThrownBy(() -> model.forward(new int[][] {{1, 30}}))
                .hasMessage("ids : trouvé 30 à la position [0, 1], attendu de 0 à 29");
        assertThatThrownBy(() -> model.forward(new int[][] {{1, -1}}))
                .hasMessage("ids : trouvé -1 à la position [0, 1], attendu de 0 à 29");
        assertThatThrownBy(() -> model.forward(new int[1][13]))
                .hasMessage("ids : trouvé 13 mots par phrase, attendu de 1 à 12");
    }

    @Test
    void badOptions() {
        assertThatThrownBy(() -> new AttentionSentimentAnalyzer(30, 8, 2, 12, 5, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("options : valeur absente (null)");
        assertThatThrownBy(
                        () -> new AttentionSentimentAnalyzer(30, 8, 2, 12, 5, new Options(32, 0, 0, Double.NaN, true)))
                .hasMessage("wordDropout : trouvé NaN, attendu une part de 0 à 1");
    }

    /** Tous les mots abandonnés : il n'en reste que des inconnus, et le remplissage demeure. */
    @Test
    void droppedWordsBecomeTheUnknownOne() {
        AttentionSentimentAnalyzer dropping =
                new AttentionSentimentAnalyzer(30, 8, 2, 12, 5, new Options(32, 0, 0, 1, true));
        int[][] ids = {{3, 4, 5, 0}, {6, 7, 0, 0}};
        int[][] unknown = {{1, 1, 1, 0}, {1, 1, 0, 0}};
        assertThat(bits(dropping.forward(new Tape(), ids).logits()))
                .isEqualTo(bits(dropping.forward(unknown).logits()))
                .isNotEqualTo(bits(dropping.forward(ids).logits()));
    }
}
