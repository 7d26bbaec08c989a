package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Blank;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Une sorte d'attention : mélanger des valeurs selon ce que les requêtes trouvent dans les clés. Chacune n'écrit que sa
 * formule et son gradient ({@link #attend}) ; les contrôles, le fil et la forme sans fil sont ici, une fois pour toutes.
 * {@link MultiHeadAttention} prend celle qu'on lui donne.
 */
public abstract class Attention implements Layer {
    private final String name;

    /**
     * Une sorte d'attention.
     *
     * @param name son nom, pour dire laquelle a failli
     */
    protected Attention(String name) {
        this.name = name;
    }

    /**
     * Ce que voient les têtes, ou ses gradients.
     *
     * @param queries {@code [batch, heads, n, d_k]}, ou sans {@code heads}
     * @param keys {@code [batch, heads, m, d_k]}, ou sans {@code heads}
     * @param values {@code [batch, heads, m, d_v]}, ou sans {@code heads}
     */
    public record Heads(INDArray queries, INDArray keys, INDArray values) {
        /** {@return les mêmes, contigus et avec la dimension des têtes ; copiés s'il le faut} */
        public Heads byHead() {
            return new Heads(Attention.byHead(queries), Attention.byHead(keys), Attention.byHead(values));
        }

        /** {@return de quoi écrire leurs gradients} */
        public Heads blank() {
            return new Heads(Blank.of(queries.shape()), Blank.of(keys.shape()), Blank.of(values.shape()));
        }

        /** Écrit d'autres gradients, de mêmes nombres, à la place de ceux-ci. */
        void assign(Heads gradients) {
            queries.assign(gradients.queries.reshape(queries.shape()));
            keys.assign(gradients.keys.reshape(keys.shape()));
            values.assign(gradients.values.reshape(values.shape()));
        }
    }

    /**
     * Ce qu'une passe avant a laissé.
     *
     * @param weights les poids, {@code [batch, heads, n, m]} ou {@code [batch, n, m]} ; {@code null} si cette attention ne
     *     les forme pas
     * @param backward comment revenir
     */
    public record Attended(INDArray weights, Backward backward) {}

    /** Le gradient d'une attention. */
    @FunctionalInterface
    public interface Backward {
        /**
         * De la sortie vers les entrées.
         *
         * @param tape le fil de la passe arrière, pour les paramètres de l'attention si elle en a
         * @param dOutput gradient de la sortie, de sa forme ; {@code null} si elle n'en a pas reçu
         * @param dWeights gradient que les poids ont reçu directement ; {@code null} s'il n'y en a pas
         * @param d les gradients des entrées, à remplir ; des vues conviennent
         */
        void apply(Tape tape, INDArray dOutput, INDArray dWeights, Heads d);
    }

    /**
     * La formule. Les entrées ont été contrôlées ; elles et la sortie peuvent être des vues, telles les têtes d'un même
     * tableau.
     *
     * @param tape le fil de la passe avant ; {@link Tape#isRecording} dit s'il faut garder de quoi revenir
     * @param x les requêtes, les clés et les valeurs
     * @param mask les clés cachées
     * @param output {@code [batch, heads, n, d_v]}, ou sans {@code heads} comme {@code x}, à remplir
     * @return les poids, et comment revenir
     */
    protected abstract Attended attend(Tape tape, Heads x, AttentionMask mask, INDArray output);

    /**
     * Mélange les valeurs selon la ressemblance des requêtes et des clés.
     *
     * @param queries {@code [batch, n, d_k]} ou {@code [batch, heads, n, d_k]}
     * @param keys {@code [batch, m, d_k]} ou {@code [batch, heads, m, d_k]}
     * @param values {@code [batch, m, d_v]} ou {@code [batch, heads, m, d_v]}
     * @param mask les clés cachées ; {@link AttentionMask#none()} pour aucune
     * @return sortie {@code [batch, n, d_v]} et poids {@code [batch, n, m]}, avec {@code heads} après {@code batch} si
     *     les entrées l'ont ; des poids {@code null} si cette attention ne les forme pas
     * @throws IllegalArgumentException si un tableau est absent, d'un autre rang, de dimensions qui ne s'accordent pas,
     *     ou contient NaN ou un infini ; si le masque n'a pas la forme des scores ; ou ce que cette sorte refuse de plus
     * @throws ArithmeticException si un score dépasse ce qu'un float peut porter
     */
    public final AttentionOutput forward(INDArray queries, INDArray keys, INDArray values, AttentionMask mask) {
        return forward(Tape.NONE, queries, keys, values, mask);
    }

    /**
     * Comme {@link #forward(INDArray, INDArray, INDArray, AttentionMask)}, et note sur le fil comment revenir.
     *
     * @param tape le fil de la passe avant
     * @param queries les requêtes
     * @param keys les clés
     * @param values les valeurs
     * @param mask les clés cachées
     * @return sortie et poids
     * @throws IllegalArgumentException comme l'autre forme
     * @throws ArithmeticException comme l'autre forme
     */
    public final AttentionOutput forward(
            Tape tape, INDArray queries, INDArray keys, INDArray values, AttentionMask mask) {
        // Sans têtes, le rang 3 va tel quel : un reshape d'ND4J coûte autant que toute une petite attention.
        Heads x = check(queries, keys, values, mask);
        INDArray output = Blank.of(shape(queries, values.size(-1)));
        Attended attended = attend(tape, x, mask, output);
        record(tape, name, attended, output, () -> {
            Heads d = x.blank();
            attended.backward.apply(tape, tape.gradient(output), gradient(tape, attended.weights), d);
            tape.accumulate(queries, d.queries);
            tape.accumulate(keys, d.keys);
            tape.accumulate(values, d.values);
        });
        return new AttentionOutput(output, attended.weights);
    }

    /** Note un pas dont sortent {@code output}, et les poids s'il y en a. */
    static void record(Tape tape, String step, Attended attended, INDArray output, Runnable backward) {
        if (attended.weights == null) {
            tape.record(step, backward, output);
        } else {
            tape.record(step, backward, output, attended.weights);
        }
    }

    static INDArray gradient(Tape tape, INDArray weights) {
        return weights == null ? null : tape.gradient(weights);
    }

    /** Une tête de plus si le tableau n'en a pas : {@code [batch, n, d]} est {@code [batch, 1, n, d]}. */
    static INDArray byHead(INDArray array) {
        if (array == null) { // pas de gradient
            return null;
        }
        // Une vue qui commence plus loin que son tableau : ND4J se trompe en y prenant d'autres vues.
        INDArray rows = array.offset() == 0 ? Shapes.rowMajor(array) : array.dup('c');
        return rows.rank() == 4 ? rows : rows.reshape(rows.size(0), 1, rows.size(1), rows.size(2));
    }

    static long[] shape(INDArray like, long last) {
        long[] shape = like.shape().clone();
        shape[shape.length - 1] = last;
        return shape;
    }

    private static Heads check(INDArray queries, INDArray keys, INDArray values, AttentionMask mask) {
        INDArray q = Shapes.check("queries", queries, "[batch, n, d_k] ou [batch, heads, n, d_k]", 3, 4);
        int rank = queries.rank();
        INDArray k = Shapes.check("keys", keys, "le rang " + rank + " comme queries", rank);
        INDArray v = Shapes.check("values", values, "le rang " + rank + " comme queries", rank);
        checkSizes(queries, keys, values, mask);
        return new Heads(q, k, v);
    }

    /** Ce que les tailles se doivent les unes aux autres. */
    static void checkSizes(INDArray queries, INDArray keys, INDArray values, AttentionMask mask) {
        int rank = queries.rank();
        String lots = rank == 4 ? "[" + queries.size(0) + ", " + queries.size(1) : "[" + queries.size(0);
        String expectedKeys = lots + ", m, " + queries.size(rank - 1) + "] comme queries";
        String expectedValues = lots + ", " + keys.size(rank - 2) + ", d_v] comme keys";
        for (int axis = 0; axis < rank - 2; axis++) {
            Shapes.checkSize("keys", keys, axis, queries.size(axis), expectedKeys);
            Shapes.checkSize("values", values, axis, queries.size(axis), expectedValues);
        }
        Shapes.checkSize("keys", keys, rank - 1, queries.size(rank - 1), expectedKeys);
        Shapes.checkSize("values", values, rank - 2, keys.size(rank - 2), expectedValues);
        Arguments.checkPresent("mask", mask, "un masque ; AttentionMask.none() ne cache rien");
        mask.checkFits(queries.size(0), queries.size(rank - 2), keys.size(rank - 2));
    }
}
