package fr.cours.attention.layers;

import fr.cours.attention.math.Blank;
import fr.cours.attention.math.Gemm;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * L'attention linéaire, non causale (Katharopoulos et al., 2020, éq. 5 et 7) : {@code φ(Q)·(φ(K)ᵀV) / (φ(Q)·Σφ(K))} avec
 * {@code φ(x) = elu(x) + 1}. Le produit entre parenthèses ne dépend pas de la requête : temps et mémoire en
 * {@code n + m}. Ce n'est pas un softmax ; les poids ne sont jamais formés, {@link AttentionOutput#weights()} vaut
 * {@code null}.
 */
public final class LinearAttention extends Attention {
    private static final INDArrayIndex ALL = NDArrayIndex.all();

    /** Une attention linéaire. */
    public LinearAttention() {
        super("attention linéaire");
    }

    /** Le masque doit cacher les mêmes clés à toutes les requêtes : elles ne sont sommées qu'une fois. */
    @Override
    protected Attended attend(Tape tape, Heads heads, AttentionMask mask, INDArray output) {
        if (!mask.isSameForAllQueries()) {
            throw new IllegalArgumentException("mask : trouvé " + mask + ", attendu un masque de clés seulement"
                    + " (AttentionMask.padding) ; l'attention linéaire les somme une fois pour toutes les requêtes");
        }
        Heads x = heads.byHead();
        INDArray v = x.values(); // [batch, heads, m, d_v]
        long[] lots = {v.size(0), v.size(1), v.size(2), 1};
        INDArray seen = mask.seenKeys(lots[0], lots[2]); // [batch, 1, m, 1] : 1 ou 0
        INDArray fq = features(x.queries()); // [batch, heads, n, d_k]
        INDArray fk = features(x.keys()).muli(seen); // [batch, heads, m, d_k]
        INDArray v1 = Nd4j.concat(3, v, Nd4j.ones(DataType.FLOAT, lots)); // une colonne de 1 donne Σφ(K)
        INDArray summary = product(fk, true, v1); // [batch, heads, d_k, d_v + 1]
        INDArray sums = product(fq, false, summary); // [batch, heads, n, d_v + 1]
        INDArrayIndex[] weighted = {ALL, ALL, ALL, NDArrayIndex.interval(0, v.size(3))};
        INDArrayIndex[] last = {ALL, ALL, ALL, NDArrayIndex.interval(v.size(3), v.size(3) + 1)};
        INDArray total = sums.get(last).dup('c'); // [batch, heads, n, 1]
        checkSums(total, mask, (int) lots[2]);
        total.addi(total.eq(0).castTo(DataType.FLOAT)); // tout est caché : 0/1
        INDArray mixed = sums.get(weighted).div(total); // [batch, heads, n, d_v]
        output.assign(mixed.reshape(output.shape()));
        return new Attended(null, (back, dOutput, dWeights, d) -> {
            INDArray up = byHead(dOutput);
            INDArray dSums =
                    Nd4j.concat(3, up, up.mul(mixed).sum(true, 3).negi()).divi(total);
            INDArray dSummary = product(fq, true, dSums); // [batch, heads, d_k, d_v + 1]
            INDArray dv = product(fk, false, dSummary).get(weighted).dup('c');
            INDArray dfk = product(v1, false, dSummary.permute(0, 1, 3, 2)).muli(seen);
            INDArray dfq = product(dSums, false, summary.permute(0, 1, 3, 2));
            // φ' vaut 1 où φ > 1, et φ elle-même ailleurs
            d.assign(new Heads(dfq.muli(Transforms.min(fq, 1)), dfk.muli(Transforms.min(fk, 1)), dv));
        });
    }

    /**
     * {@code φ(x) = elu(x) + 1}, toujours positive : {@code x + 1} au-dessus de 0, {@code eˣ} en dessous. Écrite comme
     * {@code e^min(x, 0) + max(x, 0)} : retrancher 1 puis l'ajouter perdrait une petite exponentielle.
     */
    private static INDArray features(INDArray x) {
        return Transforms.exp(Transforms.min(x, 0), false).addi(Transforms.max(x, 0));
    }

    /** Une somme nulle veut dire que tout est caché ; autrement, les φ sont tombés sous le plus petit float. */
    private static void checkSums(INDArray total, AttentionMask mask, int m) {
        boolean[] hidden = new boolean[m];
        for (int example = 0; example < total.size(0); example++) {
            boolean seen =
                    !mask.fill(example, 0, hidden, m) || IntStream.range(0, m).anyMatch(key -> !hidden[key]);
            if (seen && total.slice(example).minNumber().doubleValue() == 0) {
                throw new ArithmeticException("scores : φ(queries)·Σφ(keys) vaut 0 dans l'exemple " + example
                        + " ; des clés ou des requêtes trop négatives passent sous le plus petit float");
            }
        }
    }

    private static INDArray product(INDArray a, boolean transposed, INDArray b) {
        INDArray out = Blank.of(b.size(0), b.size(1), a.size(transposed ? 3 : 2), b.size(3));
        if (transposed) {
            Gemm.atb(a, b, 1, 0, out);
        } else {
            Gemm.ab(a, b, 1, 0, out);
        }
        return out;
    }

    /** {@return une liste vide : cette attention n'a rien à apprendre} */
    @Override
    public List<Parameter> parameters() {
        return List.of();
    }
}
