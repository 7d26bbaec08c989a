package fr.cours.attention.layers;

import fr.cours.attention.layers.ScaledDotProductAttention.Heads;
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

    /** Des blocs de 512 requêtes et 512 clés : 1 Mio de scores par cœur, qui reste en cache. */
    public BlockwiseAttention() {
        this(512);
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
        Heads x = Heads.of(queries, keys, values);
        long heads = x.q().size(1);
        long n = x.q().size(2);
        long m = x.k().size(2);
        float scale = (float) (1 / Math.sqrt(x.k().size(3)));
        INDArray output = Nd4j.create(DataType.FLOAT, ScaledDotProductAttention.shape(x.q(), x.v().size(3))); // Σ e^s·v
        long blocks = (n + block - 1) / block;
        // Les blocs de requêtes ne se doivent rien : chaque cœur a les siens.
        Parallel.run(Math.toIntExact(x.q().size(0) * heads * blocks), part -> {
            long batch = part / blocks / heads;
            long head = part / blocks % heads;
            long first = part % blocks * block;
            INDArrayIndex[] rows = rows(batch, head, first, Math.min(n, first + block));
            INDArray some = x.q().get(rows); // [1, 1, bloc, d_k]
            INDArray sum = output.get(rows); // [1, 1, bloc, d_v]
            OnlineSoftmax softmax = new OnlineSoftmax(sum);
            // Un bloc, qui sert à tous : chaque fois un neuf, ce serait n × m en tout.
            INDArray scores = Blank.of(1, 1, some.size(2), Math.min(block, m));
            for (long key = 0; key < m; key += block) {
                INDArrayIndex[] columns = rows(batch, head, key, Math.min(m, key + block));
                INDArray seen = x.k().get(columns); // [1, 1, bloc, d_k]
                if (scores.size(3) != seen.size(2)) {
                    tape.release(scores);
                    scores = Blank.of(1, 1, some.size(2), seen.size(2));
                }
                AttentionMask hiding = mask.part((int) first, (int) key, 1, (int) m);
                Gemm.abt(some, seen, scale, 0, scores);
                softmax.add(scores, (lot, query, hidden, count) -> hiding.fill((int) batch, query, hidden, count));
                Gemm.ab(scores, x.v().get(columns), 1, 1, sum); // e^(s − max)·v, et Σ déjà corrigée
            }
            tape.release(scores);
            softmax.normalize();
        });
        return new AttentionOutput(output.reshape(ScaledDotProductAttention.shape(queries, x.v().size(3))), null);
    }

    private static INDArrayIndex[] rows(long batch, long head, long from, long to) {
        return new INDArrayIndex[] {
            NDArrayIndex.interval(batch, batch + 1),
            NDArrayIndex.interval(head, head + 1),
            NDArrayIndex.interval(from, to),
            NDArrayIndex.all()
        };
    }

    /** {@return une liste vide : cette attention n'a rien à apprendre} */
    @Override
    public List<Parameter> parameters() {
        return List.of();
    }
}
