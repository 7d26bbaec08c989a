package fr.cours.course.exercises;

import java.util.Arrays;

/** Étape 1 de l'exercice 1 : une prédiction. Fausse, elle se corrige en y repensant : la bonne valeur n'est pas dite. */
final class HeadsPrediction extends Check<Integer, Integer, double[]> {
    private static final double HOT = Math.log(8);

    HeadsPrediction(double[] answer) {
        super((a, b) -> rounded(0, HOT));
        on(() -> 0, () -> 0)
                .usual("échangées : le froid choisit une seule clé", (a, b) -> rounded(HOT, 0))
                .usual("3 est en bits (log₂) ; en nats, c'est ln 8", (a, b) -> rounded(0, 3))
                .usual("une seule clé choisie : l'entropie vaut 0, pas 1", (a, b) -> rounded(1, HOT))
                .usual("8 est le nombre de clés ; l'entropie est son logarithme", (a, b) -> rounded(0, 8))
                .usual("1/8 est le poids de chaque clé, pas l'entropie", (a, b) -> rounded(0, 0.125));
        if (answer != null) {
            usual(otherwise(answer), (a, b) -> rounded(answer));
        }
    }

    /** Au centième : ln 8 s'écrit aussi 2,08. */
    static double[] rounded(double... values) {
        return Arrays.stream(values).map(x -> Math.rint(100 * x) / 100).toArray();
    }

    private static String otherwise(double[] answer) {
        if (answer.length != 2) {
            return "attendu deux nombres : {H au froid, H au chaud}";
        }
        return rounded(answer)[0] == 0
                ? "au froid, c'est juste ; au chaud, non : que deviennent huit poids que rien ne sépare plus ?"
                : "au froid, ce n'est pas cela : combien de clés un softmax très froid regarde-t-il ?";
    }
}
