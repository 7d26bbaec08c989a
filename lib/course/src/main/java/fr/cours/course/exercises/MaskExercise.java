package fr.cours.course.exercises;

import fr.cours.attention.layers.AttentionMask;
import fr.cours.attention.layers.ScaledDotProductAttention;
import fr.cours.attention.math.RandomTensors;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** L'exercice 2 : écrire des masques. Partout, <em>vrai = caché</em>. */
public final class MaskExercise extends Exercise {
    private static final String INVERTED = "tout est à l'envers : vrai veut dire caché";
    private static final String SWAPPED = "lignes et colonnes sont échangées : i est la requête, j la clé";
    private static final int[] SENTENCES = {0, 0, 0, 1, 1, 1, 1, 2};

    /** La case (i, j) est-elle cachée, pour les paramètres p ? */
    private interface Rule {
        boolean hides(int i, int j, int[] p);
    }

    /** Une vérification dont les réponses sont des masques. */
    private static final class MaskCheck extends Check<int[], Integer, boolean[][]> {
        MaskCheck(Rule right) {
            super((p, n) -> grid(n, right, p));
        }

        MaskCheck wrong(String sentence, Rule rule) {
            usual(sentence, (p, n) -> grid(n, rule, p));
            return this;
        }

        MaskCheck on(int n, int... p) {
            on(p::clone, () -> n);
            return this;
        }
    }

    /** Les sept étapes, à faire. */
    public MaskExercise() {
        super(2, "remplissage", "avenir", "bande", "phrases", "combinaison", "fuite", "causalité");
    }

    private static boolean[][] grid(int n, Rule rule, int... p) {
        boolean[][] hidden = new boolean[n][n];
        for (int cell = 0; cell < n * n; cell++) {
            hidden[cell / n][cell % n] = rule.hides(cell / n, cell % n, p);
        }
        return hidden;
    }

    /**
     * Étape 1.
     *
     * @param answer (longueur vraie, n) → masque {@code [n][n]} du remplissage
     * @return le verdict
     */
    public Verdict padding(BiFunction<Integer, Integer, boolean[][]> answer) {
        MaskCheck check = new MaskCheck((i, j, p) -> j >= p[0])
                .on(5, 3)
                .on(4, 2)
                .on(4, 4)
                .wrong(INVERTED, (i, j, p) -> j < p[0])
                .wrong("le premier mot vide reste visible : il est au rang longueur", (i, j, p) -> j > p[0])
                .wrong("le dernier vrai mot est caché : il est au rang longueur − 1", (i, j, p) -> j >= p[0] - 1)
                .wrong(SWAPPED + " ; ce sont les clés que l'on cache", (i, j, p) -> i >= p[0])
                .wrong("des lignes sont cachées : seules les colonnes le sont", (i, j, p) -> Math.max(i, j) >= p[0]);
        return judge(1, check.byHand(() -> answer.apply(0, 0)), (p, n) -> answer.apply(p[0], n));
    }

    /**
     * Étape 2.
     *
     * @param answer n → masque {@code [n][n]} qui cache l'avenir
     * @return le verdict
     */
    public Verdict causal(Function<Integer, boolean[][]> answer) {
        MaskCheck check = new MaskCheck((i, j, p) -> j > i)
                .on(4)
                .on(1)
                .on(6)
                .wrong(INVERTED, (i, j, p) -> j <= i)
                .wrong("chaque mot se cache à lui-même : le premier ne verrait rien", (i, j, p) -> j >= i)
                .wrong(SWAPPED + " ; c'est le passé que vous cachez", (i, j, p) -> j < i)
                .wrong("chaque mot voit le suivant : la réponse qu'on lui demande", (i, j, p) -> j > i + 1)
                .wrong("le passé est caché aussi : chaque mot ne voit que lui-même", (i, j, p) -> j != i);
        return judge(2, check.byHand(() -> answer.apply(0)), (p, n) -> answer.apply(n));
    }

    /**
     * Étape 3.
     *
     * @param answer (n, rayon) → masque {@code [n][n]} qui ne laisse voir que les voisins
     * @return le verdict
     */
    public Verdict band(BiFunction<Integer, Integer, boolean[][]> answer) {
        MaskCheck check = new MaskCheck((i, j, p) -> Math.abs(i - j) > p[0])
                .on(6, 1)
                .on(6, 0)
                .on(5, 3)
                .wrong(INVERTED, (i, j, p) -> Math.abs(i - j) <= p[0])
                .wrong("le voisin à la distance rayon est caché : il est visible", (i, j, p) -> Math.abs(i - j) >= p[0])
                .wrong("le passé n'est pas borné : la distance est |i − j|", (i, j, p) -> j - i > p[0])
                .wrong("l'avenir n'est pas borné : la distance est |i − j|", (i, j, p) -> i - j > p[0])
                .wrong("l'avenir est caché : la bande va des deux côtés", (i, j, p) -> j > i || i - j > p[0]);
        return judge(3, check, (p, n) -> answer.apply(n, p[0]));
    }

    /**
     * Étape 4.
     *
     * @param answer numéro de la phrase de chaque mot → masque {@code [n][n]} qui cache les autres phrases
     * @return le verdict
     */
    public Verdict sentences(Function<int[], boolean[][]> answer) {
        MaskCheck check = new MaskCheck((i, j, p) -> p[i] != p[j])
                .on(5, 0, 0, 1, 1, 1)
                .on(8, SENTENCES)
                .on(3, 7, 7, 7)
                .wrong(INVERTED, (i, j, p) -> p[i] == p[j])
                .wrong("vous comparez les rangs i et j, pas les numéros de leurs phrases", (i, j, p) -> i != j)
                .wrong("les phrases précédentes restent visibles", (i, j, p) -> p[j] > p[i])
                .wrong("les phrases suivantes restent visibles", (i, j, p) -> p[j] < p[i])
                .wrong("la phrase voisine reste visible : 1 d'écart suffit", (i, j, p) -> Math.abs(p[i] - p[j]) > 1);
        return judge(4, check, (p, n) -> answer.apply(p));
    }

