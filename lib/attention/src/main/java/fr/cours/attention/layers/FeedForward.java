package fr.cours.attention.layers;

import fr.cours.attention.math.Blank;
import fr.cours.attention.math.Loops;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Deux couches denses et un relu entre elles, mot par mot (Vaswani et al., 2017, éq. 2). */
public final class FeedForward implements Layer {
    private final String prefix;
    private final Dense first;
    private final Dense second;

    /**
     * Une couche {@code max(0, x·W₁ + b₁)·W₂ + b₂}.
     *
     * @param prefix ce qui précède le nom de ses paramètres
     * @param dModel dimension d'entrée et de sortie
     * @param hidden dimension intérieure
     * @param random la source des valeurs initiales
     * @throws IllegalArgumentException si une taille n'est pas positive
     */
    public FeedForward(String prefix, int dModel, int hidden, Random random) {
        this.prefix = prefix;
        first = new Dense(prefix + "0", dModel, hidden, random);
        second = new Dense(prefix + "1", hidden, dModel, random);
    }

    /**
     * Applique la couche.
     *
     * @param tape le fil de la passe avant
     * @param x {@code […, dModel]} de rang 2 à 4
     * @return la même forme
     * @throws IllegalArgumentException si la forme ne convient pas ou si {@code x} contient NaN ou un infini
     */
    public INDArray forward(Tape tape, INDArray x) {
        return second.apply(tape, relu(tape, first.forward(tape, x)));
    }

    private INDArray relu(Tape tape, INDArray x) {
        INDArray y = Blank.of(x.shape());
        Loops.relu(x, y);
        tape.record(
                prefix + "relu",
                () -> {
                    INDArray dx = Blank.of(x.shape());
                    Loops.reluBackward(y, Shapes.rowMajor(tape.gradient(y)), dx);
                    tape.accumulate(x, dx);
                },
                y);
        return y;
    }

    @Override
    public List<Parameter> parameters() {
        return Layer.parametersOf(first, second);
    }
}
