package fr.cours.course.exercises;

import fr.cours.attention.text.Tokenizer;
import fr.cours.course.exercises.Verdict.State;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * Étapes 1 et 2 de l'exercice 4 : des textes à soi, et leur découpe. La bonne réponse n'est pas unique : on regarde ce
 * qui doit être vrai d'elle.
 */
final class PatternTexts extends Check<Integer, Integer, String> {
    private static final int ENOUGH = 100;
    private static final int LONGEST = 80;

    private final Supplier<String> firstFault;

    /** La première faute, vide s'il n'y en a pas, {@code null} si rien n'est écrit. */
    private PatternTexts(Supplier<String> firstFault) {
        super((a, b) -> "");
        this.firstFault = firstFault;
    }

    /** Étape 1 : la table des textes. */
    static PatternTexts of(Table texts) {
        return new PatternTexts(() -> texts == null ? null : textFault(texts));
    }

    /** Étape 2 : la découpe, (nombre de textes, graine) → {rangs à apprendre, rangs à juger}. */
    static PatternTexts split(BiFunction<Integer, Long, int[][]> answer) {
        return new PatternTexts(() -> splitFault(answer));
    }

    @Override
    Verdict judge(BiFunction<Integer, Integer, String> unused) {
        String fault;
        try {
            fault = firstFault.get();
        } catch (CancellationException stopped) {
            throw stopped;
        } catch (Throwable failure) {
            fault = Check.stopped(failure);
        }
        if (fault == null) {
            return new Verdict(State.TODO, "à compléter");
        }
        return fault.isEmpty() ? new Verdict(State.DONE, "juste") : new Verdict(State.WRONG, fault);
    }

    private static String textFault(Table texts) {
        if (!texts.columnNames().containsAll(List.of("polarite", "avis"))) {
            return "trouvé les colonnes " + texts.columnNames()
                    + ", attendu polarite et avis : lisez le fichier par Corpus.read";
        }
        int n = texts.rowCount();
        if (n < ENOUGH) {
            return "trouvé " + n + " textes, attendu " + ENOUGH + " au moins : avec moins, rien ne se mesure";
        }
        IntColumn polarities = texts.intColumn("polarite");
        double positive = polarities.sum() / n;
        if (positive == 0 || positive == 1) {
            return "tous les textes ont la même polarité : il n'y a rien à apprendre";
        }
        double most = Math.max(positive, 1 - positive);
        if (most > 0.8) {
            return "une polarité prend %.0f %% des textes : répondre toujours elle aurait déjà raison ; équilibrez"
                    .formatted(100 * most);
        }
        List<String> sentences = texts.stringColumn("avis").asList();
        int twice = n - new HashSet<>(sentences).size();
        if (twice > n / 50) {
            return twice + " textes sont des doublons : les mêmes seraient appris et jugés ; gardez-en un de chaque";
        }
        int[] lengths = sentences.stream()
                .mapToInt(text -> Tokenizer.tokens(text).size())
                .toArray();
        double mean = Arrays.stream(lengths).average().orElse(0);
        if (mean < 6) {
            return "%.1f mots par texte en moyenne : trop courts pour qu'un mot en regarde un autre".formatted(mean);
        }
        long cut = Arrays.stream(lengths).filter(length -> length > LONGEST).count();
        if (cut > n / 2) {
            return cut + " textes sur " + n + " ont plus de " + LONGEST
                    + " mots et seraient coupés : prenez-en des extraits";
        }
        return "";
    }

    private static String splitFault(BiFunction<Integer, Long, int[][]> answer) {
        int[][] one = answer.apply(100, 1L);
        if (one == null) {
            return null;
        }
        for (int n : new int[] {100, 37}) {
            int[][] parts = answer.apply(n, 1L);
            if (parts.length != 2) {
                return "trouvé " + parts.length + " part(s), attendu deux : {à apprendre, à juger}";
            }
            int[] seen = new int[n];
            for (int rank : IntStream.concat(Arrays.stream(parts[0]), Arrays.stream(parts[1]))
                    .toArray()) {
                if (rank < 0 || rank >= n) {
                    return "trouvé le rang " + rank + " pour " + n + " textes, attendu de 0 à " + (n - 1);
                }
                seen[rank]++;
            }
            Set<Integer> learned = new HashSet<>();
            Arrays.stream(parts[0]).forEach(learned::add);
            int both = (int) Arrays.stream(parts[1]).filter(learned::contains).count();
            if (both > 0) {
                return both + " texte(s) sur " + n + " sont des deux côtés : le modèle les aurait déjà lus";
            }
            if (Arrays.stream(seen).anyMatch(times -> times > 1)) {
                return "un texte est plusieurs fois du même côté";
            }
            int lost = (int) Arrays.stream(seen).filter(times -> times == 0).count();
            if (lost > 0) {
                return lost + " texte(s) sur " + n + " ne sont nulle part";
            }
            if (Math.abs(parts[0].length - n / 5.0) <= 1) {
                return "les deux parts sont échangées : on apprend sur quatre cinquièmes, on juge sur un";
            }
            if (Math.abs(parts[1].length - n / 5.0) > 1) {
                return "trouvé " + parts[1].length + " textes à juger sur " + n + ", attendu un cinquième";
            }
        }
        int[] judged = one[1].clone();
        Arrays.sort(judged);
        if (judged[judged.length - 1] - judged[0] == judged.length - 1) {
            return "les textes jugés se suivent : si le fichier est rangé, les deux parts ne se ressemblent pas ; mêlez";
        }
        int gap = judged[1] - judged[0];
        if (IntStream.range(1, judged.length).allMatch(i -> judged[i] - judged[i - 1] == gap)) {
            return "les textes jugés sont pris un sur " + gap
                    + " : ce n'est pas un tirage ; mêlez par new Random(graine)";
        }
        if (!Arrays.deepEquals(one, answer.apply(100, 1L))) {
            return "la même graine donne deux découpes : tirez au sort par new Random(graine)";
        }
        int[] others = answer.apply(100, 2L)[1].clone();
        Arrays.sort(others);
        if (Arrays.equals(judged, others)) {
            return "deux graines donnent la même découpe : on ne saurait pas ce que le tirage y change";
        }
        Set<Integer> second = Arrays.stream(others).boxed().collect(Collectors.toSet());
        if (IntStream.range(1, 100)
                .anyMatch(by -> Arrays.stream(judged).allMatch(i -> second.contains((i + by) % 100)))) {
            return "la graine ne fait que décaler les textes jugés : ce n'est pas un tirage ; mêlez par new Random(graine)";
        }
        return "";
    }
}
