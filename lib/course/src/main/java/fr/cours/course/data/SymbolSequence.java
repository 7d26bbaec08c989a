package fr.cours.course.data;

import fr.cours.attention.math.Arguments;
import fr.cours.attention.training.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Une suite de symboles, et ce qu'il faut répondre à chaque position.
 *
 * @param ids les symboles, {@code [n]}
 * @param labels la réponse à chaque position, {@code [n]} ; {@link Loss#IGNORED} où rien n'est demandé
 */
public record SymbolSequence(int[] ids, int[] labels) {
    /**
     * Le rappel associatif (Arora et al., 2023, MQAR) : des paires clé, valeur, puis toutes les clés dans un autre
     * ordre ; à chacune, répondre sa valeur. Clés et valeurs sont tirées au sort à chaque suite : rien ne s'apprend par
     * cœur, il faut retrouver.
     *
     * @param pairs nombre de paires
     * @param symbols nombre de clés possibles, et de valeurs possibles ; les clés vont de 0 à {@code symbols − 1}, les
     *     valeurs de {@code symbols} à {@code 2·symbols − 1}
     * @param random la source du hasard
     * @return une suite de longueur {@code 3·pairs} ; les réponses vont de 0 à {@code symbols − 1}
     * @throws IllegalArgumentException si {@code pairs} n'est pas de 1 à {@code symbols}
     */
    public static SymbolSequence associativeRecall(int pairs, int symbols, Random random) {
        Arguments.check(1 <= pairs && pairs <= symbols, "pairs", pairs, "de 1 à " + symbols + ", le nombre de clés");
        List<Integer> keys = IntStream.range(0, symbols).boxed().collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(keys, random);
        int[] values = random.ints(pairs, 0, symbols).toArray();
        int[] ids = new int[3 * pairs];
        int[] labels = new int[3 * pairs];
        Arrays.fill(labels, Loss.IGNORED);
        List<Integer> asked = IntStream.range(0, pairs).boxed().collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(asked, random);
        for (int i = 0; i < pairs; i++) {
            ids[2 * i] = keys.get(i);
            ids[2 * i + 1] = symbols + values[i];
            ids[2 * pairs + i] = keys.get(asked.get(i));
            labels[2 * pairs + i] = values[asked.get(i)];
        }
        return new SymbolSequence(ids, labels);
    }
}
