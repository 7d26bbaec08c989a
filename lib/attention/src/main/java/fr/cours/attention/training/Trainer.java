package fr.cours.attention.training;

import fr.cours.attention.layers.Layer;
import fr.cours.attention.layers.Parameter;
import fr.cours.attention.layers.Tape;
import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Interruption;
import fr.cours.attention.math.Parallel;
import fr.cours.attention.training.TrainingListener.Epoch;
import fr.cours.attention.training.TrainingListener.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleSupplier;
import java.util.function.ToIntFunction;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Fait apprendre un modèle : lots tirés au sort, passe avant, passe arrière, pas d'Adam, et recommence.
 *
 * <pre>{@code
 * new Trainer<>(model, (tape, batch) -> Loss.binaryCrossEntropy(model.logits(tape, ids(batch)), labels(batch)))
 *         .epochs(6).batchSize(32).learningRate(LearningRate.warmupCosine(1e-3, 0.1))
 *         .validation(() -> accuracy(model, dev))
 *         .fit(train)
 * }</pre>
 *
 * @param <E> un exemple
 */
public final class Trainer<E> {
    /** Lots dont on mêle les exemples avant de les ranger par longueur : assez pour le hasard, peu de remplissage. */
    private static final int SORTED_TOGETHER = 20;

    // La mémoire d'un pas sert au suivant : en demander de la fraîche à chaque opération coûte plus que le calcul.
    private static final String WORKSPACE = "pas d'entraînement";
    private static final WorkspaceConfiguration REUSED =
            WorkspaceConfiguration.builder().policySpill(SpillPolicy.REALLOCATE).build();

    /**
     * Ce que le modèle doit minimiser.
     *
     * @param <E> un exemple
     */
    @FunctionalInterface
    public interface Objective<E> {
        /**
         * La passe avant d'un lot, et sa perte.
         *
         * @param tape le fil de la passe avant, à donner à chaque couche
         * @param batch les exemples
         * @return la perte
         */
        Loss loss(Tape tape, List<E> batch);
    }

    private final List<Parameter> parameters;
    private final Objective<E> objective;
    private int epochs = 1;
    private int batchSize = 32;
    private int parts = 1;
    private LearningRate learningRate = LearningRate.constant(1e-3);
    private double weightDecay;
    private boolean lazy;
    private double clipNorm = Double.POSITIVE_INFINITY;
    private long seed;
    private ToIntFunction<E> length = example -> 0;
    private DoubleSupplier validation;
    private int patience = Integer.MAX_VALUE;
    private TrainingListener listener = TrainingListener.NONE;

    /**
     * Un entraînement d'une époque par lots de 32, au taux de 1e-3, graine 0.
     *
     * @param model le modèle, dont les paramètres changeront
     * @param objective ce qu'il doit minimiser
     */
    public Trainer(Layer model, Objective<E> objective) {
        this.parameters = List.copyOf(model.parameters());
        this.objective = objective;
    }

    /**
     * Fixe le nombre d'époques.
     *
     * @param epochs nombre de fois que chaque exemple est vu
     * @return cet entraînement
     * @throws IllegalArgumentException s'il n'est pas positif
     */
    public Trainer<E> epochs(int epochs) {
        Arguments.checkPositive("epochs", epochs);
        this.epochs = epochs;
        return this;
    }

    /**
     * Fixe la taille des lots.
     *
     * @param batchSize nombre d'exemples par pas
     * @return cet entraînement
     * @throws IllegalArgumentException si elle n'est pas positive
     */
    public Trainer<E> batchSize(int batchSize) {
        Arguments.checkPositive("batchSize", batchSize);
        this.batchSize = batchSize;
        return this;
    }

    /**
     * Coupe chaque lot en parts que des fils différents calculent en même temps ; leurs gradients s'additionnent, et le
     * pas est celui du lot entier. La même graine redonne les mêmes bits, quel que soit le nombre de cœurs.
     *
     * <p>L'objectif est alors appelé de plusieurs fils à la fois : il ne doit rien changer d'autre que le modèle.
     *
     * @param parts nombre de parts, par exemple le nombre de cœurs ; 1 pour ne rien couper
     * @return cet entraînement
     * @throws IllegalArgumentException s'il n'est pas positif
     */
    public Trainer<E> parts(int parts) {
        Arguments.checkPositive("parts", parts);
        this.parts = parts;
        return this;
    }

    /**
     * Fixe le taux d'apprentissage.
     *
     * @param learningRate le taux au fil des pas
     * @return cet entraînement
     */
    public Trainer<E> learningRate(LearningRate learningRate) {
        this.learningRate = learningRate;
        return this;
    }

