package fr.cours.course.exercises;

import fr.cours.attention.math.RandomTensors;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Étape 3 de l'exercice 3 : la cross-attention, écrite sans les couches du cours. */
final class TranslationCrossAttention extends Check<INDArray[], Integer, INDArray> {
    private static final String COLUMN_SUM =
            "la somme est prise par colonne, sum(0) : chaque ligne se divise par la sienne, sum(1)";

    TranslationCrossAttention(TranslationExercise.CrossAttention answer) {
        super((x, m) -> read(x[0], x[1], m));
        // Autant de mots des deux côtés d'abord : qui se trompe d'axe ne s'arrête qu'ensuite, et se reconnaît.
        on(() -> attended(3, 4, 4), () -> 2)
                .on(() -> attended(1, 2, 3), () -> 3)
                .on(() -> attended(2, 3, 5), () -> 3)
                .byHand(() -> answer.apply(Nd4j.valueArrayOf(new long[] {2, 4}, Float.NaN), Nd4j.zeros(3, 4), 3))
                .usual(
                        "le remplissage est lu : les mots de la source sont vides à partir du rang longueur",
                        (x, m) -> read(x[0], x[1], (int) x[1].size(0)))
                .usual("les scores ne sont pas divisés par √d", (x, m) -> read(x[0].mul(2), x[1], m)) // √4 = 2
                .usual(
                        "le softmax va dans le mauvais sens : chaque ligne, un mot de la cible, doit sommer à 1",
                        (x, m) -> readByColumn(x[0], x[1], m))
                .usual(COLUMN_SUM, (x, m) -> {
                    INDArray exp = Transforms.exp(scores(x[0], x[1])).muliRowVector(visible(x[1], m));
                    return exp.diviColumnVector(exp.sum(0)).mmul(x[1]);
                })
                .usual(COLUMN_SUM, (x, m) -> {
                    INDArray exp = Transforms.exp(scores(x[0], x[1])).muliRowVector(visible(x[1], m));
                    return exp.diviRowVector(exp.sum(0)).mmul(x[1]);
                })
                .usual(
                        "c'est la source qui lit la cible : les requêtes viennent de la cible",
                        (x, m) -> read(x[1], x[0], (int) x[0].size(0)))
                .usual(
                        "la cible se lit elle-même : clés et valeurs viennent de la source",
                        (x, m) -> read(x[0], x[0], (int) x[0].size(0)))
                .usual(
                        "les scores sont divisés par d : c'est par √d",
                        (x, m) -> read(x[0].div(Math.sqrt(x[0].size(1))), x[1], m))
                .usual(
                        "il manque le softmax : des scores ne sont pas des poids, ils ne somment pas à 1",
                        (x, m) -> scores(x[0], x[1])
                                .muliRowVector(visible(x[1], m))
                                .mmul(x[1]))
                .usual(
                        "il manque le softmax, et le remplissage est lu",
                        (x, m) -> scores(x[0], x[1]).mmul(x[1]))
                .usual(
                        "il manque la division par la somme de la ligne : les poids ne somment pas à 1",
                        (x, m) -> Transforms.exp(scores(x[0], x[1]))
                                .muliRowVector(visible(x[1], m))
                                .mmul(x[1]))
                .usual("il manque l'exponentielle : un score négatif donnerait un poids négatif", (x, m) -> {
                    INDArray scores = scores(x[0], x[1]).muliRowVector(visible(x[1], m));
                    return scores.diviColumnVector(scores.sum(1)).mmul(x[1]);
                })
                .usual("il manque l'exponentielle, et le remplissage est lu", (x, m) -> {
                    INDArray scores = scores(x[0], x[1]);
                    return scores.diviColumnVector(scores.sum(1)).mmul(x[1]);
                })
                .usual(
                        "le remplissage est lu, et les scores ne sont pas divisés par √d",
                        (x, m) -> read(x[0].mul(2), x[1], (int) x[1].size(0)))
                .usual(
                        "mettre à 0 les mots vides ne suffit pas : leur score vaut alors 0, e⁰ vaut 1, ils prennent du poids",
                        (x, m) -> softmax(scores(x[0], x[1]).muliRowVector(visible(x[1], m)))
                                .muliRowVector(visible(x[1], m))
                                .mmul(x[1]))
                .usual("ce sont les poids : il reste à mélanger les valeurs", (x, m) -> weights(x[0], x[1], m))
                .usual(
                        "les scores du remplissage sont mis à 0 : e⁰ vaut 1, il est encore lu ; donnez-leur −∞",
                        (x, m) -> softmax(scores(x[0], x[1]).muliRowVector(visible(x[1], m)))
                                .mmul(x[1]))
                .usual(
                        "le remplissage est retiré après le softmax : les lignes ne somment plus à 1",
                        (x, m) -> weights(x[0], x[1], (int) x[1].size(0))
                                .muliRowVector(visible(x[1], m))
                                .mmul(x[1]));
    }

    /** Les deux tableaux d'une cross-attention : {cible, source}. */
    private static INDArray[] attended(long seed, int n, int m) {
        Random random = new Random(seed);
        return new INDArray[] {RandomTensors.normal(random, n, 4), RandomTensors.normal(random, m, 4)};
    }

    private static INDArray visible(INDArray source, int length) {
        INDArray visible = Nd4j.zeros(source.size(0));
        for (int j = 0; j < length; j++) {
            visible.putScalar(j, 1);
        }
        return visible;
    }

    private static INDArray scores(INDArray target, INDArray source) {
        return target.mmul(source.transpose()).divi(Math.sqrt(target.size(1))); // [n, m]
    }

    private static INDArray softmax(INDArray scores) {
        INDArray exp = Transforms.exp(scores); // [n, m]
        return exp.diviColumnVector(exp.sum(1));
    }

    private static INDArray weights(INDArray target, INDArray source, int length) {
        INDArray exp = Transforms.exp(scores(target, source)).muliRowVector(visible(source, length)); // [n, m]
        return exp.diviColumnVector(exp.sum(1));
    }

    private static INDArray read(INDArray target, INDArray source, int length) {
        return weights(target, source, length).mmul(source); // [n, d]
    }

    private static INDArray readByColumn(INDArray target, INDArray source, int length) {
        INDArray exp = Transforms.exp(scores(target, source)); // [n, m]
        return exp.diviRowVector(exp.sum(0))
                .muliRowVector(visible(source, length))
                .mmul(source);
    }
}
