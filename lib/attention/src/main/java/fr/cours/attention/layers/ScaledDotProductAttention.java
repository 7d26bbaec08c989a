package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Blank;
import fr.cours.attention.math.Gemm;
import fr.cours.attention.math.Loops;
import fr.cours.attention.math.Matrices;
import fr.cours.attention.math.Range;
import fr.cours.attention.math.Rows;
import fr.cours.attention.math.Softmax;
import fr.cours.attention.math.Tile;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Attention à produit scalaire mis à l'échelle : {@code softmax(QKᵀ/√d_k)·V} (Vaswani et al., 2017, éq. 1). */
public final class ScaledDotProductAttention extends Attention {
    private static final double SQUARE_ROOT = 0; // la température de l'article : √d_k

    private final double temperature;
    private final Dropout dropout;

    /** L'attention de l'article : les scores sont divisés par {@code √d_k}. */
    public ScaledDotProductAttention() {
        this(SQUARE_ROOT, new Dropout(0, 0));
    }

    /**
     * Une attention qui divise les scores par une température choisie, à la place de {@code √d_k}.
     *
     * @param temperature positive ; petite, l'attention se concentre ; grande, elle se répartit
     * @throws IllegalArgumentException si la température n'est pas un nombre positif et fini
     */
    public ScaledDotProductAttention(double temperature) {
        this(temperature, new Dropout(0, 0));
        Arguments.check(
                temperature > 0 && Double.isFinite(temperature),
                "temperature",
                temperature,
                "un nombre positif et fini");
    }

    private ScaledDotProductAttention(double temperature, Dropout dropout) {
        super("attention");
        this.temperature = temperature;
        this.dropout = dropout;
    }

    /**
     * La même attention, dont des poids sont abandonnés à l'entraînement, après le softmax : une requête n'apprend pas à ne
     * compter que sur une clé (le code publié avec Vaswani et al., 2017). Les poids rendus sont ceux d'avant l'abandon.
     *
     * @param rate probabilité d'abandon, de 0 compris à 1 exclu
     * @param seed graine des tirages
     * @return cette attention
     * @throws IllegalArgumentException si {@code rate} sort de ces bornes
     */
    public ScaledDotProductAttention withDropout(double rate, long seed) {
        return new ScaledDotProductAttention(temperature, new Dropout(rate, seed));
    }

    @Override
    protected Attended attend(Tape tape, Heads x, AttentionMask mask, INDArray output) {
        INDArray weights = Blank.of(shape(x.queries(), x.keys().size(-2)));
        return dropout.isActive(tape)
                ? attendDropping(tape, x, mask, weights, output)
                : attendWhole(x, mask, weights, output);
    }

    private Attended attendWhole(Heads x, AttentionMask mask, INDArray weights, INDArray output) {
        Matrices v = Matrices.of(x.values());
        Matrices w = Matrices.of(weights);
        Matrices out = Matrices.of(output);
        // Sortie W·V : la moyenne pondérée des valeurs. Ce qu'un morceau ne voit pas y pèserait 0.
        weigh(
                x,
                mask,
                weights,
                (tile, seen) -> Gemm.multiply(
                        1, tile.rowsOf(w).columns(seen), v.lots(tile.lots()).rows(seen), 0, tile.rowsOf(out)));
        return new Attended(weights, (back, dOutput, dWeights, d) -> {
            INDArray dScores = dWeights == null ? Blank.of(weights.shape()) : dWeights.dup('c');
            if (dOutput == null) {
                d.values().assign(0);
                unweigh(x, weights, dScores, d, lots -> {});
                return;
            }
            Matrices up = Matrices.of(dOutput);
            Matrices dv = Matrices.of(d.values());
            Matrices dw = Matrices.of(dScores);
            int received = dWeights == null ? 0 : 1;
            unweigh(x, weights, dScores, d, lots -> {
                Gemm.multiply(1, w.lots(lots).transposed(), up.lots(lots), 0, dv.lots(lots)); // dV = Wᵀ·dO
                Gemm.multiply(1, up.lots(lots), v.lots(lots).transposed(), received, dw.lots(lots)); // dW = dO·Vᵀ
            });
        });
    }

