package fr.cours.course.exercises;

import fr.cours.attention.math.RandomTensors;
import fr.cours.attention.text.Vocabulary;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import tech.tablesaw.api.Table;

/** L'exercice 4 : chercher des motifs dans l'attention d'un modèle, sur ses propres textes. */
public final class PatternExercise extends Exercise {
    /** Ce qu'un mot effacé change. */
    @FunctionalInterface
    public interface Erasure {
        /**
         * De combien le score baisse quand un mot devient inconnu.
         *
         * @param judge le score d'un texte
         * @param ids les identifiants de ses mots
         * @param rank le rang du mot à effacer
         * @return le score d'avant moins celui d'après
         */
        Double apply(ToDoubleFunction<int[]> judge, int[] ids, int rank);
    }

    /** Les six étapes, à faire. */
    public PatternExercise() {
        super(4, "textes", "découpe", "attention reçue", "motif", "hasard", "effacer");
    }

    /**
     * Étape 1.
     *
     * @param texts une table de {@code polarite} (0 ou 1) et d'{@code avis}
     * @return le verdict
     */
    public Verdict texts(Table texts) {
        return judge(1, PatternTexts.of(texts), null);
    }

    /**
     * Étape 2.
     *
     * @param answer (nombre de textes, graine) → {rangs à apprendre, rangs à juger}, un cinquième à juger
     * @return le verdict
     */
    public Verdict split(BiFunction<Integer, Long, int[][]> answer) {
        return judge(2, PatternTexts.split(answer), null);
    }

    /** Des poids d'attention plausibles : chaque ligne somme à 1. */
    private static INDArray weights(long seed, int... shape) {
        long[] sizes = Arrays.stream(shape).asLongStream().toArray();
        return Transforms.softmax(
                        RandomTensors.normal(new Random(seed), sizes).muli(2).reshape(-1, sizes[sizes.length - 1]))
                .reshape(sizes);
    }

    private static double[] overQueries(INDArray weights, BiFunction<double[], Integer, Double> column) {
        double[] received = new double[(int) weights.size(2)];
        for (int key = 0; key < received.length; key++) {
            double sum = 0;
            for (int head = 0; head < weights.size(0); head++) {
                double[] given = new double[(int) weights.size(1)];
                for (int query = 0; query < given.length; query++) {
                    given[query] = weights.getDouble(head, query, key);
                }
                sum += column.apply(given, key);
            }
            received[key] = sum / weights.size(0);
        }
        return received;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }

    /**
     * Étape 3.
     *
     * @param answer poids {@code [têtes, n, n]} → ce que chaque mot reçoit, en moyenne des têtes et des requêtes
     * @return le verdict
     */
    public Verdict received(Function<INDArray, double[]> answer) {
        Check<INDArray, Integer, double[]> check =
                new Check<>((w, none) -> overQueries(w, (given, key) -> mean(given)));
        check.on(() -> weights(1, 2, 4, 4), () -> 0)
                .on(() -> weights(2, 4, 3, 3), () -> 0)
                .on(() -> weights(3, 1, 5, 5), () -> 0)
                .usual(
                        "c'est ce que chaque mot donne, toujours 1/n : moyennez les lignes, gardez les colonnes",
                        (w, none) -> overQueries(w, (given, key) -> 1.0 / given.length))
                .usual(
                        "c'est la somme des requêtes : divisez par leur nombre",
                        (w, none) -> overQueries(w, (given, key) -> mean(given) * given.length))
                .usual(
                        "c'est une somme : une moyenne des têtes, et une moyenne des requêtes",
                        (w, none) -> overQueries(w, (given, key) -> mean(given) * given.length * w.size(0)))
                .usual(
                        "c'est la somme des têtes : divisez par leur nombre",
                        (w, none) -> overQueries(w, (given, key) -> mean(given) * w.size(0)))
                .usual(
                        "seule la première tête est lue",
                        (w, none) ->
                                overQueries(w.slice(0).reshape(1, w.size(1), w.size(2)), (given, key) -> mean(given)))
                .usual(
                        "c'est ce que chaque mot se donne à lui-même : la diagonale",
                        (w, none) -> overQueries(w, (given, key) -> given[key]))
                .usual(
                        "c'est le plus grand poids reçu, pas leur moyenne",
                        (w, none) -> overQueries(
                                w, (given, key) -> Arrays.stream(given).max().orElse(0)));
        return judge(3, check, (w, none) -> answer.apply(w));
    }

