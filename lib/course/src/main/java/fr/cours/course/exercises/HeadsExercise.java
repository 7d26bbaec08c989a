package fr.cours.course.exercises;

import fr.cours.attention.math.RandomTensors;
import fr.cours.attention.training.Loss;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** L'exercice 1 : température et nombre de têtes. */
public final class HeadsExercise extends Exercise {
    private static final double[] SCORES = {2, 1, 0, -1};
    private static final double COLDEST = 1e-3;
    private static final double HOTTEST = 1e3;
    private static final String WRONG_HALF =
            "c'est la mauvaise moitié qui est gardée : une entropie trop petite au milieu demande plus chaud";

    /** Les huit étapes, à faire. */
    public HeadsExercise() {
        super(
                1,
                "prédire",
                "entropie",
                "température",
                "température voulue",
                "découper",
                "recoller",
                "paramètres",
                "justesse");
    }

    private static double entropy(double[] weights) {
        return Arrays.stream(weights).map(p -> p > 0 ? -p * Math.log(p) : 0).sum();
    }

    private static double[] softmax(double[] scores, double factor, double shift) {
        double[] weights =
                Arrays.stream(scores).map(s -> Math.exp((s - shift) * factor)).toArray();
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(w -> w / sum).toArray();
    }

    private static double max(double[] scores) {
        return Arrays.stream(scores).max().orElseThrow();
    }

    /**
     * Étape 1.
     *
     * @param answer l'entropie, en nats, de huit poids quand la température tend vers 0, puis vers l'infini
     * @return le verdict
     */
    public Verdict predict(double[] answer) {
        return judge(1, new HeadsPrediction(answer), (a, b) -> answer == null ? null : HeadsPrediction.rounded(answer));
    }

    /**
     * Étape 2.
     *
     * @param answer poids → leur entropie, en nats
     * @return le verdict
     */
    public Verdict entropy(Function<double[], Double> answer) {
        Check<double[], Integer, Double> check = new Check<>((w, none) -> entropy(w));
        check.on(() -> new double[] {0.7, 0.2, 0.1}, () -> 0)
                .on(() -> new double[] {0.5, 0.5}, () -> 0)
                .on(() -> new double[] {1, 0, 0}, () -> 0)
                .on(() -> new double[] {0.9989, 0.001, 0.0001}, () -> 0)
                .usual("le signe est oublié : une entropie n'est jamais négative", (w, none) -> -entropy(w))
                .usual("c'est en bits (log₂) ; prenez Math.log", (w, none) -> entropy(w) / Math.log(2))
                .usual("le logarithme est décimal ; prenez Math.log", (w, none) -> entropy(w) / Math.log(10))
                .usual("divisée par ln n : c'est une part du maximum", (w, none) -> entropy(w) / Math.log(w.length))
                .usual("un poids nul donne NaN : 0·ln 0 compte pour 0", (w, none) -> withNaN(w))
                .usual(
                        "le signe est oublié, et un poids nul donne NaN : 0·ln 0 compte pour 0",
                        (w, none) -> -withNaN(w))
                .usual(
                        "c'est en bits (log₂), et un poids nul donne NaN : 0·ln 0 compte pour 0",
                        (w, none) -> withNaN(w) / Math.log(2))
                .usual(
                        "le logarithme est décimal, et un poids nul donne NaN : 0·ln 0 compte pour 0",
                        (w, none) -> withNaN(w) / Math.log(10));
        for (double least : new double[] {0.1, 0.01, 0.001}) {
            check.usual(
                    "de petits poids sont sautés : seul un poids nul ne compte pas",
                    (w, none) -> entropy(Arrays.stream(w).filter(p -> p > least).toArray()));
        }
        return judge(2, check, (w, none) -> answer.apply(w));
    }

    private static double withNaN(double[] weights) {
        return Arrays.stream(weights).map(p -> -p * Math.log(p)).sum();
    }

