package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Blank;
import fr.cours.attention.math.LstmSteps;
import fr.cours.attention.math.RandomTensors;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Une LSTM (Hochreiter et Schmidhuber, 1997 ; la porte d'oubli vient de Gers et al., 2000) : à chaque position
 * {@code i, f, o = σ(x·W + h·U + b)}, {@code g = tanh(x·W + h·U + b)}, puis {@code c ← f⊙c + i⊙g} et
 * {@code h = o⊙tanh(c)}.
 *
 * <p>La part de l'entrée, {@code x·W + b}, se calcule pour toutes les positions à la fois ; seul {@code h·U} attend la
 * position d'avant. Lire dans les deux sens : deux couches, l'une à l'envers, et {@link Tape#concatenate}.
 */
public final class Lstm implements Layer {
    private final String name;
    private final int inputs;
    private final int units;
    private final boolean reverse;
    private final Dense entry; // vers 4·units : les portes dans l'ordre i, f, g, o
    private final Parameter recurrent; // [units, 4·units]

    /**
     * Une LSTM : matrices Glorot uniformes, biais nuls sauf celui de l'oubli, 1 (Jozefowicz et al., 2015) : au départ,
     * elle retient.
     *
     * @param name préfixe du nom de ses paramètres
     * @param inputs dimension d'entrée
     * @param units dimension de l'état
     * @param reverse vrai : lit de la dernière position à la première
     * @param random la source des valeurs initiales
     * @throws IllegalArgumentException si une dimension n'est pas positive
     */
    public Lstm(String name, int inputs, int units, boolean reverse, Random random) {
        Arguments.checkPositive("inputs", inputs);
        Arguments.checkPositive("units", units);
        this.name = name;
        this.inputs = inputs;
        this.units = units;
        this.reverse = reverse;
        entry = new Dense(name, inputs, 4 * units, random);
        entry.parameters()
                .get(1)
                .value()
                .get(NDArrayIndex.interval(units, 2 * units))
                .assign(1);
        recurrent = new Parameter(name + ".recurrent", RandomTensors.glorotUniform(random, units, 4 * units));
    }

    /**
     * Lit des phrases de même longueur.
     *
     * @param tape le fil de la passe avant
     * @param x {@code [batch, n, inputs]}
     * @return l'état {@code h} après chaque position, {@code [batch, n, units]}
     * @throws IllegalArgumentException si la forme ne convient pas ou si {@code x} contient NaN ou un infini
     */
    public INDArray forward(Tape tape, INDArray x) {
        Shapes.check("x", x, "[batch, n, " + inputs + "]", 3);
        int[] whole = new int[(int) x.size(0)];
        Arrays.fill(whole, (int) x.size(1));
        return forward(tape, x, whole);
    }

    /**
     * Lit des phrases complétées à la même longueur. Le remplissage ne change rien à l'état : après lui, la dernière
     * position porte encore ce que valait l'état au dernier mot vrai ; à l'envers, la lecture commence à ce mot.
     *
     * @param tape le fil de la passe avant
     * @param x {@code [batch, n, inputs]}
     * @param lengths nombre de mots vrais de chaque exemple, de 0 à n
     * @return l'état {@code h} après chaque position, {@code [batch, n, units]}
     * @throws IllegalArgumentException si la forme ou une longueur ne convient pas
     */
    public INDArray forward(Tape tape, INDArray x, int[] lengths) {
        String expected = "[batch, n, " + inputs + "]";
        Shapes.check("x", x, expected, 3);
        Shapes.checkSize("x", x, 2, inputs, expected);
        Lengths.check(lengths, x);
        int n = (int) x.size(1);
        INDArray gates = entry.apply(tape, x); // x·W + b : [batch, n, 4·units]
        INDArray cells = Nd4j.zeros(DataType.FLOAT, x.size(0), n + 1, units);
        INDArray hidden = Blank.of(x.size(0), n, units); // [batch, n, units]
        LstmSteps steps = new LstmSteps(n, units, lengths.clone(), reverse);
        steps.forward(gates, recurrent.value(), cells, hidden);
        tape.record(
                name,
                () -> {
                    INDArray dHidden = tape.gradient(hidden).dup('c');
                    // Les portes laissent la place à leurs gradients.
                    steps.backward(gates, recurrent.value(), cells, hidden, dHidden, recurrent.receiveGradient(tape));
                    tape.accumulate(gates, gates);
                },
                hidden);
        return hidden;
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> dense = entry.parameters();
        return List.of(dense.get(0), recurrent, dense.get(1));
    }
}