    /** La moyenne, sur les requêtes, de ce que {@code at} fait lire d'une ligne ; NaN s'il n'y a rien à lire. */
    private static double along(INDArray weights, int denominator, BiFunction<Integer, Integer, Integer> at, int k) {
        int n = (int) weights.size(0);
        double sum = 0;
        int read = 0;
        for (int i = 0; i < n; i++) {
            int j = at.apply(i, k);
            if (j >= 0 && j < n) {
                sum += weights.getDouble(i, j);
                read++;
            }
        }
        return sum / (denominator == 0 ? read : denominator);
    }

    /**
     * Étape 4.
     *
     * @param answer (poids {@code [n, n]}, décalage) → le poids moyen que donne un mot à celui qui est à ce décalage de
     *     lui, sur les mots qui en ont un
     * @return le verdict
     */
    public Verdict offset(BiFunction<INDArray, Integer, Double> answer) {
        Check<INDArray, Integer, Double> check = new Check<>((w, k) -> along(w, 0, Integer::sum, k));
        check.on(() -> weights(4, 5, 5), () -> -1)
                .on(() -> weights(5, 6, 6), () -> 2)
                .on(() -> weights(6, 4, 4), () -> 0)
                .usual(
                        "le sens est inversé : un décalage de −1 est le mot d'avant, la clé i − 1 de la requête i",
                        (w, k) -> along(w, 0, (i, d) -> i - d, k))
                .usual(
                        "divisé par n : au bord, des mots n'ont pas de voisin ; divisez par ceux qui en ont un",
                        (w, k) -> along(w, (int) w.size(0), Integer::sum, k))
                .usual(
                        "la phrase est refermée en cercle : le premier mot n'a pas le dernier pour voisin",
                        (w, k) -> along(w, 0, (i, d) -> Math.floorMod(i + d, (int) w.size(0)), k))
                .usual(
                        "au bord, le mot du bord est pris à la place du voisin qui manque",
                        (w, k) -> along(w, 0, (i, d) -> Math.max(0, Math.min((int) w.size(0) - 1, i + d)), k))
                .usual(
                        "la première clé est oubliée : son rang est 0",
                        (w, k) -> along(w, 0, (i, d) -> i + d == 0 ? -1 : i + d, k))
                .usual("c'est la moyenne de toute la ligne : une seule clé par requête", (w, k) -> 1.0 / w.size(1))
                .usual("c'est une somme : rendez la moyenne", (w, k) -> along(w, 1, Integer::sum, k))
                .usual("le signe du décalage est oublié", (w, k) -> along(w, 0, (i, d) -> i + Math.abs(d), k));
        return judge(4, check, answer);
    }

    private static long count(double[] controls, ToDoubleFunction<Double> excess, boolean equal) {
        return Arrays.stream(controls)
                .filter(control -> {
                    double by = excess.applyAsDouble(control);
                    return equal ? by >= 0 : by > 0;
                })
                .count();
    }