    /**
     * Étape 3.
     *
     * @param answer (scores, température) → poids
     * @return le verdict
     */
    public Verdict temperature(BiFunction<double[], Double, double[]> answer) {
        Check<double[], Double, double[]> check = new Check<>((s, t) -> softmax(s, 1 / t, max(s)));
        check.on(SCORES::clone, () -> 2.0)
                .on(() -> new double[] {0, 1, 3}, () -> 0.5)
                .on(() -> new double[] {1000, 999}, () -> 1.0)
                .byHand(() -> answer.apply(new double[] {Double.NaN, 0}, 1.0))
                .usual("les scores sont multipliés par la température : divisez", (s, t) -> softmax(s, t, max(s)))
                .usual("la température est oubliée", (s, t) -> softmax(s, 1, max(s)))
                .usual("les grands scores débordent : retranchez d'abord le maximum", (s, t) -> softmax(s, 1 / t, 0))
                .usual(
                        "les poids ne somment pas à 1 : divisez par leur somme",
                        (s, t) -> Arrays.stream(s)
                                .map(x -> Math.exp((x - max(s)) / t))
                                .toArray())
                .usual(
                        "la température vient après le softmax : divisez les scores",
                        (s, t) -> Arrays.stream(softmax(s, 1, max(s)))
                                .map(w -> w / t)
                                .toArray());
        return judge(3, check, answer);
    }

    /**
     * Étape 4.
     *
     * @param answer (scores, entropie voulue) → la température qui la donne
     * @return le verdict
     */
    public Verdict wanted(BiFunction<double[], Double, Double> answer) {
        Check<double[], Double, Double> check = new Check<>(HeadsExercise::search);
        check.on(SCORES::clone, () -> 0.5)
                .on(SCORES::clone, () -> 1.3)
                .on(() -> new double[] {0, 5, 1}, () -> 0.8)
                .usual("c'est 1/T, la netteté : rendez son inverse", (s, h) -> 1 / search(s, h))
                .usual("c'est l'entropie voulue elle-même", (s, h) -> h)
                .usual("elle est voulue en nats, vous la cherchez en bits", (s, h) -> search(s, h * Math.log(2)))
                .usual("c'est la température qui donne la moitié", (s, h) -> search(s, h / 2))
                .usual("c'est l'entropie à la température 1", (s, h) -> entropy(softmax(s, 1, max(s))))
                .usual(WRONG_HALF, (s, h) -> h < entropy(softmax(s, 1, max(s))) ? HOTTEST : COLDEST)
                .almost(0.05, "c'est presque cela : la recherche s'arrête trop tôt, il lui faut plus de tours");
        return judge(4, check, answer);
    }