    private static BinaryOperator<boolean[][]> cells(BinaryOperator<Boolean> rule) {
        return (a, b) -> grid(a.length, (i, j, p) -> rule.apply(a[i][j], b[i][j]));
    }

    /**
     * Étape 5.
     *
     * @param answer deux masques → celui qui cache ce que cache l'un ou l'autre
     * @return le verdict
     */
    public Verdict combine(BiFunction<boolean[][], boolean[][], boolean[][]> answer) {
        return judge(
                5,
                new Check<>(cells((x, y) -> x || y))
                        .on(() -> grid(4, (i, j, p) -> j > i), () -> grid(4, (i, j, p) -> j >= 3))
                        .usual("n'est caché que ce que cachent les deux : un seul suffit", cells((x, y) -> x && y))
                        .usual("ce que cachent les deux redevient visible", cells((x, y) -> x ^ y))
                        .usual("le second masque est oublié", (a, b) -> a)
                        .usual("le premier masque est oublié", (a, b) -> b)
                        .usual(INVERTED, cells((x, y) -> !x && !y)),
                answer);
    }

    /** {@return un masque {@code [8][8]} qui devrait être causal et séparer trois phrases (0–2, 3–6, 7), et qui fuit} */
    public static boolean[][] faultyMask() {
        return grid(8, (i, j, p) -> (j > i || p[i] != p[j]) && (i != 5 || j != 2), SENTENCES);
    }

    /**
     * Étape 6.
     *
     * @param answer {requête, clé} : la case de {@link #faultyMask()} qui devrait être cachée
     * @return le verdict
     */
    public Verdict leak(int[] answer) {
        Check<Integer, Integer, int[]> check = new Check<Integer, Integer, int[]>((a, b) -> new int[] {5, 2})
                .on(() -> 0, () -> 0)
                .usual("c'est la bonne case, requête et clé échangées", (a, b) -> new int[] {2, 5})
                .usual("les rangs se comptent à partir de 0", (a, b) -> new int[] {6, 3});
        if (answer != null) {
            boolean inside = answer.length == 2 && Arrays.stream(answer).allMatch(rank -> rank >= 0 && rank < 8);
            check.usual(inside ? notTheLeak(answer) : "attendu deux rangs de 0 à 7 : {requête, clé}", (a, b) -> answer);
        }
        return judge(6, check, (a, b) -> answer);
    }

    private static String notTheLeak(int[] cell) {
        return faultyMask()[cell[0]][cell[1]]
                ? "cette case est cachée : ce n'est pas une fuite"
                : "cette case a le droit d'être visible : même phrase, et pas dans l'avenir";
    }

    /**
     * Étape 7.
     *
     * @param answer (couche, x) → vrai si la sortie de chaque mot de {@code x}, {@code [1, n, d]}, ignore les mots suivants
     * @return le verdict
     */
    public Verdict causality(BiFunction<UnaryOperator<INDArray>, INDArray, Boolean> answer) {
        var check = new Check<UnaryOperator<INDArray>, INDArray, Boolean>((f, x) -> ignores(f, x, 1, 5, false))
                .usual("toujours vrai : aucune fuite n'est vue", (f, x) -> true)
                .usual("toujours faux : même une couche causale est accusée", (f, x) -> false)
                .usual(
                        "seul le dernier mot est changé : une fuite d'un mot du milieu passe ; essayez tous les k",
                        (f, x) -> ignores(f, x, 5, 5, false))
                .usual(
                        "seule la première sortie est comparée, ou un seul k essayé : une fuite plus loin passe",
                        (f, x) -> ignores(f, x, 1, 1, false))
                .usual("un mot changé a le droit de changer de sortie", (f, x) -> ignores(f, x, 1, 5, true));
        for (Rule rule : List.<Rule>of(
                (i, j, p) -> j > i,
                (i, j, p) -> false,
                (i, j, p) -> j > i && (i != 0 || j != 2),
                (i, j, p) -> j > i && (i != 2 || j != 4),
                (i, j, p) -> true)) {
            AttentionMask mask = AttentionMask.of(grid(6, rule));
            UnaryOperator<INDArray> layer =
                    x -> new ScaledDotProductAttention().forward(x, x, x, mask).output();
            check.on(() -> layer, () -> RandomTensors.normal(new Random(3), 1, 6, 8));
        }
        return judge(7, check, answer);
    }

    /** Change les mots à partir de chaque rang de {@code first} à {@code last} : les sorties d'avant restent-elles ? */
    private static boolean ignores(UnaryOperator<INDArray> layer, INDArray x, int first, int last, boolean all) {
        INDArray before = layer.apply(x).slice(0);
        for (int from = first; from <= last; from++) {
            INDArray changed = x.dup();
            for (int word = from; word < x.size(1); word++) {
                changed.slice(0).getRow(word).addi(word);
            }
            INDArray after = layer.apply(changed).slice(0);
            for (int word = 0; word < (all ? x.size(1) : from); word++) {
                if (!after.getRow(word).equalsWithEps(before.getRow(word), 1e-5)) {
                    return false;
                }
            }
        }
        return true;
    }
}
