package fr.cours.attention.layers;

import static fr.cours.attention.Tensors.normal;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Ce qui n'entre pas : une phrase, le nom de l'argument, ce qu'on a trouvé, ce qu'on attendait. */
class BadInputTest {
    private static final AttentionMask NONE = AttentionMask.none();
    private final ScaledDotProductAttention attention = new ScaledDotProductAttention();
    private final MultiHeadAttention heads = new MultiHeadAttention(8, 2, 1);
    private final INDArray x = normal(1, 2, 5, 8);

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    private static INDArray with(float value) {
        INDArray broken = normal(2, 2, 5, 8);
        broken.putScalar(new long[] {1, 3, 6}, value);
        return broken;
    }

    @Test
    void attentionNull() {
        refused(
                () -> attention.forward(null, x, x, NONE),
                "queries : valeur absente (null), attendu [batch, n, d_k] ou [batch, heads, n, d_k]");
        refused(
                () -> attention.forward(x, null, x, NONE),
                "keys : valeur absente (null), attendu le rang 3 comme queries");
        refused(
                () -> attention.forward(x, x, null, NONE),
                "values : valeur absente (null), attendu le rang 3 comme queries");
        refused(
                () -> attention.forward(x, x, x, null),
                "mask : valeur absente (null), attendu un masque ; AttentionMask.none() ne cache rien");
    }

    @Test
    void attentionRank() {
        refused(
                () -> attention.forward(normal(3, 5, 8), x, x, NONE),
                "queries : trouvé [5, 8], attendu [batch, n, d_k] ou [batch, heads, n, d_k]");
        refused(
                () -> attention.forward(x, normal(3, 5, 8), x, NONE),
                "keys : trouvé [5, 8], attendu le rang 3 comme queries");
        refused(
                () -> attention.forward(x, x, normal(3, 2, 1, 5, 8), NONE),
                "values : trouvé [2, 1, 5, 8], attendu le rang 3 comme queries");
    }

    @Test
    void attentionSizes() {
        refused(
                () -> attention.forward(x, normal(4, 2, 5, 7), x, NONE),
                "keys : trouvé [2, 5, 7], attendu [2, m, 8] comme queries");
        refused(
                () -> attention.forward(x, normal(4, 3, 5, 8), x, NONE),
                "keys : trouvé [3, 5, 8], attendu [2, m, 8] comme queries");
        refused(
                () -> attention.forward(x, x, normal(4, 2, 6, 8), NONE),
                "values : trouvé [2, 6, 8], attendu [2, 5, d_v] comme keys");
        refused(
                () -> attention.forward(x, x, normal(4, 1, 5, 8), NONE),
                "values : trouvé [1, 5, 8], attendu [2, 5, d_v] comme keys");
        INDArray four = normal(5, 2, 3, 5, 8);
        refused(
                () -> attention.forward(four, normal(5, 2, 4, 5, 8), four, NONE),
                "keys : trouvé [2, 4, 5, 8], attendu [2, 3, m, 8] comme queries");
        refused(
                () -> attention.forward(four, four, normal(5, 2, 4, 5, 8), NONE),
                "values : trouvé [2, 4, 5, 8], attendu [2, 3, 5, d_v] comme keys");
    }

    @Test
    void attentionNumbers() {
        refused(
                () -> attention.forward(with(Float.NaN), x, x, NONE),
                "queries : NaN à la position [1, 3, 6], attendu des nombres finis");
        refused(
                () -> attention.forward(x, with(Float.POSITIVE_INFINITY), x, NONE),
                "keys : +∞ à la position [1, 3, 6], attendu des nombres finis");
        refused(
                () -> attention.forward(x, x, with(Float.NEGATIVE_INFINITY), NONE),
                "values : −∞ à la position [1, 3, 6], attendu des nombres finis");
        refused(
                () -> attention.forward(x.castTo(DataType.DOUBLE), x, x, NONE),
                "queries : trouvé le type DOUBLE, attendu FLOAT ; convertissez par castTo(DataType.FLOAT)");
        refused(
                () -> attention.forward(Nd4j.empty(DataType.FLOAT), x, x, NONE),
                "queries : trouvé [], attendu [batch, n, d_k] ou [batch, heads, n, d_k]");
    }

    @Test
    void hugeFiniteInputsAreLetIn() {
        // Leur somme dépasse un float, chacun d'eux non.
        INDArray huge = Nd4j.valueArrayOf(new long[] {1, 2, 4}, 2e38f, DataType.FLOAT);
        INDArray small = Nd4j.zeros(DataType.FLOAT, 1, 2, 4);
        attention.forward(small, small, huge, NONE);
    }

    @Test
    void scoresThatOverflow() {
        INDArray huge = Nd4j.valueArrayOf(new long[] {1, 2, 4}, 1e30f, DataType.FLOAT);
        assertThatThrownBy(() -> attention.forward(huge, huge, huge, NONE))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("le produit des requêtes et des clés dépasse ce qu'un float peut porter");
    }

    @Test
    void temperature() {
        for (double value : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(
                    () -> new ScaledDotProductAttention(value),
                    "temperature : trouvé " + value + ", attendu un nombre positif et fini");
        }
    }