    private static double search(double[] scores, double wanted) {
        double low = COLDEST;
        double high = HOTTEST;
        while (high / low > 1 + 1e-9) {
            double middle = Math.sqrt(low * high);
            if (entropy(softmax(scores, 1 / middle, max(scores))) < wanted) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static INDArray split(INDArray x, int heads, int... order) {
        return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads).permute(order);
    }

    /**
     * Étape 5.
     *
     * @param answer (x {@code [batch, n, d]}, têtes) → {@code [batch, têtes, n, d/têtes]}
     * @return le verdict
     */
    public Verdict split(BiFunction<INDArray, Integer, INDArray> answer) {
        Check<INDArray, Integer, INDArray> check = new Check<>((x, h) -> split(x, h, 0, 2, 1, 3));
        check.on(() -> RandomTensors.normal(new Random(1), 2, 4, 6), () -> 2)
                .on(() -> RandomTensors.normal(new Random(2), 1, 3, 4), () -> 4)
                .usual(
                        "la forme est juste, mais les mots sont mêlés : il manque permute",
                        (x, h) -> x.dup('c').reshape(x.size(0), h, x.size(1), x.size(2) / h))
                .usual("il manque permute : les têtes passent devant les mots", (x, h) -> split(x, h, 0, 1, 2, 3))
                .usual("les têtes sont passées devant le lot", (x, h) -> split(x, h, 2, 0, 1, 3))
                .usual(
                        "les dimensions sont prises une sur deux : d se coupe en [têtes, d/têtes]",
                        (x, h) -> split(x, (int) x.size(2) / h, 0, 3, 1, 2))
                .usual("une tête est transposée : [n, d/têtes], les mots d'abord", (x, h) -> split(x, h, 0, 2, 3, 1));
        return judge(5, check, answer);
    }

    /**
     * Étape 6.
     *
     * @param answer têtes {@code [batch, têtes, n, d_k]} → {@code [batch, n, têtes·d_k]}
     * @return le verdict
     */
    public Verdict join(UnaryOperator<INDArray> answer) {
        Check<INDArray, Integer, INDArray> check = new Check<>((x, none) -> join(x, 0, 2, 1, 3));
        check.on(() -> RandomTensors.normal(new Random(1), 2, 3, 4, 2), () -> 0)
                .usual(
                        "la forme est juste, mais les mots sont mêlés : il manque permute",
                        (x, none) -> join(x, 0, 1, 2, 3))
                .usual(
                        "les dimensions des têtes alternent au lieu d'être bout à bout",
                        (x, none) -> join(x, 0, 2, 3, 1))
                .usual("les têtes sont moyennées : il faut les mettre bout à bout", (x, none) -> x.mean(1))
                .usual("les têtes sont ajoutées : il faut les mettre bout à bout", (x, none) -> x.sum(1))
                .usual(
                        "les têtes sont dans l'ordre inverse",
                        (x, none) -> Nd4j.concat(2, x.slice(2, 1), x.slice(1, 1), x.slice(0, 1)));
        return judge(6, check, (x, none) -> answer.apply(x));
    }

    private static INDArray join(INDArray x, int... order) {
        return x.permute(order).dup('c').reshape(x.size(0), x.size(2), x.size(1) * x.size(3));
    }

    /**
     * Étape 7.
     *
     * @param answer (d_model, têtes) → nombre de paramètres de l'attention à plusieurs têtes, biais compris
     * @return le verdict
     */
    public Verdict parameters(BiFunction<Integer, Integer, Integer> answer) {
        Check<Integer, Integer, Integer> check = new Check<>((d, h) -> 4 * (d * d + d));
        check.on(() -> 8, () -> 2)
                .on(() -> 32, () -> 8)
                .usual("les biais sont oubliés", (d, h) -> 4 * d * d)
                .usual("la projection de sortie est oubliée : il y en a quatre", (d, h) -> 3 * (d * d + d))
                .usual("les têtes se partagent d_model : leur nombre ne change rien", (d, h) -> 4 * h * (d * d + d))
                .usual("une seule tête est comptée", (d, h) -> 4 * (d * d + d) / h)
                .usual("le biais a d nombres, pas d²", (d, h) -> 8 * d * d);
        return judge(7, check, answer);
    }

    private static double accuracy(int[] said, int[] expected, boolean ignoredCount) {
        int right = 0;
        int judged = 0;
        for (int i = 0; i < expected.length; i++) {
            judged += ignoredCount || expected[i] != Loss.IGNORED ? 1 : 0;
            right += said[i] == expected[i] ? 1 : 0;
        }
        return (double) right / judged;
    }

    private static double accuracy(INDArray logits, int[] expected) {
        return accuracy(logits.argMax(1).toIntVector(), expected, false);
    }

    /**
     * Étape 8.
     *
     * @param answer (logits {@code [N, classes]}, étiquettes, dont des {@link Loss#IGNORED}) → part de réponses justes
     * @return le verdict
     */
    public Verdict accuracy(BiFunction<INDArray, int[], Double> answer) {
        Check<INDArray, int[], Double> check = new Check<>(HeadsExercise::accuracy);
        // Une juste sur une ; deux sur quatre ; trois sur quatre. Autant de lignes que de classes d'abord : qui les
        // prend
        // l'une pour l'autre ne s'arrête qu'ensuite.
        double[][][] logits = {
            {{4, 1, 0}, {0, 4, 1}, {1, 2, 3}},
            {{0, 1, 3}, {5, 0, 0}, {1, -2, 0}, {2, 1, 0}, {3, -1, 1}},
            {{2, 1, 0}, {3, 0, -1}, {0, 1, 2}, {1, 2, 0}}
        };
        int[][] labels = {{Loss.IGNORED, 1, Loss.IGNORED}, {2, Loss.IGNORED, 0, 1, 1}, {0, 0, 2, 0}};
        for (int trial = 0; trial < labels.length; trial++) {
            double[][] rows = logits[trial];
            check.on(() -> Nd4j.createFromArray(rows).castTo(DataType.FLOAT), labels[trial]::clone);
        }
        check.usual(
                        "les lignes ignorées comptent comme fausses : divisez par le nombre des autres",
                        (l, e) -> accuracy(l.argMax(1).toIntVector(), e, true))
                .usual("c'est la part de réponses fausses", (l, e) -> 1 - accuracy(l, e))
                .usual("c'est en pour cent : attendu de 0 à 1", (l, e) -> 100 * accuracy(l, e))
                .usual(
                        "deux entiers divisés donnent un entier : comptez en double",
                        (l, e) -> Math.floor(accuracy(l, e)))
                .usual(
                        "le plus petit logit est choisi : c'est le plus grand",
                        (l, e) -> accuracy(l.neg().argMax(1).toIntVector(), e, false))
                .usual(
                        "argMax(0) cherche la meilleure ligne de chaque classe : prenez argMax(1)",
                        (l, e) -> accuracy(l.argMax(0).toIntVector(), e, false));
        return judge(8, check, answer);
    }
}