    /** La même formule, où {@code W⊙a} tient la place de {@code W} dans la sortie ; {@code a} vaut 0, ou 1/(1 − taux). */
    private Attended attendDropping(Tape tape, Heads x, AttentionMask mask, INDArray weights, INDArray output) {
        weigh(x, mask, weights, (tile, seen) -> {});
        float[] kept = dropout.factors(tape, weights.length());
        INDArray used = Loops.multiply(weights, kept); // W⊙a
        Gemm.ab(used, x.values(), 1, 0, output);
        return new Attended(weights, (back, dOutput, dWeights, d) -> {
            INDArray dScores = dWeights == null ? Nd4j.zerosLike(weights) : dWeights.dup('c');
            if (dOutput == null) {
                d.values().assign(0);
            } else {
                Gemm.atb(used, dOutput, 1, 0, d.values()); // dV = (W⊙a)ᵀ·dO
                INDArray dUsed = Blank.of(weights.shape());
                Gemm.abt(dOutput, x.values(), 1, 0, dUsed);
                Rows.add(Loops.multiply(dUsed, kept), dScores); // dW = a⊙(dO·Vᵀ)
            }
            unweigh(x, weights, dScores, d, lots -> {});
        });
    }

    /**
     * Les poids, {@code softmax(QKᵀ/√d_k)}, morceau par morceau.
     *
     * @param weights à remplir
     * @param then ce qu'on fait d'un morceau, et des clés qu'il voit, tant qu'il est en cache
     */
    private void weigh(Heads x, AttentionMask mask, INDArray weights, BiConsumer<Tile, Range> then) {
        Matrices q = Matrices.of(x.queries());
        Matrices kt = Matrices.of(x.keys()).transposed();
        Matrices w = Matrices.of(weights);
        float scale = scale(x.keys());
        Tile.shareScores(w, q.columnCount(), true, tile -> {
            Range seen = Range.first(Softmax.reach(weights, mask, tile)); // au-delà, tout est caché : rien à calculer
            // Scores QKᵀ/√d_k, de variance ramenée à 1.
            Gemm.multiply(
                    scale,
                    tile.rowsOf(q),
                    kt.lots(tile.lots()).columns(seen),
                    0,
                    tile.rowsOf(w).columns(seen));
            Softmax.overKeys(weights, mask, tile); // chaque ligne somme à 1, 0 où c'est caché
            then.accept(tile, seen);
        });
    }

    /**
     * Le gradient des poids, des poids vers les requêtes et les clés.
     *
     * @param dScores gradient des poids ; devient celui des scores
     * @param d les gradients des requêtes et des clés, à remplir
     * @param first ce qui, pour chaque morceau, finit d'abord le gradient des poids
     */
    private void unweigh(Heads x, INDArray weights, INDArray dScores, Heads d, Consumer<Range> first) {
        Matrices q = Matrices.of(x.queries());
        Matrices k = Matrices.of(x.keys());
        Matrices dq = Matrices.of(d.queries());
        Matrices dk = Matrices.of(d.keys());
        Matrices ds = Matrices.of(dScores);
        float scale = scale(x.keys());
        Tile.shareScores(ds, k.columnCount(), false, tile -> {
            Range lots = tile.lots();
            first.accept(lots);
            Softmax.backward(weights, dScores, tile); // dS = W⊙(dW − Σ dW⊙W)
            Gemm.multiply(scale, ds.lots(lots), k.lots(lots), 0, dq.lots(lots)); // dQ = dS·K/√d_k
            Gemm.multiply(scale, ds.lots(lots).transposed(), q.lots(lots), 0, dk.lots(lots)); // dK = dSᵀ·Q/√d_k
        });
    }

    private float scale(INDArray keys) {
        return (float) (1 / (temperature == SQUARE_ROOT ? Math.sqrt(keys.size(-1)) : temperature));
    }

    /** {@return une liste vide : cette attention n'a rien à apprendre} */
    @Override
    public List<Parameter> parameters() {
        return List.of();
    }
}
