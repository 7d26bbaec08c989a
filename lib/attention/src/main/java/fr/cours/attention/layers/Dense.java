package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Blank;
import fr.cours.attention.math.Gemm;
import fr.cours.attention.math.Matrices;
import fr.cours.attention.math.RandomTensors;
import fr.cours.attention.math.Rows;
import fr.cours.attention.math.Tile;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Couche dense : {@code y = x·kernel + bias}, appliquée à chaque ligne ; initialisée comme celle de Keras. */
public final class Dense implements Layer {
    private final String name;
    private final int inputs;
    private final int units;
    private final Parameter kernel; // [inputs, units]
    private final Parameter bias; // [units]

    /**
     * Une couche dense : noyau Glorot uniforme, biais nuls.
     *
     * @param name préfixe du nom de ses paramètres : {@code name.kernel}, {@code name.bias}
     * @param inputs dimension d'entrée
     * @param units dimension de sortie
     * @param random la source des valeurs initiales
     * @throws IllegalArgumentException si une dimension n'est pas positive
     */
    public Dense(String name, int inputs, int units, Random random) {
        Arguments.checkPositive("inputs", inputs);
        Arguments.checkPositive("units", units);
        this.name = name;
        this.inputs = inputs;
        this.units = units;
        kernel = new Parameter(name + ".kernel", RandomTensors.glorotUniform(random, inputs, units));
        bias = new Parameter(name + ".bias", Nd4j.zeros(DataType.FLOAT, units));
    }

    /**
     * Applique la couche.
     *
     * @param x {@code [n, inputs]}, {@code [batch, n, inputs]} ou {@code [batch, heads, n, inputs]}
     * @return la même forme, {@code units} en dernière dimension
     * @throws IllegalArgumentException si la forme ne convient pas ou si {@code x} contient NaN ou un infini
     */
    public INDArray forward(INDArray x) {
        return forward(Tape.NONE, x);
    }

    /**
     * Applique la couche et note sur le fil comment revenir.
     *
     * @param tape le fil de la passe avant
     * @param x comme pour {@link #forward(INDArray)}
     * @return comme {@link #forward(INDArray)}
     * @throws IllegalArgumentException comme {@link #forward(INDArray)}
     */
    public INDArray forward(Tape tape, INDArray x) {
        String expected = "[…, n, " + inputs + "] de rang 2, 3 ou 4";
        Shapes.check("x", x, expected, 2, 3, 4);
        Shapes.checkSize("x", x, x.rank() - 1, inputs, expected);
        return apply(tape, x);
    }

    /** Comme {@code forward}, pour une entrée que l'appelant a déjà contrôlée. */
    INDArray apply(Tape tape, INDArray x) {
        long[] shape = x.shape().clone();
        shape[shape.length - 1] = units;
        INDArray rows = Shapes.rowMajor(x).reshape(-1, inputs); // [lignes, inputs]
        INDArray y = Blank.of(rows.size(0), units); // [lignes, units]
        float[] b = bias.value().toFloatVector();
        Matrices x2 = Matrices.of(rows);
        Matrices w = Matrices.of(kernel.value());
        Matrices target = Matrices.of(y);
        Tile.share(target, inputs, tile -> {
            Rows.fill(y, b, tile); // le produit s'ajoute au biais, encore en cache
            Gemm.multiply(1, tile.rowsOf(x2), tile.columnsOf(w), 1, tile.of(target));
        });
        INDArray output = y.reshape(shape);
        tape.record(name, () -> backward(tape, x, rows, output), output);
        return output;
    }

    private void backward(Tape tape, INDArray x, INDArray rows, INDArray output) {
        INDArray dy = Shapes.rowMajor(tape.gradient(output)).reshape(-1, units);
        Gemm.atb(rows, dy, 1, 1, kernel.receiveGradient(tape));
        Rows.addSum(dy, bias.receiveGradient(tape));
        INDArray dx = Blank.of(rows.shape());
        Gemm.abt(dy, kernel.value(), 1, 0, dx);
        tape.accumulate(x, dx.reshape(x.shape()));
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(kernel, bias);
    }
}
