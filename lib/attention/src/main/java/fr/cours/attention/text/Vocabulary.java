package fr.cours.attention.text;

import fr.cours.attention.math.Arguments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Des mots aux identifiants, et retour.
 *
 * <p>0 est le remplissage, 1 le mot inconnu ; viennent ensuite les mots, du plus fréquent au moins fréquent, et à
 * fréquence égale dans l'ordre d'Unicode : les mêmes phrases donnent toujours le même vocabulaire.
 */
public final class Vocabulary {
    /** L'identifiant du remplissage. */
    public static final int PADDING = 0;

    /** L'identifiant d'un mot hors du vocabulaire. */
    public static final int UNKNOWN = 1;

    private static final List<String> SPECIAL = List.of("<vide>", "<inconnu>");

    private final List<String> words;
    private final Map<String, Integer> ids = new HashMap<>();

    private Vocabulary(List<String> words) {
        this.words = List.copyOf(words);
        for (String word : words) {
            ids.put(word, ids.size());
        }
    }

    /**
     * Le vocabulaire de phrases déjà coupées.
     *
     * @param sentences les phrases, par exemple de {@link Tokenizer#tokens}
     * @param maxSize nombre d'identifiants au plus, remplissage et mot inconnu compris
     * @param minFrequency nombre d'occurrences à partir duquel un mot est gardé
     * @return le vocabulaire
     * @throws IllegalArgumentException si une phrase ou un mot est absent, si {@code maxSize} est inférieur à 3 ou
     *     {@code minFrequency} à 1
     */
    public static Vocabulary of(Collection<List<String>> sentences, int maxSize, int minFrequency) {
        Arguments.checkPresent("sentences", sentences, "des phrases déjà coupées");
        Arguments.checkAtLeast("maxSize", maxSize, SPECIAL.size() + 1);
        Arguments.checkAtLeast("minFrequency", minFrequency, 1);
        Map<String, Integer> counts = new HashMap<>();
        for (List<String> sentence : sentences) {
            Arguments.checkPresent("sentences", sentence, "une liste de mots pour chaque phrase");
            for (String word : sentence) {
                Arguments.checkPresent("sentences", word, "un mot à chaque position");
                counts.merge(word, 1, Integer::sum);
            }
        }
        counts.keySet().removeAll(SPECIAL);
        List<String> words = new ArrayList<>(SPECIAL);
        counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= minFrequency)
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(maxSize - SPECIAL.size())
                .forEach(entry -> words.add(entry.getKey()));
        return new Vocabulary(words);
    }

    /** {@return le nombre d'identifiants, remplissage et mot inconnu compris} */
    public int size() {
        return words.size();
    }

    /**
     * L'identifiant d'un mot.
     *
     * @param word le mot, tel que le {@link Tokenizer} le rend
     * @return son identifiant, {@link #UNKNOWN} s'il n'est pas dans le vocabulaire
     * @throws IllegalArgumentException si le mot est absent (null)
     */
    public int id(String word) {
        Arguments.checkPresent("word", word, "un mot");
        return ids.getOrDefault(word, UNKNOWN);
    }

    /**
     * Le mot d'un identifiant.
     *
     * @param id de 0 à {@code size() − 1}
     * @return le mot ; {@code <vide>} pour 0, {@code <inconnu>} pour 1
     * @throws IllegalArgumentException si l'identifiant sort du vocabulaire
     */
    public String word(int id) {
        Arguments.checkBetween("id", id, 0, size() - 1);
        return words.get(id);
    }

    /**
     * Dit si un mot a son identifiant.
     *
     * @param word le mot
     * @return vrai s'il est dans le vocabulaire
     */
    public boolean contains(String word) {
        return ids.containsKey(word);
    }

    /**
     * Les identifiants d'une phrase.
     *
     * @param tokens les mots
     * @param maxLength longueur au-delà de laquelle la phrase est coupée
     * @return un identifiant par mot gardé, sans remplissage
     * @throws IllegalArgumentException si la phrase ou un mot est absent, ou si {@code maxLength} n'est pas positif
     */
    public int[] encode(List<String> tokens, int maxLength) {
        Arguments.checkPresent("tokens", tokens, "une liste de mots");
        Arguments.checkAtLeast("maxLength", maxLength, 1);
        return tokens.stream().limit(maxLength).mapToInt(this::id).toArray();
    }

    /**
     * Met des phrases en lot.
     *
     * @param sentences les identifiants de chaque phrase, de {@link #encode}
     * @return le lot, les phrases courtes complétées par {@link #PADDING}
     * @throws IllegalArgumentException s'il n'y a pas de phrase, ou si l'une est absente
     */
    public static PaddedBatch pad(List<int[]> sentences) {
        Arguments.checkPresent("sentences", sentences, "les identifiants de chaque phrase");
        if (sentences.isEmpty()) {
            throw Arguments.empty("sentences", "au moins une phrase");
        }
        sentences.forEach(sentence -> Arguments.checkPresent("sentences", sentence, "des identifiants par phrase"));
        int[] lengths = sentences.stream().mapToInt(sentence -> sentence.length).toArray();
        // Au moins une colonne : un lot de phrases vides reste un lot que les couches acceptent.
        int longest = Math.max(1, Arrays.stream(lengths).max().getAsInt());
        return new PaddedBatch(
                sentences.stream()
                        .map(sentence -> Arrays.copyOf(sentence, longest))
                        .toArray(int[][]::new),
                lengths);
    }
}
