package fr.cours.attention.layers;

import fr.cours.attention.layers.ScaledDotProductAttention.Heads;
import fr.cours.attention.math.Blank;
import fr.cours.attention.math.Interruption;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * L'attention clairsemée : chaque requête ne regarde que quelques clés, et les autres scores ne sont jamais calculés.
 * Elle rend ce que rendrait l'attention entière sous le masque de même nom, à {@code 1e-5} près.
 *
 * <p>La séquence est coupée en parts : des requêtes, et les clés qu'elles peuvent voir. Chaque part est une attention
 * entière sur des vues ; les poids ne sont pas rassemblés, {@link AttentionOutput#weights()} vaut {@code null}.
 */
public final class SparseAttention implements Attention {
    private static final int SMALLEST_BLOCK = 64; // en dessous, l'appel coûte plus que le produit
    private final ScaledDotProductAttention dense = new ScaledDotProductAttention();
    private final int radius; // 0 : par pas
    private final int stride;

    private record Part(INDArrayIndex[] queries, INDArrayIndex[] keys, AttentionMask mask, INDArray weights) {
        private Heads of(Heads x) {
            return new Heads(x.q().get(queries), x.k().get(keys), x.v().get(keys));
        }
    }

    private SparseAttention(int radius, int stride) {
        this.radius = radius;
        this.stride = stride;
    }

    /**
     * La fenêtre glissante : la requête {@code i} voit les clés {@code i − radius} à {@code i + radius} (Beltagy et al.,
     * 2020, § 3.1). Temps et mémoire en {@code n·radius}, au lieu de {@code n²}.
     *
     * @param radius combien de voisins de chaque côté
     * @return cette attention
     * @throws IllegalArgumentException si {@code radius} n'est pas positif
     */
    public static SparseAttention window(int radius) {
        Shapes.checkPositive("radius", radius);
        return new SparseAttention(radius, 1);
    }

    /**
     * Par pas : la requête {@code i} voit les clés {@code j} telles que {@code i − j} est un multiple de {@code stride}
     * (Child et al., 2019, § 4.3, sans le masque causal). Temps et mémoire en {@code n²/stride}.
     *
     * @param stride le pas
     * @return cette attention
     * @throws IllegalArgumentException si {@code stride} n'est pas positif
     */
    public static SparseAttention strided(int stride) {
        Shapes.checkPositive("stride", stride);
        return new SparseAttention(0, stride);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException aussi si {@code m} n'est pas {@code n} : on compte des distances
     */
    @Override
    public AttentionOutput forward(Tape tape, INDArray queries, INDArray keys, INDArray values, AttentionMask mask) {
        ScaledDotProductAttention.checkInputs(queries, keys, values, mask);
        Heads x = Heads.of(queries, keys, values);
        long n = x.q().size(2);
        Shapes.checkSize("keys", x.k(), 2, n, "autant de clés que de requêtes : " + n);
        INDArray output = Blank.of(x.v().shape()); // [batch, heads, n, d_v]
        List<Part> parts = new ArrayList<>();
        for (Part part : parts((int) n, mask)) {
            Interruption.check();
            Heads seen = part.of(x);
            INDArray weights = dense.attend(seen, part.mask, output.get(part.queries));
            if (tape.isRecording()) {
                parts.add(new Part(part.queries, part.keys, part.mask, weights));
            }
        }
        INDArray shaped = output.reshape(values.shape());
        tape.record("attention clairsemée", () -> backward(tape, queries, keys, values, shaped, parts), shaped);
        return new AttentionOutput(shaped, null);
    }

    private void backward(
            Tape tape, INDArray queries, INDArray keys, INDArray values, INDArray output, List<Part> parts) {
        Heads x = Heads.of(queries, keys, values);
        INDArray dOutput = ScaledDotProductAttention.byHead(tape.gradient(output));
        Heads gradients = new Heads(Nd4j.zerosLike(x.q()), Nd4j.zerosLike(x.k()), Nd4j.zerosLike(x.v()));
        for (Part part : parts) {
            Heads seen = part.of(x);
            Heads d = seen.blank();
            dense.backward(seen, part.weights, dOutput.get(part.queries), null, d);
            Heads into = part.of(gradients);
            into.q().assign(d.q());
            into.k().addi(d.k()); // deux fenêtres voisines partagent des clés
            into.v().addi(d.v());
        }
        gradients.accumulate(tape, queries, keys, values);
    }

    private List<Part> parts(int n, AttentionMask mask) {
        List<Part> parts = new ArrayList<>();
        if (radius == 0) { // les positions de même reste forment une attention entière
            for (int rest = 0; rest < Math.min(stride, n); rest++) {
                INDArrayIndex[] rows = rows(rest, stride, n);
                parts.add(new Part(rows, rows, mask.part(rest, rest, stride, n), null));
            }
            return parts;
        }
        int block = Math.max(radius, SMALLEST_BLOCK);
        for (int first = 0; first < n; first += block) {
            int firstKey = Math.max(0, first - radius);
            AttentionMask near = AttentionMask.band(radius, first - firstKey);
            parts.add(new Part(
                    rows(first, 1, Math.min(n, first + block)),
                    rows(firstKey, 1, Math.min(n, first + block + radius)),
                    mask.hidesNothing() ? near : near.and(mask.part(first, firstKey, 1, n)),
                    null));
        }
        return parts;
    }

    private static INDArrayIndex[] rows(int from, int step, int to) {
        return new INDArrayIndex[] {
            NDArrayIndex.all(),
            NDArrayIndex.all(),
            NDArrayIndex.interval(from, Math.min(step, to - from), to),
            NDArrayIndex.all()
        };
    }

    /** {@return une liste vide : cette attention n'a rien à apprendre} */
    @Override
    public List<Parameter> parameters() {
        return List.of();
    }
}
