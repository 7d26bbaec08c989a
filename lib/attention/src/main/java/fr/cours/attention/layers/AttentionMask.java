package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.HiddenKeys;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Les clés qu'une requête ne doit pas voir. <em>Vrai = caché.</em>
 *
 * <p>Un masque a la forme {@code [batch, n, m]}, où une dimension notée {@code *} vaut pour toute taille ; il est le même
 * pour toutes les têtes. Les poids cachés valent exactement 0, et une ligne cachée tout entière donne des poids et une sortie nuls.
 */
public final class AttentionMask implements HiddenKeys {
    private static final int ANY = 0;
    private static final AttentionMask NONE = new AttentionMask(ANY, ANY, ANY, (batch, query, hidden, m) -> false);

    private final int batch;
    private final int queries;
    private final int keys;
    private final HiddenKeys rows;

    private AttentionMask(int batch, int queries, int keys, HiddenKeys rows) {
        this.batch = batch;
        this.queries = queries;
        this.keys = keys;
        this.rows = rows;
    }

    /** {@return le masque qui ne cache rien} */
    public static AttentionMask none() {
        return NONE;
    }

    /**
     * Cache le remplissage : dans l'exemple {@code i}, les clés à partir de {@code lengths[i]}.
     *
     * @param lengths longueur vraie de chaque exemple, entre 0 et {@code n}
     * @param n longueur commune, remplissage compris
     * @return un masque {@code [batch, *, n]}
     * @throws IllegalArgumentException si une longueur est hors de ces bornes
     */
    public static AttentionMask padding(int[] lengths, int n) {
        Arguments.checkPositive("n", n);
        Lengths.check(lengths, n);
        int[] visible = lengths.clone();
        return new AttentionMask(visible.length, ANY, n, new FirstKeys((example, query) -> visible[example]));
    }

    /**
     * Cache l'avenir : la requête {@code i} ne voit que les clés 0 à {@code i}.
     *
     * @param n longueur de la séquence
     * @return un masque {@code [*, n, n]}
     * @throws IllegalArgumentException si {@code n} n'est pas positif
     */
    public static AttentionMask causal(int n) {
        Arguments.checkPositive("n", n);
        return new AttentionMask(ANY, n, n, new FirstKeys((example, query) -> query + 1));
    }

    /**
     * Un masque quelconque, le même pour tous les exemples.
     *
     * @param hidden {@code hidden[i][j]} vrai : la requête {@code i} ne voit pas la clé {@code j}
     * @return un masque {@code [*, n, m]}
     * @throws IllegalArgumentException si le tableau est vide ou ses lignes de longueurs différentes
     */
    public static AttentionMask of(boolean[][] hidden) {
        if (hidden == null || hidden.length == 0 || hidden[0] == null || hidden[0].length == 0) {
            throw Arguments.empty("hidden", "[n][m]");
        }
        int m = hidden[0].length;
        boolean[][] copy = new boolean[hidden.length][];
        for (int i = 0; i < hidden.length; i++) {
            if (hidden[i] == null || hidden[i].length != m) {
                throw new IllegalArgumentException("hidden : trouvé la longueur "
                        + (hidden[i] == null ? 0 : hidden[i].length) + " à la ligne " + i + ", attendu " + m
                        + " comme à la première");
            }
            copy[i] = hidden[i].clone();
        }
        return new AttentionMask(ANY, copy.length, m, (example, query, target, some) -> {
            System.arraycopy(copy[query], 0, target, 0, some);
            return true;
        });
    }

    /**
     * Ne laisse voir que les voisins : la clé {@code j} à la requête {@code i} si {@code |i − j| ≤ radius}.
     *
     * @param n longueur de la séquence
     * @param radius combien de voisins de chaque côté
     * @return un masque {@code [*, n, n]}
     * @throws IllegalArgumentException si un argument n'est pas positif
     */
    public static AttentionMask window(int n, int radius) {
        Arguments.checkPositive("n", n);
        Arguments.checkPositive("radius", radius);
        return new AttentionMask(ANY, n, n, band(Math.min(radius, n), 0).rows);
    }

    /**
     * Ne laisse voir qu'une clé sur {@code stride} : la clé {@code j} à la requête {@code i} si {@code i − j} est un
     * multiple de {@code stride}.
     *
     * @param n longueur de la séquence
     * @param stride le pas
     * @return un masque {@code [*, n, n]}
     * @throws IllegalArgumentException si un argument n'est pas positif
     */
    public static AttentionMask strided(int n, int stride) {
        Arguments.checkPositive("n", n);
        Arguments.checkPositive("stride", stride);
        return new AttentionMask(ANY, n, n, (example, query, hidden, m) -> {
            Arrays.fill(hidden, 0, m, true);
            for (long key = query % stride; key < m; key += stride) { // un pas immense ne déborde pas
                hidden[(int) key] = false;
            }
            return true;
        });
    }

    /** Comme {@link #window}, où la requête 0 est à la hauteur de la clé {@code offset} ; toute taille. */
    static AttentionMask band(int radius, int offset) {
        return new AttentionMask(ANY, ANY, ANY, (example, query, hidden, m) -> {
            Arrays.fill(hidden, 0, m, true);
            int from = Math.min(m, Math.max(0, query + offset - radius));
            Arrays.fill(hidden, from, Math.max(from, Math.min(m, query + offset + radius + 1)), false);
            return true;
        });
    }

