package fr.cours.attention.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.cours.attention.layers.Embedding;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** Un entraînement rend ce qu'il a pris hors du tas, sans compter sur le ramasse-miettes, qui ne passe pas ici. */
class TrainingMemoryTest {
    private static final long MEBIBYTE = 1 << 20;

    @Test
    void whatATrainingTookIsGivenBack() {
        // 40 Mio ; chaque entraînement demande deux moments, une copie des meilleurs, le gradient d'une seconde part.
        Embedding model = new Embedding("table", 1 << 17, 80, new Random(1));
        train(model);
        train(model);
        long before = Pointer.physicalBytes();
        for (int training = 0; training < 4; training++) {
            train(model);
        }
        assertThat((Pointer.physicalBytes() - before) / MEBIBYTE)
                .isLessThan(100); // 320 et 160 si les moments ou les copies restaient
        // Le gradient de la seconde part resservirait d'un entraînement à l'autre, sans grandir : il doit partir aussi.
        assertThatThrownBy(() -> model.parameters().get(0).gather(2)).hasMessage("parts : trouvé 2, attendu de 1 à 1");
    }

    private static void train(Embedding model) {
        new Trainer<Integer>(model, (tape, batch) -> {
                    int[] ids = batch.stream().mapToInt(i -> i).toArray();
                    var vectors = tape.reshape(model.forward(tape, new int[][] {ids}), ids.length, 80);
                    return Loss.categoricalCrossEntropy(vectors, ids);
                })
                .parts(2)
                .validation(() -> 1)
                .fit(List.of(1, 2, 3, 4));
    }
}
