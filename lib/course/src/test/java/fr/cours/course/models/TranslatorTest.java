package fr.cours.course.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.cours.attention.layers.AttentionMask;
import fr.cours.attention.layers.AttentionOutput;
import fr.cours.attention.layers.Tape;
import fr.cours.attention.training.Adam;
import fr.cours.attention.training.Loss;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Le traducteur de l'exercice 3, autour d'un étage de décodeur écrit ici. */
class TranslatorTest {
    private static AttentionOutput decode(
            Tape tape, Translator.Parts p, INDArray y, INDArray source, AttentionMask past, AttentionMask padding) {
        INDArray looked = p.self().forward(tape, y, y, y, past).output();
        INDArray a = p.norm1().forward(tape, tape.add(y, looked));
        AttentionOutput read = p.cross().forward(tape, a, source, source, padding);
        INDArray b = p.norm2().forward(tape, tape.add(a, read.output()));
        INDArray c = p.norm3().forward(tape, tape.add(b, p.ffn().forward(tape, b)));
        return new AttentionOutput(c, read.weights());
    }

    /** Un traducteur de la taille d'un test retient trois phrases : l'étage, les masques et les gradients tiennent ensemble. */
    @Test
    void threeSentencesAreLearned() {
        var translator = new Translator(8, 9, 16, 2, 0, 1, TranslatorTest::decode);
        assertThat(translator.parameters()).doesNotHaveDuplicates();
        int[][] source = {{2, 3, 4}, {5, 6, 0}, {7, 3, 0}};
        int[][] input = {{7, 2, 3}, {7, 4, 0}, {7, 5, 6}};
        int[] labels = {2, 3, 8, 4, 8, Loss.IGNORED, 5, 6, 8};
        var adam = new Adam(translator.parameters(), 0);
        double first = 0;
        double last = 0;
        for (int step = 0; step < 60; step++) {
            Tape tape = new Tape();
            Loss loss = Loss.categoricalCrossEntropy(
                    translator.forward(tape, source, input).logits(), labels);
            tape.backward(loss.logits(), loss.gradient(), translator.parameters());
            adam.step(0.01, 1);
            first = step == 0 ? loss.value() : first;
            last = loss.value();
        }
        assertThat(first).isBetween(Math.log(9) - 1, Math.log(9) + 1.5);
        assertThat(last).isLessThan(0.1);
        // Ni l'avenir de la cible, ni le remplissage de la source ne changent ce qui est écrit.
        INDArray whole = translator.forward(Tape.NONE, source, input).logits();
        INDArray begun = translator
                .forward(Tape.NONE, new int[][] {{5, 6}}, new int[][] {{7, 4}})
                .logits();
        assertThat(whole.slice(1).getRow(1).equalsWithEps(begun.slice(0).getRow(1), 1e-4))
                .isTrue();
    }

    @Test
    void badInputsAreRefused() {
        var translator = new Translator(8, 9, 16, 2, 0, 1, TranslatorTest::decode);
        assertThatThrownBy(() -> translator.forward(Tape.NONE, new int[][] {{9}}, new int[][] {{1}}))
                .hasMessageContaining("ids : trouvé 9");
        assertThatThrownBy(() -> translator.forward(Tape.NONE, new int[0][], new int[][] {{1}}))
                .hasMessageContaining("ids : vide");
        assertThatThrownBy(() -> translator.forward(
                        Tape.NONE,
                        new int[][] {
                            Collections.nCopies(101, 1).stream()
                                    .mapToInt(i -> i)
                                    .toArray()
                        },
                        new int[][] {{1}}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