    /**
     * Fait décroître les matrices à chaque pas ({@link Adam}).
     *
     * @param weightDecay part perdue par unité de taux d'apprentissage
     * @return cet entraînement
     */
    public Trainer<E> weightDecay(double weightDecay) {
        this.weightDecay = weightDecay;
        return this;
    }

    /**
     * Ne change d'une table que les lignes que le lot a touchées : un pas d'Adam dit paresseux. L'original les change
     * toutes, les moments d'un mot absent continuant de le déplacer.
     *
     * @return cet entraînement
     */
    public Trainer<E> lazy() {
        this.lazy = true;
        return this;
    }

    /**
     * Écrête les gradients : leur norme à tous ensemble est ramenée à celle-ci si elle la dépasse (Pascanu et al., 2013).
     *
     * @param clipNorm la norme la plus grande
     * @return cet entraînement
     */
    public Trainer<E> clipNorm(double clipNorm) {
        this.clipNorm = clipNorm;
        return this;
    }

    /**
     * Fixe la graine des tirages de lots.
     *
     * @param seed la graine
     * @return cet entraînement
     */
    public Trainer<E> seed(long seed) {
        this.seed = seed;
        return this;
    }

    /**
     * Met dans un même lot des exemples de longueurs voisines : moins de remplissage, donc moins de calcul.
     *
     * @param length la longueur d'un exemple
     * @return cet entraînement
     */
    public Trainer<E> similarLengths(ToIntFunction<E> length) {
        this.length = length;
        return this;
    }

    /**
     * Mesure le modèle après chaque époque ; les paramètres de la meilleure sont gardés à la fin.
     *
     * @param score un score, le plus grand étant le meilleur
     * @return cet entraînement
     */
    public Trainer<E> validation(DoubleSupplier score) {
        this.validation = score;
        return this;
    }

    /**
     * Arrête l'entraînement quand la validation ne progresse plus.
     *
     * @param patience nombre d'époques sans progrès que l'on supporte
     * @return cet entraînement
     * @throws IllegalArgumentException si elle n'est pas positive
     */
    public Trainer<E> patience(int patience) {
        Arguments.checkPositive("patience", patience);
        this.patience = patience;
        return this;
    }

    /**
     * Fait suivre l'entraînement.
     *
     * @param listener qui le suit
     * @return cet entraînement
     */
    public Trainer<E> listener(TrainingListener listener) {
        this.listener = listener;
        return this;
    }

    /**
     * Entraîne le modèle. Une interruption l'arrête entre deux calculs ; les meilleurs paramètres vus jusque-là restent.
     *
     * @param examples les exemples
     * @return ce que l'entraînement a donné
     * @throws IllegalArgumentException s'il n'y a pas d'exemple
     * @throws IllegalStateException si la perte cesse d'être un nombre fini ; le message nomme la couche fautive
     */
    public TrainingHistory fit(List<E> examples) {
        if (examples == null || examples.isEmpty()) {
            throw Arguments.empty("examples", "au moins un exemple");
        }
        Run run = new Run(examples.size());
        String ending = "toutes les époques sont faites";
        try {
            Random random = new Random(seed);
            for (int epoch = 1; epoch <= epochs; epoch++) {
                run.epoch(epoch, batches(examples, random));
                if (epoch - run.bestEpoch >= patience) {
                    ending = "la validation ne progresse plus depuis " + patience + " époque(s)";
                    break;
                }
            }
        } catch (CancellationException interrupted) {
            ending = "arrêté à la demande pendant l'époque " + (run.done.size() + 1);
        } finally {
            Parallel.run(
                    parts,
                    part -> Nd4j.getWorkspaceManager()
                            .destroyWorkspace(
                                    Nd4j.getWorkspaceManager().getWorkspaceForCurrentThread(REUSED, WORKSPACE)));
            System.gc(); // un modèle abandonné tient hors du tas dix fois ce qu'il tient dedans : seul, il y resterait
        }
        run.restoreBest();
        TrainingHistory history = new TrainingHistory(List.copyOf(run.done), run.bestEpoch, ending);
        listener.onEnd(history);
        return history;
    }

    /** L'état d'un entraînement en cours. */
    private final class Run {
        private final Adam adam = new Adam(parameters, weightDecay, lazy);
        private final List<Epoch> done = new ArrayList<>();
        private final long start = System.nanoTime();
        private final int batchesPerEpoch;
        private List<INDArray> best = List.of();
        private double bestScore = Double.NEGATIVE_INFINITY;
        private int bestEpoch;
        private int step;

