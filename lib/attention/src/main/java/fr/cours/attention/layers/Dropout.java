package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Loops;
import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Abandon : à l'entraînement, chaque nombre est mis à 0 avec une probabilité donnée, et les autres agrandis d'autant, si
 * bien que l'espérance ne change pas (Srivastava et al., 2014). Sans fil enregistreur, la couche ne fait rien.
 */
public final class Dropout implements Layer {
    private final double rate;
    private final Draws draws;

    /**
     * Un abandon.
     *
     * @param rate probabilité d'abandon, de 0 compris à 1 exclu
     * @param seed graine des tirages
     * @throws IllegalArgumentException si {@code rate} sort de ces bornes
     */
    public Dropout(double rate, long seed) {
        Arguments.check(rate >= 0 && rate < 1, "rate", rate, "de 0 à moins de 1");
        this.rate = rate;
        this.draws = new Draws(seed);
    }

    /**
     * Abandonne des nombres au hasard si le fil enregistre.
     *
     * @param tape le fil de la passe avant ; {@link Tape#NONE} : {@code x} lui-même est rendu
     * @param x un tableau
     * @return la même forme
     */
    public INDArray forward(Tape tape, INDArray x) {
        Arguments.checkPresent("tape", tape, "le fil de la passe avant, ou Tape.NONE");
        Shapes.checkUsable("x", x, "un tableau");
        if (!isActive(tape)) {
            return x;
        }
        float[] factors = factors(tape, x.length());
        INDArray output = Loops.multiply(Shapes.rowMajor(x), factors);
        tape.record("abandon", () -> tape.accumulate(x, Loops.multiply(tape.gradient(output), factors)), output);
        return output;
    }

    /** Vrai si la passe enregistre, et que des nombres seront abandonnés. */
    boolean isActive(Tape tape) {
        return tape.isRecording() && rate > 0;
    }

    /** Un facteur par nombre : 0 s'il est abandonné, {@code 1/(1 − rate)} sinon. */
    float[] factors(Tape tape, long length) {
        SplittableRandom random = draws.of(tape);
        float kept = (float) (1 / (1 - rate));
        float[] factors = new float[Math.toIntExact(length)];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = random.nextDouble() < rate ? 0 : kept;
        }
        return factors;
    }

    /** {@return une liste vide} */
    @Override
    public List<Parameter> parameters() {
        return List.of();
    }
}
