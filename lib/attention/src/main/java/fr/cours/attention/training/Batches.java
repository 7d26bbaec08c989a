package fr.cours.attention.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

/**
 * Les lots d'une époque, tirés au sort, où les exemples d'un même lot ont des longueurs voisines : moins de remplissage,
 * donc moins de calcul.
 *
 * @param size nombre d'exemples par lot
 * @param length la longueur d'un exemple ; la même pour tous si elle ne doit pas compter
 * @param <E> un exemple
 */
record Batches<E>(int size, ToIntFunction<E> length) {
    /** Lots dont on mêle les exemples avant de les ranger par longueur : assez pour le hasard, peu de remplissage. */
    private static final int SORTED_TOGETHER = 20;

    /** Combien de lots pour tant d'exemples ; le dernier peut être incomplet. */
    int count(int examples) {
        return (examples + size - 1) / size;
    }

    /** Exemples mêlés, rangés par longueur sur quelques lots, et les lots mêlés à leur tour. */
    List<List<E>> draw(List<E> examples, Random random) {
        List<E> shuffled = new ArrayList<>(examples);
        Collections.shuffle(shuffled, random);
        List<List<E>> batches = new ArrayList<>();
        int chunk = SORTED_TOGETHER * size;
        for (int from = 0; from < shuffled.size(); from += chunk) {
            List<E> near = shuffled.subList(from, Math.min(from + chunk, shuffled.size()));
            near.sort(Comparator.comparingInt(length)); // tri stable : sans longueurs, l'ordre tiré au sort demeure
            for (int at = 0; at < near.size(); at += size) {
                batches.add(near.subList(at, Math.min(at + size, near.size())));
            }
        }
        Collections.shuffle(batches, random);
        return batches;
    }
}
