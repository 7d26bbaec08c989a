package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
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
public final class SparseAttention extends Attention {
    private static final int SMALLEST_BLOCK = 64; // en dessous, l'appel coûte plus que le produit
    private final ScaledDotProductAttention dense = new ScaledDotProductAttention();
    private final int radius; // 0 : par pas
    private final int stride;

    /** Des requêtes, les clés qu'elles peuvent voir, et ce qu'elles n'en voient pas. */
    private record Part(INDArrayIndex[] queries, INDArrayIndex[] keys, AttentionMask mask) {
        private Heads of(Heads x) {
            return new Heads(
                    x.queries().get(queries), x.keys().get(keys), x.values().get(keys));
        }
    }

    private SparseAttention(int radius, int stride) {
        super("attention clairsemée");
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
        Arguments.checkPositive("radius", radius);
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
        Arguments.checkPositive("stride", stride);
        return new SparseAttention(0, stride);
    }

    /** Il faut autant de clés que de requêtes : on compte des distances. */
    @Override
    protected Attended attend(Tape tape, Heads given, AttentionMask mask, INDArray output) {
        Heads x = given.byHead();
        int n = (int) x.queries().size(2);
        Shapes.checkSize("keys", x.keys(), 2, n, "autant de clés que de requêtes : " + n);
        List<Part> parts = parts(n, mask);
        List<Attended> attended = new ArrayList<>();
        INDArray heads = output.rank() == 4 ? output : output.reshape(x.values().shape());
        for (Part part : parts) {
            Interruption.check();
            Attended one = dense.attend(Tape.NONE, part.of(x), part.mask, heads.get(part.queries));
            if (tape.isRecording()) {
                attended.add(one);
            }
        }
        return new Attended(null, (back, dOutput, dWeights, d) -> {
            INDArray up = byHead(dOutput);
            Heads sums = new Heads(Nd4j.zerosLike(x.queries()), Nd4j.zerosLike(x.keys()), Nd4j.zerosLike(x.values()));
            for (int i = 0; i < parts.size(); i++) {
                Heads one = parts.get(i).of(x).blank();
                attended.get(i).backward().apply(back, up.get(parts.get(i).queries), null, one);
                Heads into = parts.get(i).of(sums);
                into.queries().assign(one.queries());
                into.keys().addi(one.keys()); // deux fenêtres voisines partagent des clés
                into.values().addi(one.values());
            }
            d.assign(sums);
        });
    }

    private List<Part> parts(int n, AttentionMask mask) {
        List<Part> parts = new ArrayList<>();
        if (radius == 0) { // les positions de même reste forment une attention entière
            for (int rest = 0; rest < Math.min(stride, n); rest++) {
                INDArrayIndex[] rows = rows(rest, stride, n);
                parts.add(new Part(rows, rows, mask.part(rest, rest, stride, n)));
            }
            return parts;
        }
        int reach = Math.min(radius, n); // au-delà, il n'y a pas de clé
        int block = Math.max(reach, SMALLEST_BLOCK);
        for (int first = 0; first < n; first += block) {
            int firstKey = Math.max(0, first - reach);
            AttentionMask near = AttentionMask.band(reach, first - firstKey);
            parts.add(new Part(
                    rows(first, 1, Math.min(n, first + block)),
                    rows(firstKey, 1, Math.min(n, first + block + reach)),
                    mask.hidesNothing() ? near : near.and(mask.part(first, firstKey, 1, n))));
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
