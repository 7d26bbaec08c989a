package fr.cours.attention.math;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Les pas d'une LSTM, l'un après l'autre : à chacun un produit pour les quatre portes de tout le lot, puis la cellule de
 * chaque exemple ({@link LstmCells}). Aucune opération d'ND4J : à 3 µs ou plus chacune, elles coûteraient plus que le calcul.
 *
 * <p>Les portes d'une position se suivent dans l'ordre entrée, oubli, candidat, sortie. {@code cells} a une place de
 * plus que la phrase pour l'état de départ, nul : devant, ou derrière quand on lit à l'envers.
 */
public final class LstmSteps {
    private final int n;
    private final int units;
    private final int[] lengths;
    private final boolean reverse;

    /**
     * Les pas d'un lot.
     *
     * @param n longueur commune, remplissage compris
     * @param units dimension de l'état
     * @param lengths longueur vraie de chaque exemple ; au-delà, l'état est gardé tel quel
     * @param reverse vrai : de la dernière position à la première
     */
    public LstmSteps(int n, int units, int[] lengths, boolean reverse) {
        this.n = n;
        this.units = units;
        this.lengths = lengths;
        this.reverse = reverse;
    }

    /**
     * Tous les pas : {@code i, f, o = σ(·)}, {@code g = tanh(·)}, {@code c ← f⊙c + i⊙g}, {@code h = o⊙tanh(c)}.
     *
     * @param gates {@code [batch, n, 4·units]} contigu, la part de l'entrée et le biais ; remplacé par i, f, g, o
     * @param recurrent {@code [units, 4·units]} contigu
     * @param cells {@code [batch, n + 1, units]} contigu, nul ; rempli
     * @param hidden {@code [batch, n, units]} contigu, rempli
     */
    public void forward(INDArray gates, INDArray recurrent, INDArray cells, INDArray hidden) {
        Matrices u = Matrices.of(recurrent);
        Matrices allGates = byExample(gates);
        Matrices allHidden = byExample(hidden);
        Memory.bytes(gates, cells, hidden, (g, c, h) -> {
            LstmCells loop = new LstmCells(units, g, c, h);
            for (int step = 0; step < n; step++) {
                Interruption.check();
                int t = position(step);
                if (step > 0) { // portes ← portes + h·U
                    Gemm.multiply(1, at(allHidden, position(step - 1), 1), u, 1, at(allGates, t, 4));
                }
                for (int example = 0; example < lengths.length; example++) {
                    int row = example * n + t;
                    if (t < lengths[example]) {
                        loop.forward(row, cellBefore(example, t), cellAfter(example, t));
                    } else {
                        int previous = step > 0 ? example * n + position(step - 1) : LstmCells.START;
                        loop.keep(row, previous, cellBefore(example, t), cellAfter(example, t));
                    }
                }
            }
        });
    }

    /**
     * Les mêmes pas à rebours.
     *
     * @param gates tel que {@link #forward} l'a laissé ; remplacé par le gradient des portes avant σ et tanh
     * @param recurrent {@code [units, 4·units]}
     * @param cells tel que {@link #forward} l'a laissé
     * @param hidden tel que {@link #forward} l'a laissé
     * @param gradient celui de {@code hidden}, contigu ; modifié
     * @param dRecurrent où s'ajoute le gradient de {@code recurrent}
     */
    public void backward(
            INDArray gates,
            INDArray recurrent,
            INDArray cells,
            INDArray hidden,
            INDArray gradient,
            INDArray dRecurrent) {
        Matrices u = Matrices.of(recurrent);
        Matrices du = Matrices.of(dRecurrent);
        Matrices allGates = byExample(gates);
        Matrices allHidden = byExample(hidden);
        Matrices allGradients = byExample(gradient);
        float[] dCells = new float[lengths.length * units]; // ce que le pas d'après demande à l'état, [batch, units]
        Memory.bytes(gates, cells, gradient, (g, c, dh) -> {
            LstmCells loop = new LstmCells(units, g, c, dh, dCells);
            for (int step = n - 1; step >= 0; step--) {
                Interruption.check();
                int t = position(step);
                int previous = position(step - 1);
                for (int example = 0; example < lengths.length; example++) {
                    int row = example * n + t;
                    if (t < lengths[example]) {
                        loop.backward(row, example, cellBefore(example, t), cellAfter(example, t));
                    } else {
                        loop.keepBackward(row, step > 0 ? example * n + previous : LstmCells.START);
                    }
                }
                if (step > 0) { // dh ← dh + dportes·Uᵀ et dU ← dU + hᵀ·dportes
                    Matrices dGates = at(allGates, t, 4);
                    Gemm.multiply(1, dGates, u.transposed(), 1, at(allGradients, previous, 1));
                    Gemm.multiply(1, at(allHidden, previous, 1).transposed(), dGates, 1, du);
                }
            }
        });
    }

    private int position(int step) {
        return reverse ? n - 1 - step : step;
    }

    private int cellBefore(int example, int t) {
        return example * (n + 1) + (reverse ? t + 1 : t);
    }

    private int cellAfter(int example, int t) {
        return example * (n + 1) + (reverse ? t : t + 1);
    }

    /** Une ligne par exemple : toutes ses positions bout à bout. */
    private static Matrices byExample(INDArray array) {
        return Matrices.of(array.reshape(array.size(0), -1));
    }

    /** La position {@code t} de tous les exemples : {@code [batch, gates·units]}. */
    private Matrices at(Matrices positions, int t, int gates) {
        return positions.columns(new Range(t * gates * units, gates * units));
    }
}
