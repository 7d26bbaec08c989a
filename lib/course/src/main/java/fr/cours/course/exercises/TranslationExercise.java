package fr.cours.course.exercises;

import fr.cours.attention.training.Loss;
import fr.cours.course.models.Translator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;

/** L'exercice 3 : un traducteur, du décalage des phrases à BLEU ; chaque étape a sa vérification, dans un fichier à elle. */
public final class TranslationExercise extends Exercise {
    /** Une cross-attention sans projection. */
    @FunctionalInterface
    public interface CrossAttention {
        /**
         * Fait lire la source à la cible.
         *
         * @param target {@code [n, d]}
         * @param source {@code [m, d]}, remplissage compris
         * @param length nombre de vrais mots de la source
         * @return {@code [n, d]}
         */
        INDArray apply(INDArray target, INDArray source, int length);
    }

    /** La précision d'ordre n d'une phrase écrite. */
    @FunctionalInterface
    public interface Precision {
        /**
         * Compte les suites de n mots retrouvées.
         *
         * @param written la phrase écrite
         * @param reference sa référence
         * @param n l'ordre
         * @return {suites retrouvées, suites écrites}
         */
        int[] apply(List<String> written, List<String> reference, int n);
    }

    /** Les sept étapes, à faire. */
    public TranslationExercise() {
        super(3, "décaler", "étiquettes", "cross-attention", "décodeur", "écrire", "alignement", "précision");
    }

    /**
     * Étape 1.
     *
     * @param start l'identifiant qui ouvre une phrase
     * @param end celui qui la ferme
     * @param answer mots de la cible → {ce que lit le décodeur, ce qu'il doit deviner}
     * @return le verdict
     */
    public Verdict shift(int start, int end, Function<int[], int[][]> answer) {
        return judge(1, new TranslationShift(start, end), (w, none) -> answer.apply(w));
    }

    /**
     * Étape 2.
     *
     * @param answer (cibles {@code [batch][n]} complétées par 0, longueurs) → les étiquettes, phrase après phrase,
     *     {@link Loss#IGNORED} où il n'y a rien à deviner
     * @return le verdict
     */
    public Verdict labels(BiFunction<int[][], int[], int[]> answer) {
        return judge(2, new TranslationLabels(), answer);
    }

    /**
     * Étape 3.
     *
     * @param answer la cross-attention, écrite sans les couches du cours
     * @return le verdict
     */
    public Verdict cross(CrossAttention answer) {
        return judge(3, new TranslationCrossAttention(answer), (x, m) -> answer.apply(x[0], x[1], m));
    }

    /**
     * Étape 4.
     *
     * @param answer l'étage de décodeur, assemblé
     * @return le verdict
     */
    public Verdict decoder(Translator.Decoder answer) {
        return judge(4, new TranslationDecoder(answer), (seed, none) -> TranslationDecoder.outputs(seed, answer));
    }

    /**
     * Étape 5.
     *
     * @param start l'identifiant qui ouvre une phrase
     * @param end celui qui la ferme
     * @param answer (modèle, auPlus) → les mots écrits, sans début ni fin, {@code auPlus} au plus ; le modèle rend, pour
     *     les mots déjà écrits, les scores du mot qui suit chacun, {@code [n, mots]}
     * @return le verdict
     */
    public Verdict write(int start, int end, BiFunction<Function<int[], INDArray>, Integer, int[]> answer) {
        return judge(5, new TranslationWriting(start, end), answer);
    }

    /**
     * Étape 6.
     *
     * @param answer (poids {@code [n + 1, m]}, liens {source, cible}) → parmi les mots de la cible qui ont un lien, la
     *     part de ceux dont le poids le plus fort va à un mot lié
     * @return le verdict
     */
    public Verdict alignment(BiFunction<INDArray, int[][], Double> answer) {
        return judge(6, new TranslationAlignment(), answer);
    }

    /**
     * Étape 7.
     *
     * @param answer la précision d'ordre n, écrêtée
     * @return le verdict
     */
    public Verdict precision(Precision answer) {
        return judge(7, new TranslationPrecision(), (x, n) -> answer.apply(List.of(x[0]), List.of(x[1]), n));
    }
}
