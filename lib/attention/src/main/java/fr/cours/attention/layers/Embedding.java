package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Blank;
import fr.cours.attention.math.RandomTensors;
import fr.cours.attention.math.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Plongement : à chaque mot sa ligne dans une table apprise ; initialisée comme celle de Keras. */
public final class Embedding implements Layer {
    private final String name;
    private final Parameter table; // [vocabSize, dModel]

    /**
     * Une table uniforme entre −0,05 et 0,05.
     *
     * @param name nom de la table
     * @param vocabSize nombre de mots
     * @param dModel dimension des vecteurs
     * @param random la source des valeurs initiales
     * @throws IllegalArgumentException si une taille n'est pas positive
     */
    public Embedding(String name, int vocabSize, int dModel, Random random) {
        Arguments.checkPositive("vocabSize", vocabSize);
        Arguments.checkPositive("dModel", dModel);
        this.name = name;
        table = new Parameter(name, RandomTensors.uniform(random, 0.05, vocabSize, dModel));
    }

    /**
     * Les vecteurs d'un lot de phrases.
     *
     * @param tape le fil de la passe avant
     * @param ids {@code [batch][n]}, chaque identifiant de 0 à {@code vocabSize − 1}
     * @return {@code [batch, n, dModel]}
     * @throws IllegalArgumentException si le lot est vide, si ses phrases n'ont pas la même longueur ou si un
     *     identifiant sort du vocabulaire
     */
    public INDArray forward(Tape tape, int[][] ids) {
        check(ids);
        int[] flat = Stream.of(ids).flatMapToInt(Arrays::stream).toArray();
        long dModel = table.value().size(1);
        INDArray rows = Blank.of(flat.length, dModel);
        Rows.gather(table.value(), flat, rows);
        INDArray output = rows.reshape(ids.length, ids[0].length, dModel);
        tape.record(
                name,
                () -> {
                    INDArray gradient = Shapes.rowMajor(tape.gradient(output)).reshape(-1, dModel);
                    Rows.scatterAdd(
                            gradient,
                            IntStream.range(0, flat.length).toArray(),
                            flat,
                            table.receiveGradient(tape, flat));
                },
                output);
        return output;
    }

    /**
     * Contrôle un lot de phrases.
     *
     * @param ids {@code [batch][n]}
     * @throws IllegalArgumentException comme {@link #forward}
     */
    public void check(int[][] ids) {
        if (ids == null || ids.length == 0 || ids[0] == null || ids[0].length == 0) {
            throw Arguments.empty("ids", "[batch][n]");
        }
        for (int example = 0; example < ids.length; example++) {
            if (ids[example] == null || ids[example].length != ids[0].length) {
                throw new IllegalArgumentException("ids : trouvé la longueur "
                        + (ids[example] == null ? 0 : ids[example].length) + " à l'exemple " + example + ", attendu "
                        + ids[0].length + " comme au premier ; complétez les phrases courtes par 0");
            }
            for (int position = 0; position < ids[example].length; position++) {
                int id = ids[example][position];
                if (id < 0 || id >= table.value().size(0)) {
                    throw Arguments.refused(
                            "ids",
                            id + " à la position [" + example + ", " + position + "]",
                            "de 0 à " + (table.value().size(0) - 1));
                }
            }
        }
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(table);
    }
}
