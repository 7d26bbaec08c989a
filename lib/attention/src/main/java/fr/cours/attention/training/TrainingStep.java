package fr.cours.attention.training;

import fr.cours.attention.layers.Parameter;
import fr.cours.attention.layers.Tape;
import fr.cours.attention.math.Parallel;
import fr.cours.attention.training.Trainer.Objective;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Un pas d'entraînement : passes avant et arrière d'un lot, part par part, gradients réunis, écrêtés, pas d'Adam.
 *
 * <p>Tout ce que les pas demandent hors du tas est rendu par {@link #close} : le ramasse-miettes, qui voit un tas presque
 * vide, ne passerait pas le rendre.
 *
 * @param <E> un exemple
 */
final class TrainingStep<E> implements AutoCloseable {
    private static final String ADVICE = " ; baissez le taux d'apprentissage ou écrêtez les gradients (clipNorm)";

    // La mémoire d'un pas sert au suivant : en demander de la fraîche à chaque opération coûte plus que le calcul.
    private static final String WORKSPACE = "pas d'entraînement";
    private static final WorkspaceConfiguration REUSED =
            WorkspaceConfiguration.builder().policySpill(SpillPolicy.REALLOCATE).build();

    private final List<Parameter> parameters;
    private final Objective<E> objective;
    private final Adam adam;
    private final double clipNorm;
    private final int parts;

    TrainingStep(List<Parameter> parameters, Objective<E> objective, Adam adam, double clipNorm, int parts) {
        this.parameters = parameters;
        this.objective = objective;
        this.adam = adam;
        this.clipNorm = clipNorm;
        this.parts = parts;
    }

    /**
     * Fait un pas, et rend la perte moyenne du lot d'avant ce pas.
     *
     * @param where où l'on en est, pour dire où l'entraînement a divergé
     */
    double take(List<E> batch, double learningRate, String where) {
        int shares = Math.min(parts, batch.size());
        double[] losses = new double[shares];
        parameters.forEach(parameter -> parameter.prepare(shares));
        Parallel.run(shares, part -> losses[part] = passes(batch, part, shares, where));
        parameters.forEach(parameter -> parameter.gather(shares));
        double norm = adam.gradientNorm();
        if (!Double.isFinite(norm)) {
            throw new IllegalStateException(where + " : les gradients ne sont plus finis" + ADVICE);
        }
        adam.step(learningRate, norm > clipNorm ? clipNorm / norm : 1);
        return Arrays.stream(losses).sum();
    }

    /** Les deux passes d'une part du lot ; rend sa contribution à la perte moyenne. */
    private double passes(List<E> batch, int part, int shares, String where) {
        List<E> mine = batch.subList(batch.size() * part / shares, batch.size() * (part + 1) / shares);
        double share = mine.size() / (double) batch.size();
        try (MemoryWorkspace memory = Nd4j.getWorkspaceManager().getAndActivateWorkspace(REUSED, WORKSPACE)) {
            Tape tape = new Tape(part);
            Loss loss;
            try {
                loss = objective.loss(tape, mine);
            } catch (IllegalArgumentException | ArithmeticException refused) {
                throw tape.firstNotFinite().isPresent() ? diverged(where, tape, refused) : refused;
            }
            if (!Double.isFinite(loss.value())) {
                throw diverged(where, tape, null);
            }
            tape.backward(
                    loss.logits(),
                    shares == 1 ? loss.gradient() : loss.gradient().mul(share),
                    parameters);
            return share * loss.value();
        }
    }

    private static IllegalStateException diverged(String where, Tape tape, RuntimeException cause) {
        return new IllegalStateException(
                where + " : la perte n'est plus un nombre fini ; la première couche à faillir est « "
                        + tape.firstNotFinite().orElse("la perte elle-même") + " »" + ADVICE,
                cause);
    }

    /** Rend les moments d'Adam, les gradients des parts et la mémoire de travail de chaque fil. */
    @Override
    public void close() {
        adam.close();
        parameters.forEach(Parameter::releaseParts);
        Parallel.run(
                parts,
                part -> Nd4j.getWorkspaceManager()
                        .destroyWorkspace(Nd4j.getWorkspaceManager().getWorkspaceForCurrentThread(REUSED, WORKSPACE)));
    }
}
