package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Blank;
import fr.cours.attention.math.Gemm;
import fr.cours.attention.math.OnlineSoftmax;
import fr.cours.attention.math.Parallel;
import fr.cours.attention.math.Rows;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
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
public final class BlockwiseAttention extends Attention {
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
        super("attention par blocs");
        Arguments.checkPositive("block", block);
        this.block = block;
    }

    /** Le fil ne doit pas enregistrer : cette attention n'a pas de passe arrière. */
    @Override
    protected Attended attend(Tape tape, Heads given, AttentionMask mask, INDArray output) {
        if (tape.isRecording()) {
            throw new IllegalArgumentException(
                    "tape : trouvé un fil qui enregistre, attendu Tape.NONE ; l'attention par"
                            + " blocs sert à l'inférence, entraînez avec ScaledDotProductAttention");
        }
        Heads x = given.byHead();
        long heads = x.queries().size(1);
        long n = x.queries().size(2);
        long m = x.keys().size(2);
        float scale = (float) (1 / Math.sqrt(x.keys().size(3)));
        INDArray whole = Shapes.rowMajor(output); // le softmax corrige une somme contiguë ; des têtes sont des vues
        INDArray sums = byHead(whole); // Σ e^s·v
        Rows.clear(sums, null);
        long blocks = (n + block - 1) / block;
        // Les blocs de requêtes ne se doivent rien : chaque cœur a les siens.
        Parallel.run(Math.toIntExact(x.queries().size(0) * heads * blocks), part -> {
            long batch = part / blocks / heads;
            long head = part / blocks % heads;
            long first = part % blocks * block;
            INDArrayIndex[] rows = rows(batch, head, first, Math.min(n, first + block));
            INDArray some = x.queries().get(rows); // [1, 1, bloc, d_k]
            INDArray sum = sums.get(rows); // [1, 1, bloc, d_v]
            OnlineSoftmax softmax = new OnlineSoftmax(sum);
            // Un bloc, qui sert à tous : chaque fois un neuf, ce serait n × m en tout.
            INDArray scores = Blank.of(1, 1, some.size(2), Math.min(block, m));
            for (long key = 0; key < m; key += block) {
                INDArrayIndex[] columns = rows(batch, head, key, Math.min(m, key + block));
                INDArray seen = x.keys().get(columns); // [1, 1, bloc, d_k]
                if (scores.size(3) != seen.size(2)) {
                    tape.release(scores);
                    scores = Blank.of(1, 1, some.size(2), seen.size(2));
                }
                AttentionMask hiding = mask.part((int) first, (int) key, 1, (int) m);
                Gemm.abt(some, seen, scale, 0, scores);
                softmax.add(scores, (lot, query, hidden, count) -> hiding.fill((int) batch, query, hidden, count));
                Gemm.ab(scores, x.values().get(columns), 1, 1, sum); // e^(s − max)·v, et Σ déjà corrigée
            }
            tape.release(scores);
            softmax.normalize();
        });
        if (whole != output) {
            output.assign(whole);
        }
        return new Attended(null, (back, dOutput, dWeights, d) -> {});
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
