package fr.cours.course.metrics;

import fr.cours.attention.math.Arguments;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BLEU, de 0 à 100 (Papineni et al., 2002, § 2.3), sur tout un corpus, sans lissage, comme sacreBLEU sur des phrases déjà
 * coupées ({@code tokenize="none", smooth_method="none"}).
 *
 * <p>Écrit ici faute de mieux : les versions en Java qui existent sont enfermées dans de grands systèmes (Phrasal, TrustyAI).
 */
public final class Bleu {
    private static final int ORDERS = 4;

    private Bleu() {}

    /**
     * La précision d'ordre n, écrêtée : les suites de n mots de la candidate qui sont dans une référence, chacune comptée
     * au plus autant de fois que dans celle-ci.
     *
     * @param candidate la traduction à juger
     * @param references une traduction humaine ou plusieurs
     * @param n l'ordre
     * @return {le nombre de suites retrouvées, le nombre de suites}
     */
    public static int[] matches(List<String> candidate, List<List<String>> references, int n) {
        Map<List<String>, Integer> most = new HashMap<>();
        for (List<String> reference : references) {
            counts(reference, n).forEach((gram, count) -> most.merge(gram, count, Math::max));
        }
        int found = 0;
        for (Map.Entry<List<String>, Integer> gram : counts(candidate, n).entrySet()) {
            found += Math.min(gram.getValue(), most.getOrDefault(gram.getKey(), 0));
        }
        return new int[] {found, Math.max(0, candidate.size() - n + 1)};
    }

    private static Map<List<String>, Integer> counts(List<String> words, int n) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= words.size(); i++) {
            counts.merge(words.subList(i, i + n), 1, Integer::sum);
        }
        return counts;
    }

    /**
     * Le BLEU d'un corpus où chaque phrase a une référence.
     *
     * @param candidates les traductions à juger, coupées en mots
     * @param references leurs références, dans le même ordre
     * @return de 0 à 100 ; 0 si aucune suite de quatre mots n'est retrouvée
     * @throws IllegalArgumentException s'il n'y a pas de phrase, ou pas autant de candidates que de références
     */
    public static double corpus(List<List<String>> candidates, List<List<String>> references) {
        Arguments.checkPresent("references", references, "des phrases");
        List<List<List<String>>> alone = new ArrayList<>();
        references.forEach(reference -> alone.add(List.of(reference)));
        return corpusOfMany(candidates, alone);
    }

    /**
     * Le BLEU d'un corpus où chaque phrase a une ou plusieurs références.
     *
     * @param candidates les traductions à juger, coupées en mots
     * @param references pour chacune, ses références
     * @return comme {@link #corpus}
     * @throws IllegalArgumentException comme {@link #corpus}, ou si une phrase n'a pas de référence
     */
    public static double corpusOfMany(List<List<String>> candidates, List<List<List<String>>> references) {
        Arguments.checkPresent("candidates", candidates, "des phrases");
        Arguments.checkPresent("references", references, "des phrases");
        if (candidates.isEmpty() || candidates.size() != references.size()) {
            throw new IllegalArgumentException("candidates : trouvé " + candidates.size() + " phrase(s) pour "
                    + references.size() + " référence(s), attendu autant des unes que des autres, une au moins");
        }
        int[] found = new int[ORDERS];
        int[] all = new int[ORDERS];
        int written = 0;
        int expected = 0;
        for (int i = 0; i < candidates.size(); i++) {
            List<String> candidate = candidates.get(i);
            for (int n = 1; n <= ORDERS; n++) {
                int[] matches = matches(candidate, references.get(i), n);
                found[n - 1] += matches[0];
                all[n - 1] += matches[1];
            }
            written += candidate.size();
            expected += closest(candidate.size(), references.get(i), i);
        }
        double logarithms = 0;
        for (int n = 0; n < ORDERS; n++) {
            if (found[n] == 0) {
                return 0;
            }
            logarithms += Math.log((double) found[n] / all[n]) / ORDERS;
        }
        return 100 * brevity(written, expected) * Math.exp(logarithms);
    }

    /** La pénalité de brièveté (éq. 3) : une traduction trop courte aurait une bonne précision à peu de frais. */
    static double brevity(int written, int expected) {
        return written >= expected ? 1 : Math.exp(1 - (double) expected / written);
    }

    /** La longueur de référence la plus proche ; à égale distance, la plus courte. */
    private static int closest(int length, List<List<String>> references, int sentence) {
        return references.stream()
                .map(List::size)
                .min((a, b) -> {
                    int nearer = Integer.compare(Math.abs(a - length), Math.abs(b - length));
                    return nearer != 0 ? nearer : Integer.compare(a, b);
                })
                .orElseThrow(() -> new IllegalArgumentException(
                        "references : aucune pour la phrase " + sentence + ", attendu une au moins"));
    }
}
