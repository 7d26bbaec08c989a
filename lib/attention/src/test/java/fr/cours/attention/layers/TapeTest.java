package fr.cours.attention.layers;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.bits;
import static fr.cours.attention.Tensors.normal;
import static fr.cours.attention.layers.GradientTest.assertNumeric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Les opérations du fil : ce qu'elles rendent, leur gradient, ce qu'elles refusent. */
class TapeTest {
    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void operations() {
        INDArray a = normal(19, 2, 3);
        INDArray b = normal(20, 2, 3);
        INDArray upstream = normal(21, 2, 9);
        Tape tape = new Tape();
        // a sert trois fois : ses gradients s'ajoutent.
        INDArray output = tape.concatenate(1, tape.add(a, b), tape.scale(a, 3), a);
        tape.backward(output, upstream, List.of());
        assertNumeric(
                a,
                tape.gradient(a),
                upstream,
                () -> Tape.NONE.concatenate(1, Tape.NONE.add(a, b), Tape.NONE.scale(a, 3), a));
        refused(() -> Tape.NONE.add(a, normal(22, 3, 2)), "b : trouvé [3, 2], attendu [2, 3] comme a");
    }

    @Test
    void concatenateDifferentSizes() {
        INDArray narrow = normal(26, 2, 3);
        INDArray wide = normal(27, 2, 5);
        INDArray upstream = normal(28, 2, 8);
        Tape tape = new Tape();
        tape.backward(tape.concatenate(1, narrow, wide), upstream, List.of());
        assertNumeric(narrow, tape.gradient(narrow), upstream, () -> Tape.NONE.concatenate(1, narrow, wide));
        assertNumeric(wide, tape.gradient(wide), upstream, () -> Tape.NONE.concatenate(1, narrow, wide));
    }

    @Test
    void concatenateOnlyWhatIsAligned() {
        INDArray a = normal(1, 2, 3);
        INDArray longer = normal(2, 5, 3);
        assertThat(Tape.NONE.concatenate(0, a, longer).shape()).containsExactly(7, 3);
        assertThat(longer.shape()).containsExactly(5, 3); // contrôler une forme ne la change pas
        refused(() -> Tape.NONE.concatenate(0), "parts : vide, attendu au moins une valeur");
        refused(() -> Tape.NONE.concatenate(2, a, a), "axis : trouvé 2, attendu de 0 à 1");
        refused(
                () -> Tape.NONE.concatenate(1, a, normal(3, 3, 3)),
                "parts : trouvé [3, 3], attendu [2, 3], sauf à la dimension 1");
        refused(
                () -> Tape.NONE.concatenate(1, a, normal(4, 2, 3, 1)),
                "parts : trouvé [2, 3, 1], attendu [2, 3], sauf à la dimension 1");
    }

    @Test
    void reshapeKeepsNumbersInOrderAndTheirGradient() {
        INDArray x = normal(5, 2, 3, 4);
        INDArray upstream = normal(6, 6, 4);
        Tape tape = new Tape();
        INDArray lines = tape.reshape(x, 6, 4);
        assertThat(lines.shape()).containsExactly(6, 4);
        assertThat(bits(lines)).isEqualTo(bits(x));
        tape.backward(tape.scale(lines, 2), upstream, List.of());
        assertThat(tape.gradient(x).shape()).containsExactly(2, 3, 4);
        assertNumeric(x, tape.gradient(x), upstream, () -> Tape.NONE.scale(Tape.NONE.reshape(x, 6, 4), 2));
    }

    /** Si ND4J rendait ici le tableau lui-même, son gradient s'ajouterait à lui-même. */
    @Test
    void reshapeToTheSameShapeCountsOnce() {
        INDArray x = normal(7, 2, 3);
        INDArray upstream = normal(8, 2, 3);
        Tape tape = new Tape();
        tape.backward(tape.scale(tape.reshape(x, 2, 3), 1), upstream, List.of());
        assertClose(tape.gradient(x), upstream, 0);
    }

    /** Un tableau transposé n'est pas contigu : ses nombres se lisent dans l'ordre de ses lignes à lui. */
    @Test
    void reshapeOfATransposedArray() {
        INDArray x = normal(9, 3, 2).transpose();
        INDArray upstream = normal(10, 6, 1);
        Tape tape = new Tape();
        INDArray column = tape.reshape(x, 6, 1);
        assertThat(bits(column)).isEqualTo(bits(x));
        tape.backward(column, upstream, List.of());
        assertClose(tape.gradient(x), upstream.reshape(2, 3), 0);
    }

    @Test
    void reshapeToAnotherNumberOfElements() {
        INDArray x = normal(11, 2, 6);
        refused(
                () -> Tape.NONE.reshape(x, 3, 5),
                "shape : trouvé [3, 5], attendu des tailles positives, de produit 12 comme [2, 6]");
        refused(
                () -> Tape.NONE.reshape(x, -3, -4),
                "shape : trouvé [-3, -4], attendu des tailles positives, de produit 12 comme [2, 6]");
    }

