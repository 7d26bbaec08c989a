package fr.cours.attention.layers;

import static fr.cours.attention.Tensors.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class PositionalEncodingTest {
    @Test
    void equalsTheOriginal() {
        JsonNode model = Reference.section("sentiment_analyzer");
        INDArray expected = Reference.array(model.get("positional_encoding"));
        assertClose(PositionalEncoding.sinusoidal(12, 8), expected, 1e-5);
    }

    @Test
    void everyPositionHasTheSameNorm() {
        INDArray encoding = PositionalEncoding.sinusoidal(200, 64);
        for (int position = 0; position < 200; position++) {
            assertThat(encoding.getRow(position).norm2Number().doubleValue()).isCloseTo(Math.sqrt(32), within(1e-4));
        }
    }

    @Test
    void resemblanceDependsOnTheDistanceOnly() {
        INDArray encoding = PositionalEncoding.sinusoidal(60, 32);
        INDArray gram = encoding.mmul(encoding.transpose());
        for (int distance = 0; distance < 20; distance++) {
            double first = gram.getDouble(0, distance);
            for (int position = 1; position < 40; position++) {
                assertThat(gram.getDouble(position, position + distance)).isCloseTo(first, within(1e-3));
            }
        }
        assertThat(gram.getDouble(0, 0)).isGreaterThan(gram.getDouble(0, 5));
    }

    @Test
    void movingIsARotation() {
        INDArray encoding = PositionalEncoding.sinusoidal(50, 16);
        int shift = 7;
        for (int i = 0; i < 8; i++) {
            double angle = shift / Math.pow(10000, 2 * i / 16.0);
            for (int position = 0; position < 40; position++) {
                double sin = encoding.getDouble(position, 2 * i);
                double cos = encoding.getDouble(position, 2 * i + 1);
                assertThat(encoding.getDouble(position + shift, 2 * i))
                        .isCloseTo(sin * Math.cos(angle) + cos * Math.sin(angle), within(1e-5));
            }
        }
    }

    @Test
    void anOddDimensionEndsOnASine() {
        assertThat(PositionalEncoding.sinusoidal(3, 5).shape()).containsExactly(3, 5);
    }
}
