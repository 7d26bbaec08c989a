package fr.cours.attention.math;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Les boucles de {@link LstmSteps} par l'API Vector : les unités d'un exemple, 8 ou 16 à la fois. Chacune rend le nombre
 * d'unités faites ; la boucle simple finit les autres.
 *
 * <p>Leur forme ménage le compilateur : passé une certaine taille, il n'intègre plus les méthodes d'ici (celles de l'API
 * Vector, si), et tout vecteur qu'elles rendent passe alors par le tas, 1 Go par seconde. Donc une boucle par porte, les
 * lectures écrites en toutes lettres, et l'exponentielle en tête.
 */
final class VectorLstm {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = FLOATS.length();

    private VectorLstm() {}

    /** σ si le facteur est 1, tanh s'il est 2 : tanh(x) = 2σ(2x) − 1. Au-delà de ±30, un float n'y voit plus de différence. */
    private static FloatVector activation(FloatVector x, float factor) {
        FloatVector e = VectorSoftmax.exp(x.mul(-factor).max(-30).min(30)); // bornée : elle ne déborde pas
        return FloatVector.broadcast(FLOATS, factor).div(e.add(1)).sub(factor - 1);
    }

    private static void activate(ByteBuffer from, int source, ByteBuffer to, int target, int count, float factor) {
        for (int at = 0; at < count * Float.BYTES; at += LANES * Float.BYTES) {
            activation(FloatVector.fromByteBuffer(FLOATS, from, source + at, ORDER), factor)
                    .intoByteBuffer(to, target + at, ORDER);
        }
    }

    static int forward(ByteBuffer g, ByteBuffer c, ByteBuffer h, int units, int row, int before, int after) {
        int width = units * Float.BYTES;
        int done = FLOATS.loopBound(units);
        for (int gate = 0; gate < 4; gate++) {
            activate(g, (row * 4 + gate) * width, g, (row * 4 + gate) * width, done, gate == 2 ? 2 : 1);
        }
        for (int at = 0; at < done * Float.BYTES; at += LANES * Float.BYTES) {
            int gate = row * 4 * width + at;
            FloatVector i = FloatVector.fromByteBuffer(FLOATS, g, gate, ORDER);
            FloatVector f = FloatVector.fromByteBuffer(FLOATS, g, gate + width, ORDER);
            f.mul(FloatVector.fromByteBuffer(FLOATS, c, before + at, ORDER))
                    .add(i.mul(FloatVector.fromByteBuffer(FLOATS, g, gate + 2 * width, ORDER)))
                    .intoByteBuffer(c, after + at, ORDER);
        }
        activate(c, after, h, row * width, done, 2);
        for (int at = 0; at < done * Float.BYTES; at += LANES * Float.BYTES) {
            FloatVector.fromByteBuffer(FLOATS, g, (row * 4 + 3) * width + at, ORDER)
                    .mul(FloatVector.fromByteBuffer(FLOATS, h, row * width + at, ORDER))
                    .intoByteBuffer(h, row * width + at, ORDER);
        }
        return done;
    }

    static int backward(
            ByteBuffer g,
            ByteBuffer c,
            ByteBuffer dh,
            float[] dc,
            int units,
            int row,
            int example,
            int before,
            int after) {
        int width = units * Float.BYTES;
        int unit = 0;
        for (; unit < FLOATS.loopBound(units); unit += LANES) {
            int at = unit * Float.BYTES;
            int gate = row * 4 * width + at;
            FloatVector y = activation(FloatVector.fromByteBuffer(FLOATS, c, after + at, ORDER), 2);
            FloatVector i = FloatVector.fromByteBuffer(FLOATS, g, gate, ORDER);
            FloatVector f = FloatVector.fromByteBuffer(FLOATS, g, gate + width, ORDER);
            FloatVector candidate = FloatVector.fromByteBuffer(FLOATS, g, gate + 2 * width, ORDER);
            FloatVector o = FloatVector.fromByteBuffer(FLOATS, g, gate + 3 * width, ORDER);
            FloatVector up = FloatVector.fromByteBuffer(FLOATS, dh, row * width + at, ORDER);
            FloatVector previous = FloatVector.fromByteBuffer(FLOATS, c, before + at, ORDER);
            FloatVector down = FloatVector.fromArray(FLOATS, dc, example * units + unit)
                    .add(up.mul(o).mul(y.mul(y).neg().add(1)));
            down.mul(candidate).mul(i).mul(i.neg().add(1)).intoByteBuffer(g, gate, ORDER);
            down.mul(previous).mul(f).mul(f.neg().add(1)).intoByteBuffer(g, gate + width, ORDER);
            down.mul(i).mul(candidate.mul(candidate).neg().add(1)).intoByteBuffer(g, gate + 2 * width, ORDER);
            up.mul(y).mul(o).mul(o.neg().add(1)).intoByteBuffer(g, gate + 3 * width, ORDER);
            down.mul(f).intoArray(dc, example * units + unit);
        }
        return unit;
    }
}
