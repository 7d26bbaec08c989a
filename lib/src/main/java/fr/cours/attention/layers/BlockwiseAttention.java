package fr.cours.attention.layers;

import fr.cours.attention.math.Blank;
import fr.cours.attention.math.Gemm;
import fr.cours.attention.math.OnlineSoftmax;
import fr.cours.attention.math.Parallel;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * L'attention exacte sans la matrice {@code n × m} : les clés passent bloc par bloc, et le softmax se corrige à mesure
 * (Milakov et Gimelshein, 2018, algorithme 3 ; Dao et al., 2022, algorithme 1). Même sortie que
 * {@link ScaledDotProductAttention} à {@code 1e-5} près, mémoire en {@code n + m}.
 *
 * <p>Pour l'inférence : les poids n'existent jamais ensemble ({@link AttentionOutput#weights()} vaut {@code null}) et
 * rien n'est gardé pour revenir en arrière.
 */
public final class BlockwiseAttention implements Attention {
    private final int block;

    /** Des blocs de 256 requêtes et 256 clés : 256 Kio de scores par tête, qui restent en cache. */
    public BlockwiseAttention() {
        this(256);
    }

    /**
     * Des blocs de taille choisie.
     *
     * @param block combien de requêtes, et de clés, à la fois
     * @throws IllegalArgumentException si {@code block} n'est pas positif
     */
    public BlockwiseAttention(int block) {
        Shapes.checkPositive("block", block);
        this.block = block;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException aussi si le fil enregistre : cette attention n'a pas de passe arrière
     */
    @Override
    public AttentionOutput forward(Tape tape, INDArray queries, INDArray keys, INDArray values, AttentionMask mask) {
        if (tape.isRecording()) {
            throw new IllegalArgumentException(
                    "tape : trouvé un fil qui enregistre, attendu Tape.NONE ; l'attention par"
                            + " blocs sert à l'inférence, entraînez avec ScaledDotProductAttention");
        }
        ScaledDotProductAttention.checkInputs(queries, keys, values, mask);
        INDArray q = ScaledDotProductAttention.byHead(queries); // [batch, heads, n, d_k]
        INDArray k = ScaledDotProductAttention.byHead(keys); // [batch, heads, m, d_k]
        INDArray v = ScaledDotProductAttention.byHead(values); // [batch, heads, m, d_v]
        long n = q.size(2);
        long m = k.size(2);
        float scale = (float) (1 / Math.sqrt(k.size(3)));
        INDArray output = Blank.of(q.size(0), q.size(1), n, v.size(3));
        int parts = (int) ((n + block - 1) / block);
        Parallel.run(
                parts,
                part -> { // les blocs de requêtes ne se doivent rien : chaque cœur a les siens
                    long first = (long) part * block;
                    INDArrayIndex[] rows = rows(first, Math.min(n, first + block));
                    INDArray some = q.get(rows); // [batch, heads, bloc, d_k]
                    long[] shape = some.shape();
                    INDArray sum = Nd4j.create(DataType.FLOAT, shape[0], shape[1], shape[2], v.size(3)); // Σ e^s·v
                    OnlineSoftmax softmax = new OnlineSoftmax(sum);
                    INDArray scores = null; // un bloc, qui sert à tous : chaque fois un neuf, ce serait n × m en tout
                    for (long key = 0; key < m; key += block) {
                        INDArrayIndex[] columns = rows(key, Math.min(m, key + block));
                        INDArray seen = k.get(columns); // [batch, heads, bloc, d_k]
                        if (scores == null || scores.size(3) != seen.size(2)) {
                            scores = Blank.of(shape[0], shape[1], shape[2], seen.size(2));
                        }
                        Gemm.abt(some, seen, scale, 0, scores);
                        softmax.add(
                                scores, mask.part((int) first, (int) key, 1, (int) m)); // e^(s − max), et Σ corrigée
                        Gemm.ab(scores, v.get(columns), 1, 1, sum);
                    }
                    softmax.normalize();
                    output.get(rows).assign(sum);
                });
        return new AttentionOutput(output.reshape(ScaledDotProductAttention.shape(queries, v.size(3))), null);
    }

    private static INDArrayIndex[] rows(long from, long to) {
        return new INDArrayIndex[] {
            NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(from, to), NDArrayIndex.all()
        };
    }

    /** {@return une liste vide : cette attention n'a rien à apprendre} */
    @Override
    public List<Parameter> parameters() {
        return List.of();
    }
}