    /**
     * Étape 5.
     *
     * @param answer (mesure, mesures de N témoins) → la part de ceux qui font aussi bien, la mesure comptée parmi eux :
     *     (1 + nombre de témoins ≥ mesure) / (1 + N)
     * @return le verdict
     */
    public Verdict chance(BiFunction<Double, double[], Double> answer) {
        Check<Double, double[], Double> check =
                new Check<>((m, t) -> (1.0 + count(t, x -> x - m, true)) / (1 + t.length));
        check.on(() -> 0.5, () -> new double[] {0.1, 0.5, 0.7, 0.2})
                .on(() -> 0.9, () -> new double[] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85})
                .on(() -> 0.1, () -> new double[] {0.1, 0.3, 0.05})
                .usual(
                        "jamais 0 : la mesure compte parmi les témoins, ajoutez 1 en haut et en bas",
                        (m, t) -> (double) count(t, x -> x - m, true) / t.length)
                .usual(
                        "un témoin égal à la mesure fait aussi bien qu'elle : ≥ et non >",
                        (m, t) -> (1.0 + count(t, x -> x - m, false)) / (1 + t.length))
                .usual(
                        "le sens est inversé : comptez les témoins au moins aussi grands que la mesure",
                        (m, t) -> (1.0 + count(t, x -> m - x, true)) / (1 + t.length))
                .usual("la division est entière : 3 / 5 vaut 0 en Java, 3.0 / 5 vaut 0,6", (m, t) ->
                        (double) ((1 + count(t, x -> x - m, true)) / (1 + t.length)))
                .usual(
                        "des parenthèses manquent : (1 + nombre) se divise en entier, et non le nombre seul",
                        (m, t) -> 1.0 + count(t, x -> x - m, true) / (1.0 + t.length))
                .usual(
                        "des parenthèses manquent, et la division est entière : (1.0 + nombre) / (1 + N)",
                        (m, t) -> 1.0 + count(t, x -> x - m, true) / (1 + t.length))
                .usual("c'est un nombre : divisez-le par 1 + N", (m, t) -> 1.0 + count(t, x -> x - m, true))
                .usual(
                        "c'est un pourcentage : rendez une part, de 0 à 1",
                        (m, t) -> 100 * (1.0 + count(t, x -> x - m, true)) / (1 + t.length))
                .usual("1 est ajouté en haut mais pas en bas", (m, t) -> (1.0 + count(t, x -> x - m, true)) / t.length)
                .usual(
                        "1 est ajouté en bas mais pas en haut",
                        (m, t) -> (double) count(t, x -> x - m, true) / (1 + t.length))
                .usual(
                        "c'est la part de ceux qui font moins bien : retranchez-la de 1",
                        (m, t) -> 1 - (1.0 + count(t, x -> x - m, true)) / (1 + t.length));
        return judge(5, check, answer);
    }

    private static int[] with(int[] ids, int rank, int word) {
        int[] changed = ids.clone();
        changed[rank] = word;
        return changed;
    }

    private static int[] everywhere(int[] ids, int word) {
        return Arrays.stream(ids)
                .map(id -> id == word ? Vocabulary.UNKNOWN : id)
                .toArray();
    }

    private static int[] without(int[] ids, int rank) {
        return IntStream.range(0, ids.length)
                .filter(i -> i != rank)
                .map(i -> ids[i])
                .toArray();
    }

    private static int[] only(int[] ids, int rank) {
        int[] changed = new int[ids.length];
        Arrays.fill(changed, Vocabulary.UNKNOWN);
        changed[rank] = ids[rank];
        return changed;
    }

    /** Un juge joué, à qui rien n'échappe : ni un mot, ni sa place, ni la longueur. */
    private static double score(int[] ids) {
        double score = 0.7 * ids.length;
        for (int i = 0; i < ids.length; i++) {
            score += Math.sin(2.3 * ids[i] + 0.4) * (i + 1.3);
        }
        return score;
    }

    /**
     * Étape 6.
     *
     * @param answer ce que change l'effacement d'un mot
     * @return le verdict
     */
    public Verdict erase(Erasure answer) {
        Check<int[], Integer, Double> check =
                new Check<>((ids, rank) -> score(ids) - score(with(ids, rank, Vocabulary.UNKNOWN)));
        check.on(() -> new int[] {5, 9, 4, 12}, () -> 1)
                .on(() -> new int[] {8, 3, 7, 2, 6}, () -> 0)
                .on(() -> new int[] {11, 10, 6}, () -> 2)
                .on(() -> new int[] {4, 9, 4, 7}, () -> 2)
                .usual(
                        "le mot est effacé partout où il est : seule sa place à ce rang doit l'être",
                        (ids, rank) -> score(ids) - score(everywhere(ids, ids[rank])))
                .usual(
                        "le signe est inversé : le score d'avant moins celui d'après",
                        (ids, rank) -> score(with(ids, rank, Vocabulary.UNKNOWN)) - score(ids))
                .usual(
                        "le mot est retiré : les suivants changent de place, et l'on mesure deux choses à la fois",
                        (ids, rank) -> score(ids) - score(without(ids, rank)))
                .usual(
                        "le mot est remplacé par le remplissage (0) : le mot inconnu est Vocabulary.UNKNOWN",
                        (ids, rank) -> score(ids) - score(with(ids, rank, Vocabulary.PADDING)))
                .usual(
                        "le signe est perdu : une baisse et une hausse ne disent pas la même chose",
                        (ids, rank) -> Math.abs(score(ids) - score(with(ids, rank, Vocabulary.UNKNOWN))))
                .usual(
                        "c'est le score d'après seul : comparez-le à celui d'avant",
                        (ids, rank) -> score(with(ids, rank, Vocabulary.UNKNOWN)))
                .usual(
                        "tous les autres mots sont effacés : un seul doit l'être",
                        (ids, rank) -> score(ids) - score(only(ids, rank)));
        return judge(6, check, (ids, rank) -> answer.apply(PatternExercise::score, ids, rank));
    }
}
