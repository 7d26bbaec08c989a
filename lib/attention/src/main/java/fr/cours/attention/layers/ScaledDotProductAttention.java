package fr.cours.attention.layers;

import fr.cours.attention.math.Blank;
import fr.cours.attention.math.Gemm;
import fr.cours.attention.math.Softmax;
import fr.cours.attention.math.Tile;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Attention à produit scalaire mis à l'échelle : {@code softmax(QKᵀ/√d_k)·V} (Vaswani et al., 2017, éq. 1). */
public final class ScaledDotProductAttention implements Attention {
    private final double temperature; // 0 : √d_k, la valeur de l'article

    /** L'attention de l'article : les scores sont divisés par {@code √d_k}. */
    public ScaledDotProductAttention() {
        temperature = 0;
    }

    /**
     * Une attention qui divise les scores par une température choisie, à la place de {@code √d_k}.
     *
     * @param temperature positive ; petite, l'attention se concentre ; grande, elle se répartit
     * @throws IllegalArgumentException si la température n'est pas un nombre positif et fini
     */
    public ScaledDotProductAttention(double temperature) {
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException(
                    "temperature : trouvé " + temperature + ", attendu un nombre positif et fini");
        }
        this.temperature = temperature;
    }

    /**
     * Mélange les valeurs selon la ressemblance des requêtes et des clés.
     *
     * @param queries {@code [batch, n, d_k]} ou {@code [batch, heads, n, d_k]}
     * @param keys {@code [batch, m, d_k]} ou {@code [batch, heads, m, d_k]}
     * @param values {@code [batch, m, d_v]} ou {@code [batch, heads, m, d_v]}
     * @param mask les clés cachées ; {@link AttentionMask#none()} pour aucune
     * @return sortie {@code [batch, n, d_v]} et poids {@code [batch, n, m]}, avec {@code heads} après {@code batch} si
     *     les entrées l'ont
     * @throws IllegalArgumentException si un tableau est absent, d'un autre rang, de dimensions qui ne s'accordent pas,
     *     ou contient NaN ou un infini ; si le masque n'a pas la forme des scores
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
    @Override
    public AttentionOutput forward(Tape tape, INDArray queries, INDArray keys, INDArray values, AttentionMask mask) {
        checkInputs(queries, keys, values, mask);
        // Sans têtes, le rang 3 va tel quel : un reshape d'ND4J coûte autant que toute une petite attention.
        Heads x = new Heads(Shapes.rowMajor(queries), Shapes.rowMajor(keys), Shapes.rowMajor(values));
        INDArray output = Blank.of(shape(queries, values.size(-1)));
        INDArray weights = attend(x, mask, output);
        tape.record(
                "attention",
                () -> {
                    Heads d = x.blank();
                    backward(x, weights, tape.gradient(output), tape.gradient(weights), d);
                    d.accumulate(tape, queries, keys, values);
                },
                output,
                weights);
        return new AttentionOutput(output, weights);
    }

    /**
     * Ce que voient les têtes, ou ses gradients ; des vues conviennent. Une attention sans têtes se passe de {@code heads}.
     *
     * @param q {@code [batch, heads, n, d_k]}
     * @param k {@code [batch, heads, m, d_k]}
     * @param v {@code [batch, heads, m, d_v]}
     */
    record Heads(INDArray q, INDArray k, INDArray v) {
        /** Les entrées d'une couche, avec une dimension de plus si elles n'ont pas de têtes. */
        static Heads of(INDArray queries, INDArray keys, INDArray values) {
            return new Heads(byHead(queries), byHead(keys), byHead(values));
        }

        /** De quoi écrire leurs gradients. */
        Heads blank() {
            return new Heads(Blank.of(q.shape()), Blank.of(k.shape()), Blank.of(v.shape()));
        }

        /** Ces gradients sont ceux des entrées d'une couche. */
        void accumulate(Tape tape, INDArray queries, INDArray keys, INDArray values) {
            tape.accumulate(queries, q.reshape(queries.shape()));
            tape.accumulate(keys, k.reshape(keys.shape()));
            tape.accumulate(values, v.reshape(values.shape()));
        }
    }

    /**
     * La formule. Les têtes peuvent être des vues : rien n'est copié.
     *
     * @param x les requêtes, les clés et les valeurs
     * @param output {@code [batch, heads, n, d_v]}, ou sans {@code heads} comme {@code x}, rempli
     * @return les poids, {@code [batch, heads, n, m]} ou {@code [batch, n, m]}
     */
    INDArray attend(Heads x, AttentionMask mask, INDArray output) {
        INDArray weights = Blank.of(shape(x.q, x.k.size(-2)));
        Tile.forEach(weights, x.k.size(-1), true, tile -> {
            int seen = Softmax.reach(weights, mask, tile); // au-delà, tout est caché : rien à calculer
            // Scores QKᵀ/√d_k, de variance ramenée à 1.
            Gemm.abt(x.q, x.k, scale(x.k), 0, weights, tile.columns(0, seen));
            Softmax.overKeys(weights, mask, tile); // chaque ligne somme à 1, 0 où c'est caché
            Gemm.ab(weights, x.v, 1, 0, output, tile.depth(seen)); // moyenne pondérée des valeurs
        });
        return weights;
    }

    /**
     * Le gradient de la formule, de la sortie vers les entrées.
     *
     * @param weights ce que {@link #attend} a rendu
     * @param dOutput gradient de la sortie, ou {@code null}
     * @param dWeights gradient que les poids ont reçu directement, ou {@code null}
     * @param d les gradients des entrées, remplis
     */
    void backward(Heads x, INDArray weights, INDArray dOutput, INDArray dWeights, Heads d) {
        INDArray dScores = dWeights == null ? Blank.of(weights.shape()) : dWeights.dup('c');
        float received = dWeights == null ? 0 : 1;
        if (dOutput == null) {
            d.v.assign(0);
        }
        Tile.forEach(weights, x.k.size(-1), false, tile -> {
            if (dOutput != null) {
                Gemm.atb(weights, dOutput, 1, 0, d.v, tile); // dV = Wᵀ·dO
                Gemm.abt(dOutput, x.v, 1, received, dScores, tile); // dW = dO·Vᵀ
            }
            Softmax.backward(weights, dScores, tile); // dS = W⊙(dW − Σ dW⊙W)
            Gemm.ab(dScores, x.k, scale(x.k), 0, d.q, tile); // dQ = dS·K/√d_k
            Gemm.atb(dScores, x.q, scale(x.k), 0, d.k, tile); // dK = dSᵀ·Q/√d_k
        });
    }

    private float scale(INDArray keys) {
        return (float) (1 / (temperature > 0 ? temperature : Math.sqrt(keys.size(-1))));
    }

    /** Une tête de plus si le tableau n'en a pas : {@code [batch, n, d]} est {@code [batch, 1, n, d]}. */
    static INDArray byHead(INDArray array) {
        if (array == null) { // pas de gradient
            return null;
        }
        INDArray rows = Shapes.rowMajor(array);
        return rows.rank() == 4 ? rows : rows.reshape(rows.size(0), 1, rows.size(1), rows.size(2));
    }

    static long[] shape(INDArray like, long last) {
        long[] shape = like.shape().clone();
        shape[shape.length - 1] = last;
        return shape;
    }

    /** Les contrôles communs aux attentions de ce paquet. */
    static void checkInputs(INDArray queries, INDArray keys, INDArray values, AttentionMask mask) {
        Shapes.check("queries", queries, "[batch, n, d_k] ou [batch, heads, n, d_k]", 3, 4);
        int rank = queries.rank();
        Shapes.check("keys", keys, "le rang " + rank + " comme queries", rank);
        Shapes.check("values", values, "le rang " + rank + " comme queries", rank);
        checkSizes(queries, keys, values, mask);
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
        if (mask == null) {
            throw new IllegalArgumentException(
                    "mask : valeur absente (null), attendu un masque ; AttentionMask.none() ne cache rien");
        }
        mask.checkFits(queries.size(0), queries.size(rank - 2), keys.size(rank - 2));
    }

    /** {@return une liste vide : cette attention n'a rien à apprendre} */
    @Override
    public List<Parameter> parameters() {
        return List.of();
    }
}