    @Test
    void maskOfTheWrongShape() {
        String expected = ", attendu [2, 5, 5] pour [batch, requêtes, clés] (* : vaut pour toute taille)";
        refused(() -> attention.forward(x, x, x, AttentionMask.causal(4)), "mask : trouvé [*, 4, 4]" + expected);
        refused(
                () -> heads.forward(x, x, x, AttentionMask.padding(new int[] {1, 2, 3}, 5)),
                "mask : trouvé [3, *, 5]" + expected);
        refused(
                () -> heads.forward(x, x, x, AttentionMask.of(new boolean[5][6])),
                "mask : trouvé [*, 5, 6]" + expected);
    }

    @Test
    void masks() {
        refused(
                () -> AttentionMask.padding(new int[] {3, 6}, 5),
                "lengths : trouvé 6 pour l'exemple 1, attendu de 0 à 5");
        refused(
                () -> AttentionMask.padding(new int[] {-1}, 5),
                "lengths : trouvé -1 pour l'exemple 0, attendu de 0 à 5");
        refused(() -> AttentionMask.padding(new int[0], 5), "lengths : vide, attendu une longueur par exemple du lot");
        refused(() -> AttentionMask.padding(null, 5), "lengths : vide, attendu une longueur par exemple du lot");
        refused(() -> AttentionMask.padding(new int[] {1}, 0), "n : trouvé 0, attendu un entier positif");
        refused(() -> AttentionMask.causal(0), "n : trouvé 0, attendu un entier positif");
        refused(() -> AttentionMask.of(null), "hidden : vide, attendu [n][m]");
        refused(() -> AttentionMask.of(new boolean[0][0]), "hidden : vide, attendu [n][m]");
        refused(
                () -> AttentionMask.of(new boolean[][] {{true, false}, {true}}),
                "hidden : trouvé la longueur 1 à la ligne 1, attendu 2 comme à la première");
        refused(
                () -> AttentionMask.causal(4).and(AttentionMask.causal(5)),
                "other : trouvé [*, 5, 5], attendu une forme qui s'accorde avec [*, 4, 4] (* : vaut pour toute taille)");
        refused(() -> AttentionMask.causal(4).and(null), "other : valeur absente (null), attendu un masque");
    }

    @Test
    void multiHeadSizes() {
        refused(
                () -> new MultiHeadAttention(10, 3, 1),
                "numHeads : trouvé 3, attendu un diviseur de dModel = 10 : 1, 2, 5, 10");
        refused(() -> new MultiHeadAttention(0, 1, 1), "dModel : trouvé 0, attendu un entier positif");
        refused(() -> new MultiHeadAttention(8, 0, 1), "numHeads : trouvé 0, attendu un entier positif");
        refused(() -> new MultiHeadAttention(8, -2, 1), "numHeads : trouvé -2, attendu un entier positif");
        refused(
                () -> heads.forward(normal(6, 2, 5, 7), x, x, NONE),
                "queries : trouvé [2, 5, 7], attendu [batch, n, 8]");
        refused(() -> heads.forward(x, normal(6, 2, 5, 7), x, NONE), "keys : trouvé [2, 5, 7], attendu [batch, m, 8]");
        refused(
                () -> heads.forward(x, normal(6, 3, 5, 8), x, NONE),
                "keys : trouvé [3, 5, 8], attendu [2, m, 8] comme queries");
        refused(
                () -> heads.forward(x, x, normal(6, 2, 4, 8), NONE),
                "values : trouvé [2, 4, 8], attendu [2, 5, d_v] comme keys");
        refused(
                () -> heads.forward(x, x, normal(6, 2, 2, 5, 8), NONE),
                "values : trouvé [2, 2, 5, 8], attendu [batch, m, 8]");
        refused(() -> heads.forward(null, x, x, NONE), "queries : valeur absente (null), attendu [batch, n, 8]");
        refused(
                () -> heads.forward(x, x, with(Float.NaN), NONE),
                "values : NaN à la position [1, 3, 6], attendu des nombres finis");
        refused(
                () -> heads.forward(x, x, x, null),
                "mask : valeur absente (null), attendu un masque ; AttentionMask.none() ne cache rien");
    }

    @Test
    void dense() {
        Dense dense = new Dense("dense", 8, 3, new Random(1));
        refused(() -> dense.forward(normal(7, 5, 7)), "x : trouvé [5, 7], attendu […, n, 8] de rang 2, 3 ou 4");
        refused(() -> dense.forward(null), "x : valeur absente (null), attendu […, n, 8] de rang 2, 3 ou 4");
        refused(() -> dense.forward(with(Float.NaN)), "x : NaN à la position [1, 3, 6], attendu des nombres finis");
        refused(() -> new Dense("d", 0, 3, new Random(1)), "inputs : trouvé 0, attendu un entier positif");
        refused(() -> new Dense("d", 3, -1, new Random(1)), "units : trouvé -1, attendu un entier positif");
    }

    @Test
    void positionsAndParameters() {
        refused(() -> PositionalEncoding.sinusoidal(0, 8), "length : trouvé 0, attendu un entier positif");
        refused(() -> PositionalEncoding.sinusoidal(8, -8), "dModel : trouvé -8, attendu un entier positif");
        refused(() -> new Parameter(" ", x), "name : vide, attendu le nom du paramètre");
        refused(() -> new Parameter("w", null), "w : valeur absente (null), attendu un tableau de rang 1 à 4");
        assertThatThrownBy(() -> new Tape().backward(x, x, List.of())).isInstanceOf(IllegalStateException.class);
    }
}