    /** Le masque vu d'une part : une requête et une clé sur {@code step}, à partir des premières données. */
    AttentionMask part(int firstQuery, int firstKey, int step, int m) {
        return hidesNothing()
                ? this
                : new AttentionMask(ANY, ANY, ANY, (example, query, hidden, some) -> {
                    boolean[] whole = new boolean[m];
                    boolean any = rows.fill(example, firstQuery + query * step, whole, m);
                    for (int key = 0; any && key < some; key++) {
                        hidden[key] = whole[firstKey + key * step];
                    }
                    return any;
                });
    }

    /** {@code [batch, 1, m, 1]} : 1 pour une clé visible, 0 pour une clé cachée ; le masque ne dépend pas de la requête. */
    INDArray seenKeys(long size, long m) {
        INDArray seen = Nd4j.ones(DataType.FLOAT, size, 1, m, 1);
        boolean[] hidden = new boolean[(int) m];
        for (int example = 0; example < size; example++) {
            boolean any = rows.fill(example, 0, hidden, (int) m);
            for (int key = 0; any && key < m; key++) {
                seen.putScalar(example * m + key, hidden[key] ? 0 : 1);
            }
        }
        return seen;
    }

    boolean hidesNothing() {
        return this == NONE;
    }

    /** Vrai si toutes les requêtes d'un exemple voient les mêmes clés. */
    boolean isSameForAllQueries() {
        return queries == ANY;
    }

    /**
     * Cache ce que cache l'un <em>ou</em> l'autre.
     *
     * @param other l'autre masque
     * @return un masque de la forme commune
     * @throws IllegalArgumentException si les formes ne s'accordent pas
     */
    public AttentionMask and(AttentionMask other) {
        Arguments.checkPresent("other", other, "un masque");
        if (!agree(batch, other.batch) || !agree(queries, other.queries) || !agree(keys, other.keys)) {
            throw new IllegalArgumentException("other : trouvé " + other + ", attendu une forme qui s'accorde avec "
                    + this + " (* : vaut pour toute taille)");
        }
        return new AttentionMask(
                Math.max(batch, other.batch),
                Math.max(queries, other.queries),
                Math.max(keys, other.keys),
                new HiddenKeys() {
                    @Override
                    public boolean fill(int example, int query, boolean[] hidden, int m) {
                        if (!rows.fill(example, query, hidden, m)) {
                            return other.rows.fill(example, query, hidden, m);
                        }
                        boolean[] also = new boolean[m];
                        if (other.rows.fill(example, query, also, m)) {
                            for (int key = 0; key < m; key++) {
                                hidden[key] |= also[key];
                            }
                        }
                        return true;
                    }

                    @Override
                    public int reach(int example, int query, int m) {
                        return Math.min(rows.reach(example, query, m), other.rows.reach(example, query, m));
                    }
                });
    }

    /**
     * Dit si une clé est cachée à une requête.
     *
     * @param batch rang de l'exemple dans le lot, à partir de 0
     * @param query rang de la requête
     * @param key rang de la clé
     * @return vrai si elle est cachée
     * @throws IllegalArgumentException si un rang est négatif, ou sort d'une dimension que le masque connaît
     */
    public boolean isHidden(int batch, int query, int key) {
        checkRank("batch", batch, this.batch);
        checkRank("query", query, queries);
        checkRank("key", key, keys);
        boolean[] hidden = new boolean[key + 1];
        return rows.fill(batch, query, hidden, hidden.length) && hidden[key];
    }

    private static void checkRank(String name, int rank, int size) {
        if (size == ANY) {
            Arguments.checkAtLeast(name, rank, 0);
        } else {
            Arguments.checkBetween(name, rank, 0, size - 1);
        }
    }

    @Override
    public boolean fill(int example, int query, boolean[] hidden, int m) {
        return rows.fill(example, query, hidden, m);
    }

    @Override
    public int reach(int example, int query, int m) {
        return rows.reach(example, query, m);
    }

    /** Les premières clés seules sont visibles : combien dépend de l'exemple et de la requête. */
    private record FirstKeys(IntBinaryOperator count) implements HiddenKeys {
        @Override
        public boolean fill(int example, int query, boolean[] hidden, int m) {
            int seen = reach(example, query, m);
            Arrays.fill(hidden, 0, seen, false);
            Arrays.fill(hidden, seen, m, true);
            return seen < m;
        }

        @Override
        public int reach(int example, int query, int m) {
            return Math.min(m, count.applyAsInt(example, query));
        }
    }

    /** Contrôle que le masque va à des scores {@code [size, n, m]}. */
    void checkFits(long size, long n, long m) {
        if ((batch != ANY && batch != size) || (queries != ANY && queries != n) || (keys != ANY && keys != m)) {
            throw new IllegalArgumentException("mask : trouvé " + this + ", attendu [" + size + ", " + n + ", " + m
                    + "] pour [batch, requêtes, clés] (* : vaut pour toute taille)");
        }
    }

    private static boolean agree(int size, int other) {
        return size == other || size == ANY || other == ANY;
    }

    private static String size(int size) {
        return size == ANY ? "*" : Integer.toString(size);
    }

    /** {@return la forme du masque, par exemple {@code [2, *, 5]}} */
    @Override
    public String toString() {
        return "[" + size(batch) + ", " + size(queries) + ", " + size(keys) + "]";
    }
}