    @Test
    void gatherAddsTheGradientsOfARepeatedRow() {
        INDArray x = normal(12, 2, 3, 4);
        INDArray upstream = normal(13, 3, 4);
        int[] rows = {5, 0, 5};
        Tape tape = new Tape();
        INDArray picked = tape.gather(x, rows);
        assertThat(bits(picked.getRow(0))).isEqualTo(bits(x.slice(1).getRow(2)));
        assertThat(bits(picked.getRow(1))).isEqualTo(bits(x.slice(0).getRow(0)));
        rows[1] = 3; // le fil a sa copie
        tape.backward(picked, upstream, List.of());
        assertNumeric(x, tape.gradient(x), upstream, () -> Tape.NONE.gather(x, 5, 0, 5));
        refused(() -> Tape.NONE.gather(x, 5, 6), "rows[1] : trouvé 6, attendu de 0 à 5");
        refused(() -> Tape.NONE.gather(x, -1), "rows[0] : trouvé -1, attendu de 0 à 5");
        refused(() -> Tape.NONE.gather(x), "rows : vide, attendu au moins une ligne");
        refused(() -> Tape.NONE.gather(normal(14, 3), 0), "x : trouvé [3], attendu […, d] de rang 2, 3 ou 4");
    }

    @Test
    void atPicksOneWordPerSentence() {
        INDArray x = normal(15, 3, 4, 2);
        INDArray upstream = normal(16, 3, 2);
        Tape tape = new Tape();
        INDArray words = tape.at(x, 3, 0, 2);
        for (int sentence = 0; sentence < 3; sentence++) {
            assertThat(bits(words.getRow(sentence)))
                    .isEqualTo(bits(x.slice(sentence).getRow(new int[] {3, 0, 2}[sentence])));
        }
        tape.backward(words, upstream, List.of());
        assertNumeric(x, tape.gradient(x), upstream, () -> Tape.NONE.at(x, 3, 0, 2));
        String expected = ", attendu 3 position(s), une par phrase, de 0 à 3";
        refused(() -> Tape.NONE.at(x, 0, 1), "positions : trouvé [0, 1]" + expected);
        refused(() -> Tape.NONE.at(x, 0, 4, 1), "positions : trouvé [0, 4, 1]" + expected);
        refused(() -> Tape.NONE.at(x, 0, -1, 1), "positions : trouvé [0, -1, 1]" + expected);
        refused(() -> Tape.NONE.at(x, (int[]) null), "positions : trouvé null" + expected);
    }

    @Test
    void aPartThatNobodyPrepared() {
        Dense dense = new Dense("dense", 2, 2, new Random(1));
        INDArray x = normal(17, 1, 2);
        Tape third = new Tape(2);
        INDArray output = dense.forward(third, x);
        refused(
                () -> third.backward(output, Nd4j.ones(1, 2), dense.parameters()),
                "part : trouvé 2, attendu de 0 à 0 : dense.kernel n'est préparé que pour 1 part(s), appelez prepare");
        refused(() -> new Tape(-1), "part : trouvé -1, attendu au moins 0");
        Parameter kernel = dense.parameters().get(0);
        refused(() -> kernel.prepare(0), "parts : trouvé 0, attendu un entier positif");
        refused(() -> kernel.gather(2), "parts : trouvé 2, attendu de 1 à 1");

        dense.parameters().forEach(parameter -> parameter.prepare(3));
        Tape again = new Tape(2);
        again.backward(dense.forward(again, x), Nd4j.ones(1, 2), dense.parameters());
        assertThat(bits(kernel.gradient())).containsOnly(0f);
        kernel.gather(3);
        assertThat(bits(kernel.gradient())).isEqualTo(bits(x.transpose().mmul(Nd4j.ones(1, 2))));
        kernel.releaseParts();
        assertThat(bits(kernel.gradient())).isEqualTo(bits(x.transpose().mmul(Nd4j.ones(1, 2))));
        refused(() -> kernel.gather(2), "parts : trouvé 2, attendu de 1 à 1");
    }

    @Test
    void theFirstLayerToFailIsNamed() {
        Dense good = new Dense("bonne", 2, 2, new Random(25));
        Dense bad = new Dense("mauvaise", 2, 2, new Random(26));
        bad.parameters().get(0).value().assign(3e38);
        Tape tape = new Tape();
        INDArray x = good.forward(tape, normal(25, 1, 2).muli(100));
        bad.forward(tape, x);
        assertThat(tape.firstNotFinite()).contains("mauvaise");
        assertThat(new Tape().firstNotFinite()).isEmpty();
    }
}
