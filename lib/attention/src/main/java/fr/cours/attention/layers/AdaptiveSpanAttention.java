package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Blank;
import fr.cours.attention.math.Gemm;
import fr.cours.attention.math.Softmax;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * L'attention dont chaque tête apprend sa portée {@code z} (Sukhbaatar et al., 2019, éq. 4 et 5) : les exponentielles des
 * scores sont multipliées par {@code m(x) = min(max((ramp + z − x)/ramp, 0), 1)}, {@code x} étant la distance
 * {@code |i − j|}. Au-delà de {@code z + ramp}, le poids est exactement 0.
 *
 * <p>Tous les scores sont calculés : la portée apprise dit quelle fenêtre suffirait, elle ne fait pas gagner de temps ici.
 */
public final class AdaptiveSpanAttention extends Attention {
    private final int maxSpan;
    private final int ramp;
    private final Parameter span; // [heads], en part de maxSpan

    /**
     * Une attention à portée apprise.
     *
     * @param heads nombre de têtes
     * @param maxSpan l'unité des portées : le paramètre vaut 1 pour une portée de {@code maxSpan}
     * @param ramp largeur de la pente, où la portée reçoit un gradient
     * @param initial portée initiale, en part de {@code maxSpan}, au moins 0
     * @throws IllegalArgumentException si un entier n'est pas positif ou si {@code initial} est négatif
     */
    public AdaptiveSpanAttention(int heads, int maxSpan, int ramp, double initial) {
        super("attention à portée apprise");
        Arguments.checkPositive("heads", heads);
        Arguments.checkPositive("maxSpan", maxSpan);
        Arguments.checkPositive("ramp", ramp);
        Arguments.check(initial >= 0 && Double.isFinite(initial), "initial", initial, "un nombre fini, au moins 0");
        this.maxSpan = maxSpan;
        this.ramp = ramp;
        span = new Parameter("span", Nd4j.valueArrayOf(new long[] {heads}, initial, DataType.FLOAT));
    }

    /** {@return la portée de chaque tête, en positions} */
    public double[] spans() {
        return span.value().mul(maxSpan).toDoubleVector();
    }

    /** Les têtes doivent être autant qu'à la construction. */
    @Override
    protected Attended attend(Tape tape, Heads given, AttentionMask mask, INDArray output) {
        Heads x = given.byHead();
        int heads = (int) span.value().length();
        Shapes.checkSize("queries", x.queries(), 1, heads, heads + " têtes");
        int n = (int) x.queries().size(2);
        int m = (int) x.keys().size(2);
        float[][] soft = softMask(Math.max(n, m)); // [heads, distance]
        INDArray logs = byDistance(soft, n, m, s -> s > 0 ? (float) Math.log(s) : 0); // [1, heads, n, m]
        float scale = (float) (1 / Math.sqrt(x.keys().size(3)));
        INDArray w = Blank.of(x.queries().size(0), heads, n, m);
        Gemm.abt(x.queries(), x.keys(), scale, 0, w);
        w.addi(logs); // m·e^s = e^(s + ln m)
        Softmax.overKeys(w.reshape(w.size(0) * heads, 1, n, m), (lot, query, hidden, some) -> {
            boolean masked = mask.fill(lot / heads, query, hidden, some);
            for (int key = 0; key < some; key++) {
                hidden[key] = masked && hidden[key] || soft[lot % heads][Math.abs(query - key)] == 0;
            }
            return true;
        });
        INDArray mixed = Blank.of(w.size(0), heads, n, x.values().size(3));
        Gemm.ab(w, x.values(), 1, 0, mixed);
        output.assign(mixed.reshape(output.shape()));
        return new Attended(w.reshape(shape(given.queries(), m)), (back, dOutput, dWeights, d) -> {
            INDArray dScores =
                    dWeights == null ? Nd4j.zerosLike(w) : byHead(dWeights).dup('c');
            INDArray dValues = Nd4j.zerosLike(x.values());
            if (dOutput != null) {
                INDArray up = byHead(dOutput);
                Gemm.atb(w, up, 1, 0, dValues);
                Gemm.abt(up, x.values(), 1, 1, dScores);
            }
            Softmax.backward(w, dScores);
            INDArray dQueries = Blank.of(x.queries().shape());
            Gemm.ab(dScores, x.keys(), scale, 0, dQueries);
            INDArray dKeys = Blank.of(x.keys().shape());
            Gemm.atb(dScores, x.queries(), scale, 0, dKeys);
            // d ln m / d span = maxSpan/(ramp·m) sur la pente, 0 ailleurs
            float slope = (float) maxSpan / ramp;
            INDArray slopes = byDistance(soft, n, m, s -> s > 0 && s < 1 ? slope / s : 0);
            INDArray open = span.value().gt(0).castTo(DataType.FLOAT); // en deçà de 0, la portée n'agit plus
            span.receiveGradient(back).addi(dScores.mul(slopes).sum(0, 2, 3).mul(open));
            d.assign(new Heads(dQueries, dKeys, dValues));
        });
    }

    private float[][] softMask(int distances) {
        float[][] soft = new float[(int) span.value().length()][distances];
        for (int head = 0; head < soft.length; head++) {
            float z = Math.max(0, span.value().getFloat(head) * maxSpan);
            for (int x = 0; x < distances; x++) {
                soft[head][x] = Math.min(Math.max((ramp + z - x) / ramp, 0), 1);
            }
        }
        return soft;
    }

    private interface FloatFunction {
        float of(float x);
    }

    private static INDArray byDistance(float[][] soft, int n, int m, FloatFunction f) {
        float[] all = new float[soft.length * n * m];
        for (int at = 0; at < all.length; at++) {
            all[at] = f.of(soft[at / (n * m)][Math.abs(at / m % n - at % m)]);
        }
        return Nd4j.create(all, new long[] {1, soft.length, n, m}, 'c');
    }

    /** {@return la portée de chaque tête, en part de {@code maxSpan} : {@code [heads]}} */
    @Override
    public List<Parameter> parameters() {
        return List.of(span);
    }
}
