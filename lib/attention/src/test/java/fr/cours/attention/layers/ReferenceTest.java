package fr.cours.attention.layers;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.assertGradientClose;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import fr.cours.attention.math.ComputePath;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Nos couches contre celles du cours d'origine, sur les deux chemins de calcul. */
class ReferenceTest {
    private static final double TOLERANCE = 1e-5;

    static Stream<JsonNode> attentionCases() {
        return Reference.cases("scaled_dot_product_attention").stream();
    }

    static Stream<JsonNode> multiHeadCases() {
        return Reference.cases("multi_head_attention").stream();
    }

    @ParameterizedTest
    @MethodSource("attentionCases")
    void scaledDotProductAttention(JsonNode test) {
        INDArray q = Reference.array(test.get("q"));
        INDArray k = Reference.array(test.get("k"));
        INDArray v = Reference.array(test.get("v"));
        AttentionMask mask =
                Reference.mask(test.get("mask_1_means_hidden"), (int) q.size(0), (int) q.size(1), (int) k.size(1));
        JsonNode temperature = test.get("temperature");
        ScaledDotProductAttention layer = temperature.isNull()
                ? new ScaledDotProductAttention()
                : new ScaledDotProductAttention(temperature.asDouble());
        INDArray expectedOutput = Reference.array(test.get("output"));
        INDArray expectedWeights = Reference.array(test.get("weights"));
        if (test.get("name").asText().equals("fully_masked_row")) {
            // L'origine y répartit l'attention au hasard du masque ; ici une ligne cachée tout entière vaut 0.
            expectedOutput.slice(0).slice(1).assign(0);
            expectedWeights.slice(0).slice(1).assign(0);
        }
        for (AttentionOutput result : new AttentionOutput[] {
            layer.forward(q, k, v, mask), ComputePath.plain(() -> layer.forward(q, k, v, mask))
        }) {
            assertClose(result.output(), expectedOutput, TOLERANCE);
            assertClose(result.weights(), expectedWeights, TOLERANCE);
        }
    }

    @Test
    void referenceHasAllItsCases() {
        assertThat(attentionCases()).hasSize(7);
        assertThat(multiHeadCases()).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("multiHeadCases")
    void multiHeadAttention(JsonNode test) {
        INDArray q = Reference.array(test.get("q"));
        INDArray kv = Reference.array(test.get("kv"));
        AttentionMask mask =
                Reference.mask(test.get("mask_1_means_hidden"), (int) q.size(0), (int) q.size(1), (int) kv.size(1));
        MultiHeadAttention layer = load(test);
        for (AttentionOutput result : new AttentionOutput[] {
            layer.forward(q, kv, kv, mask), ComputePath.plain(() -> layer.forward(q, kv, kv, mask))
        }) {
            assertClose(result.output(), Reference.array(test.get("output")), TOLERANCE);
            assertClose(result.weights(), Reference.array(test.get("weights")), TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("multiHeadCases")
    void multiHeadGradients(JsonNode test) {
        INDArray q = Reference.array(test.get("q"));
        INDArray kv = Reference.array(test.get("kv"));
        AttentionMask mask =
                Reference.mask(test.get("mask_1_means_hidden"), (int) q.size(0), (int) q.size(1), (int) kv.size(1));
        MultiHeadAttention layer = load(test);
        Tape tape = new Tape();
        INDArray output = layer.forward(tape, q, kv, kv, mask).output();
        tape.backward(output, Reference.array(test.get("upstream_gradient")), layer.parameters());
        JsonNode expected = test.get("gradients");
        assertGradientClose(tape.gradient(q), Reference.array(expected.get("q")));
        assertGradientClose(tape.gradient(kv), Reference.array(expected.get("kv")));
        for (Parameter parameter : layer.parameters()) {
            if (parameter.name().equals("wk.bias")) { // nul en théorie, du bruit dans la référence
                assertThat(parameter.gradient().amaxNumber().doubleValue()).isLessThan(1e-6);
            } else {
                assertGradientClose(parameter.gradient(), Reference.array(expected.get(parameter.name())));
            }
        }
    }

    private static MultiHeadAttention load(JsonNode test) {
        MultiHeadAttention layer = new MultiHeadAttention(
                "", test.get("d_model").asInt(), test.get("num_heads").asInt(), new Random(0));
        for (Parameter parameter : layer.parameters()) {
            String[] path = parameter.name().split("\\.");
            parameter.value().assign(Reference.array(test.get(path[0]).get(path[1])));
        }
        return layer;
    }
}
