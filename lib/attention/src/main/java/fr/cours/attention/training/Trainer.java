package fr.cours.attention.training;

import fr.cours.attention.layers.Layer;
import fr.cours.attention.layers.Parameter;
import fr.cours.attention.layers.Tape;
import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Interruption;
import fr.cours.attention.training.TrainingListener.Epoch;
import fr.cours.attention.training.TrainingListener.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

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
     * @throws IllegalArgumentException si l'un des deux est absent (null)
     */
    public Trainer(Layer model, Objective<E> objective) {
        this.parameters = Arguments.checkPresent("model", model, "un modèle à entraîner").parameters().stream()
                .distinct() // une couche partagée n'apprend qu'une fois par pas
                .toList();
        this.objective = Arguments.checkPresent("objective", objective, "ce que le modèle doit minimiser");
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
     * @throws IllegalArgumentException s'il est absent (null)
     */
    public Trainer<E> learningRate(LearningRate learningRate) {
        Arguments.checkPresent("learningRate", learningRate, "un taux au fil des pas");
        this.learningRate = learningRate;
        return this;
    }

    /**
     * Fait décroître les matrices à chaque pas ({@link Adam}).
     *
     * @param weightDecay part perdue par unité de taux d'apprentissage
     * @return cet entraînement
     * @throws IllegalArgumentException si elle est négative ou n'est pas un nombre
     */
    public Trainer<E> weightDecay(double weightDecay) {
        Arguments.check(weightDecay >= 0, "weightDecay", weightDecay, "0 ou plus");
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
     * @throws IllegalArgumentException si elle n'est pas positive
     */
    public Trainer<E> clipNorm(double clipNorm) {
        Arguments.check(clipNorm > 0, "clipNorm", clipNorm, "un nombre positif");
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
     * @throws IllegalArgumentException si elle est absente (null)
     */
    public Trainer<E> similarLengths(ToIntFunction<E> length) {
        Arguments.checkPresent("length", length, "la longueur d'un exemple");
        this.length = length;
        return this;
    }

    /**
     * Mesure le modèle après chaque époque ; les paramètres de la meilleure sont gardés à la fin.
     *
     * @param score un score, le plus grand étant le meilleur
     * @return cet entraînement
     * @throws IllegalArgumentException s'il est absent (null)
     */
    public Trainer<E> validation(DoubleSupplier score) {
        Arguments.checkPresent("score", score, "un score à mesurer après chaque époque");
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
     * @throws IllegalArgumentException s'il est absent (null)
     */
    public Trainer<E> listener(TrainingListener listener) {
        Arguments.checkPresent("listener", listener, "qui suit l'entraînement ; TrainingListener.NONE pour personne");
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
        Batches<E> batches = new Batches<>(batchSize, length);
        TrainingHistory history;
        try (Run run = new Run(batches.count(examples.size()))) {
            Random random = new Random(seed);
            history = run.epochs(() -> batches.draw(examples, random));
        }
        listener.onEnd(history);
        return history;
    }

    /** L'état d'un entraînement en cours. */
    private final class Run implements AutoCloseable {
        private final TrainingStep<E> step =
                new TrainingStep<>(parameters, objective, new Adam(parameters, weightDecay, lazy), clipNorm, parts);
        private final BestParameters best = new BestParameters(parameters);
        private final List<Epoch> done = new ArrayList<>();
        private final long start = System.nanoTime();
        private final int batchesPerEpoch;
        private double bestScore = Double.NEGATIVE_INFINITY;
        private int bestEpoch;
        private int steps;

        Run(int batchesPerEpoch) {
            this.batchesPerEpoch = batchesPerEpoch;
        }

        /** Les époques, jusqu'à la dernière, à la patience ou à l'arrêt demandé ; les meilleurs paramètres restent. */
        TrainingHistory epochs(Supplier<List<List<E>>> draw) {
            String ending = "toutes les époques sont faites";
            try {
                for (int number = 1; number <= epochs; number++) {
                    epoch(number, draw.get());
                    if (number - bestEpoch >= patience) {
                        ending = "la validation ne progresse plus depuis " + patience + " époque(s)";
                        break;
                    }
                }
            } catch (CancellationException interrupted) {
                ending = "arrêté à la demande pendant l'époque " + (done.size() + 1);
            }
            best.restore();
            return new TrainingHistory(List.copyOf(done), bestEpoch, ending);
        }

        private void epoch(int number, List<List<E>> drawn) {
            double lastScore =
                    done.isEmpty() ? Double.NaN : done.get(done.size() - 1).score();
            double sum = 0;
            int seen = 0;
            for (List<E> batch : drawn) {
                Interruption.check();
                String where = "époque " + number + ", lot " + (steps + 1 - (number - 1) * batchesPerEpoch);
                sum += step.take(batch, rate(steps), where) * batch.size();
                seen += batch.size();
                steps++;
                listener.onBatch(new Progress(
                        number, epochs, steps, epochs * batchesPerEpoch, sum / seen, lastScore, seconds()));
            }
            double score = validation == null ? Double.NaN : validation.getAsDouble();
            if (validation == null) {
                bestEpoch = number;
            } else if (score > bestScore) {
                bestScore = score;
                bestEpoch = number;
                best.keep();
            }
            Epoch epoch = new Epoch(number, sum / seen, score, rate(steps - 1), seconds());
            done.add(epoch);
            listener.onEpoch(epoch);
        }

        private double rate(int at) {
            return learningRate.at(at, epochs * batchesPerEpoch);
        }

        private double seconds() {
            return (System.nanoTime() - start) / 1e9;
        }

        @Override
        public void close() {
            step.close();
            best.close();
        }
    }
}
