package fr.cours.attention.layers;

import fr.cours.attention.layers.Attention.Attended;
import fr.cours.attention.layers.Attention.Heads;
import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Blank;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Attention à plusieurs têtes (Vaswani et al., 2017, § 3.2.2) : chaque tête regarde dans sa propre projection, une
 * dernière projection mélange ce qu'elles ont vu.
 */
public final class MultiHeadAttention implements Layer {
    private final String prefix;
    private final int dModel;
    private final int numHeads;
    private final int depth;
    private final Dense wq;
    private final Dense wk;
    private final Dense wv;
    private final Dense dense;
    private final Attention kind;

    /**
     * Une attention à plusieurs têtes.
     *
     * @param dModel dimension du modèle
     * @param numHeads nombre de têtes, qui divise {@code dModel}
     * @param seed graine des valeurs initiales
     * @throws IllegalArgumentException si une taille n'est pas positive ou si {@code numHeads} ne divise pas
     *     {@code dModel}
     */
    public MultiHeadAttention(int dModel, int numHeads, long seed) {
        this("", dModel, numHeads, new Random(seed));
    }

    /**
     * Une attention à plusieurs têtes dans un modèle qui en a plusieurs.
     *
     * @param prefix ce qui précède le nom de ses paramètres, par exemple {@code "bloc1."}
     * @param dModel dimension du modèle
     * @param numHeads nombre de têtes, qui divise {@code dModel}
     * @param random la source des valeurs initiales
     * @throws IllegalArgumentException comme l'autre constructeur
     */
    public MultiHeadAttention(String prefix, int dModel, int numHeads, Random random) {
        this(prefix, dModel, numHeads, new ScaledDotProductAttention(), random);
    }

    /**
     * Une attention à plusieurs têtes d'une autre sorte : clairsemée, linéaire, à portée apprise…
     *
     * @param prefix ce qui précède le nom de ses paramètres
     * @param dModel dimension du modèle
     * @param numHeads nombre de têtes, qui divise {@code dModel}
     * @param kind l'attention que porte chaque tête
     * @param random la source des valeurs initiales
     * @throws IllegalArgumentException comme l'autre constructeur
     */
    public MultiHeadAttention(String prefix, int dModel, int numHeads, Attention kind, Random random) {
        Arguments.checkPositive("dModel", dModel);
        Arguments.checkPositive("numHeads", numHeads);
        if (dModel % numHeads != 0) {
            String possible = IntStream.rangeClosed(1, dModel)
                    .filter(heads -> dModel % heads == 0)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(", "));
            throw Arguments.refused("numHeads", numHeads, "un diviseur de dModel = " + dModel + " : " + possible);
        }
        this.prefix = prefix;
        this.kind = kind;
        this.dModel = dModel;
        this.numHeads = numHeads;
        this.depth = dModel / numHeads;
        wq = new Dense(prefix + "wq", dModel, dModel, random);
        wk = new Dense(prefix + "wk", dModel, dModel, random);
        wv = new Dense(prefix + "wv", dModel, dModel, random);
        dense = new Dense(prefix + "dense", dModel, dModel, random);
    }

    /**
     * Chaque requête mélange les valeurs, tête par tête. Trois fois le même tableau : self-attention.
     *
     * @param queries {@code [batch, n, d_model]}
     * @param keys {@code [batch, m, d_model]}
     * @param values {@code [batch, m, d_model]}
     * @param mask les clés cachées, les mêmes pour toutes les têtes
     * @return sortie {@code [batch, n, d_model]}, poids {@code [batch, heads, n, m]}
     * @throws IllegalArgumentException si une forme ne convient pas, si un tableau contient NaN ou un infini, ou si le
     *     masque n'a pas la forme des scores
     * @throws ArithmeticException si un score dépasse ce qu'un float peut porter
     */
    public AttentionOutput forward(INDArray queries, INDArray keys, INDArray values, AttentionMask mask) {
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
    public AttentionOutput forward(Tape tape, INDArray queries, INDArray keys, INDArray values, AttentionMask mask) {
        checkInputs(queries, keys, values, mask);

        // 1) Projeter requêtes, clés et valeurs, toutes les têtes à la fois.
        INDArray q = wq.apply(tape, queries); // [batch, n, d_model]
        INDArray k = wk.apply(tape, keys); // [batch, m, d_model]
        INDArray v = wv.apply(tape, values); // [batch, m, d_model]

        // 2) Découper en têtes et porter attention dans chacune. Les têtes sont des vues : rien n'est copié.
        INDArray concatenated = Blank.of(q.shape()); // [batch, n, d_model]
        Attended heads = kind.attend(tape, split(new Heads(q, k, v)), mask, split(concatenated));

        // 3) Écrites chacune à sa place dans le tableau commun, les voilà déjà bout à bout.
        Attention.record(tape, prefix + "attention", heads, concatenated, () -> {
            Heads d = new Heads(Blank.of(q.shape()), Blank.of(k.shape()), Blank.of(v.shape()));
            INDArray dWeights = Attention.gradient(tape, heads.weights());
            heads.backward().apply(tape, split(tape.gradient(concatenated)), dWeights, split(d));
            tape.accumulate(q, d.queries());
            tape.accumulate(k, d.keys());
            tape.accumulate(v, d.values());
        });

        // 4) La projection de sortie.
        INDArray output = dense.apply(tape, concatenated);
        tape.release(q, k, v, concatenated);
        return new AttentionOutput(output, heads.weights());
    }

    /** Les têtes d'un tableau {@code [batch, n, d_model]}, sans copie : {@code [batch, heads, n, depth]}. */
    private INDArray split(INDArray x) {
        return x == null // pas de gradient
                ? null
                : x.reshape(x.size(0), x.size(1), numHeads, depth).permute(0, 2, 1, 3);
    }

    private Heads split(Heads x) {
        return new Heads(split(x.queries()), split(x.keys()), split(x.values()));
    }

    private void checkInputs(INDArray queries, INDArray keys, INDArray values, AttentionMask mask) {
        check("queries", queries, "[batch, n, " + dModel + "]");
        if (keys != queries) { // un même tableau trois fois : le relire coûterait autant qu'un softmax
            check("keys", keys, "[batch, m, " + dModel + "]");
        }
        if (values != keys) {
            check("values", values, "[batch, m, " + dModel + "]");
        }
        Attention.checkSizes(queries, keys, values, mask);
    }

    private void check(String name, INDArray array, String expected) {
        Shapes.check(name, array, expected, 3);
        Shapes.checkSize(name, array, 2, dModel, expected);
    }

    /** {@return noyau et biais de {@code wq}, {@code wk}, {@code wv} et {@code dense}, puis ce qu'apprend la sorte d'attention} */
    @Override
    public List<Parameter> parameters() {
        return Layer.parametersOf(wq, wk, wv, dense, kind);
    }
}