        Run(int examples) {
            batchesPerEpoch = (examples + batchSize - 1) / batchSize;
        }

        void epoch(int number, List<List<E>> batches) {
            double sum = 0;
            int seen = 0;
            double score =
                    done.isEmpty() ? Double.NaN : done.get(done.size() - 1).score();
            for (List<E> batch : batches) {
                Interruption.check();
                sum += step(number, batch) * batch.size();
                seen += batch.size();
                step++;
                listener.onBatch(
                        new Progress(number, epochs, step, epochs * batchesPerEpoch, sum / seen, score, seconds()));
            }
            score = validation == null ? Double.NaN : validation.getAsDouble();
            if (validation == null) {
                bestEpoch = number;
            } else if (score > bestScore) {
                bestScore = score;
                bestEpoch = number;
                best = parameters.stream()
                        .map(parameter -> parameter.value().dup())
                        .toList();
            }
            done.add(new Epoch(number, sum / seen, score, rate(step - 1), seconds()));
        }

        private double step(int epoch, List<E> batch) {
            int shares = Math.min(parts, batch.size());
            double[] losses = new double[shares];
            parameters.forEach(parameter -> parameter.prepare(shares));
            Parallel.run(shares, part -> losses[part] = passes(epoch, batch, part, shares));
            parameters.forEach(parameter -> parameter.gather(shares));
            double norm = adam.gradientNorm();
            if (!Double.isFinite(norm)) {
                throw new IllegalStateException(where(epoch) + " : les gradients ne sont plus finis" + ADVICE);
            }
            adam.step(rate(step), norm > clipNorm ? clipNorm / norm : 1);
            return Arrays.stream(losses).sum();
        }

        /** Les deux passes d'une part du lot ; rend sa contribution à la perte moyenne. */
        private double passes(int epoch, List<E> batch, int part, int shares) {
            List<E> mine = batch.subList(batch.size() * part / shares, batch.size() * (part + 1) / shares);
            double share = mine.size() / (double) batch.size();
            try (MemoryWorkspace memory = Nd4j.getWorkspaceManager().getAndActivateWorkspace(REUSED, WORKSPACE)) {
                Tape tape = new Tape(part);
                Loss loss;
                try {
                    loss = objective.loss(tape, mine);
                } catch (IllegalArgumentException | ArithmeticException refused) {
                    throw tape.firstNotFinite().isPresent() ? diverged(epoch, tape, refused) : refused;
                }
                if (!Double.isFinite(loss.value())) {
                    throw diverged(epoch, tape, null);
                }
                tape.backward(
                        loss.logits(),
                        shares == 1 ? loss.gradient() : loss.gradient().mul(share),
                        parameters);
                return share * loss.value();
            }
        }

        private IllegalStateException diverged(int epoch, Tape tape, RuntimeException cause) {
            return new IllegalStateException(
                    where(epoch) + " : la perte n'est plus un nombre fini ; la première couche à faillir est « "
                            + tape.firstNotFinite().orElse("la perte elle-même") + " »" + ADVICE,
                    cause);
        }

        private String where(int epoch) {
            return "époque " + epoch + ", lot " + (step + 1 - (epoch - 1) * batchesPerEpoch);
        }

        private double rate(int at) {
            return learningRate.at(at, epochs * batchesPerEpoch);
        }

        private double seconds() {
            return (System.nanoTime() - start) / 1e9;
        }

        private void restoreBest() {
            for (int i = 0; i < best.size(); i++) {
                parameters.get(i).value().assign(best.get(i));
            }
        }
    }

    private static final String ADVICE = " ; baissez le taux d'apprentissage ou écrêtez les gradients (clipNorm)";

    /** Les lots d'une époque : exemples mêlés, rangés par longueur sur quelques lots, et les lots mêlés à leur tour. */
    private List<List<E>> batches(List<E> examples, Random random) {
        List<E> shuffled = new ArrayList<>(examples);
        Collections.shuffle(shuffled, random);
        List<List<E>> batches = new ArrayList<>();
        int chunk = SORTED_TOGETHER * batchSize;
        for (int from = 0; from < shuffled.size(); from += chunk) {
            List<E> near = shuffled.subList(from, Math.min(from + chunk, shuffled.size()));
            near.sort(Comparator.comparingInt(length)); // tri stable : sans longueurs, l'ordre tiré au sort demeure
            for (int at = 0; at < near.size(); at += batchSize) {
                batches.add(near.subList(at, Math.min(at + batchSize, near.size())));
            }
        }
        Collections.shuffle(batches, random);
        return batches;
    }
}
