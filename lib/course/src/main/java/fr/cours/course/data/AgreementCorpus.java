package fr.cours.course.data;

import fr.cours.attention.math.Arguments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Des phrases où un adjectif, donné par son masculin singulier entre crochets, doit s'accorder : « les chats que la
 * voisine nourrit sont [noir] ». La réponse, « noirs », dépend du nom qui gouverne l'adjectif, et de lui seul.
 *
 * <p>Le lexique et les gabarits sont dans un fichier, décrit à côté de lui. Les autres noms de la phrase n'ont jamais à
 * la fois le genre et le nombre du bon. Un cinquième des couples nom–adjectif est réservé à l'épreuve : aucune phrase
 * d'entraînement ne les réunit.
 */
public final class AgreementCorpus {
    private static final int RESERVED = 5;

    /** Combien de cases suivent chaque sorte de ligne. */
    private static final Map<String, Integer> SHAPES =
            Map.of("nom", 3, "adjectif", 4, "verbe", 2, "copule", 2, "déterminant", 5, "gabarit", 1);

    private final Map<String, List<List<String>>> rows = new HashMap<>();
    private final List<Noun> nouns;

    /**
     * Un nom.
     *
     * @param feminine faux : masculin
     * @param singular le singulier
     * @param plural le pluriel
     */
    public record Noun(boolean feminine, String singular, String plural) {}

    /**
     * Un groupe nominal, et les verbes dont il serait le sujet.
     *
     * @param noun le nom
     * @param isPlural faux : singulier
     * @param determiners masculin, masculin devant voyelle, féminin, féminin devant voyelle, pluriel
     * @param verb singulier, pluriel
     * @param copula singulier, pluriel
     */
    public record Group(Noun noun, boolean isPlural, List<String> determiners, List<String> verb, List<String> copula) {
        /** {@return le déterminant accordé} */
        public String determiner() {
            int elided = noun.singular.matches("[aâeéiouh].*") ? 1 : 0; // les h du lexique sont muets
            int singular = (noun.feminine ? 2 : 0) + elided;
            return determiners.get(isPlural ? 4 : singular);
        }

        /** {@return le nom, au nombre du groupe} */
        public String head() {
            return isPlural ? noun.plural : noun.singular;
        }

        /** {@return de 0 à 3 : masculin et féminin singuliers, masculin et féminin pluriels} */
        public int agreement() {
            return (noun.feminine ? 1 : 0) + (isPlural ? 2 : 0);
        }

        /**
         * Le même groupe autour d'un autre nom.
         *
         * @param other ce nom
         * @return le groupe, déterminant et verbes accordés
         */
        public Group with(Noun other) {
            return new Group(other, isPlural, determiners, verb, copula);
        }
    }

    /**
     * Une phrase.
     *
     * @param template son gabarit
     * @param groups ses groupes nominaux ; le premier est celui qui gouverne l'adjectif, où qu'il soit dans la phrase
     * @param adjective les quatre formes de l'adjectif
     * @param words ses mots, l'adjectif entre crochets
     * @param nouns la position du nom de chaque groupe
     * @param mask la position de l'adjectif
     */
    public record Sentence(
            String template, List<Group> groups, List<String> adjective, List<String> words, int[] nouns, int mask) {
        /**
         * Écrit une phrase.
         *
         * @param template son gabarit
         * @param groups ses groupes nominaux, dans l'ordre A, B, C du gabarit
         * @param adjective les quatre formes de l'adjectif
         * @return la phrase
         */
        public static Sentence of(String template, List<Group> groups, List<String> adjective) {
            List<String> words = new ArrayList<>();
            int[] nouns = new int[groups.size()];
            for (String token : template.split(" ")) {
                int at = "ABC".indexOf(token.charAt(token.length() - 1));
                Group group = at < 0 ? null : groups.get(at);
                if (at < 0) {
                    words.add(token.equals("*") ? "[" + adjective.get(0) + "]" : token);
                } else if (token.length() > 1) {
                    words.add((token.charAt(0) == 'v' ? group.verb : group.copula).get(group.isPlural ? 1 : 0));
                } else {
                    add(words, group.determiner());
                    nouns[at] = words.size();
                    words.add(group.head());
                }
            }
            return new Sentence(template, groups, adjective, words, nouns, words.indexOf("[" + adjective.get(0) + "]"));
        }

        /** {@return la forme attendue} */
        public String answer() {
            return adjective.get(groups.get(0).agreement());
        }

        /**
         * La même phrase, un nom changé.
         *
         * @param slot le rang du groupe, 0 pour celui qui gouverne
         * @param noun le nouveau nom
         * @return la phrase, accordée
         */
        public Sentence with(int slot, Noun noun) {
            List<Group> changed = new ArrayList<>(groups);
            changed.set(slot, groups.get(slot).with(noun));
            return of(template, changed, adjective);
        }

        private static void add(List<String> words, String determiner) {
            boolean contracted =
                    !words.isEmpty() && words.get(words.size() - 1).equals("de") && determiner.matches("les?");
            if (contracted) {
                words.set(words.size() - 1, determiner.equals("le") ? "du" : "des");
            } else {
                words.add(determiner);
            }
        }
    }

    private AgreementCorpus(List<String> lines) {
        for (String line : lines) {
            List<String> row = List.of(line.split("\t"));
            if (SHAPES.getOrDefault(row.get(0), -1) != row.size() - 1) {
                throw new IllegalArgumentException("ligne : trouvé « " + line + " », attendu une sorte et son nombre de"
                        + " cases, séparées par des tabulations, parmi " + new TreeMap<>(SHAPES));
            }
            rows.computeIfAbsent(row.get(0), kind -> new ArrayList<>()).add(row.subList(1, row.size()));
        }
        if (!rows.keySet().equals(SHAPES.keySet())) {
            throw new IllegalArgumentException("lignes : trouvé " + new TreeSet<>(rows.keySet())
                    + ", attendu au moins une ligne de chaque sorte : " + new TreeSet<>(SHAPES.keySet()));
        }
        nouns = rows.get("nom").stream()
                .map(row -> new Noun(row.get(0).equals("f"), row.get(1), row.get(2)))
                .toList();
    }

    /**
     * Lit un lexique et ses gabarits.
     *
     * @param file le fichier
     * @return le corpus
     * @throws IllegalArgumentException si une ligne ne convient pas ; le message la cite
     */
    public static AgreementCorpus read(Path file) {
        try {
            return new AgreementCorpus(Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " : illisible", e);
        }
    }

    /** {@return les noms} */
    public List<Noun> nouns() {
        return nouns;
    }

    /** {@return toutes les formes d'adjectifs, quatre par adjectif : masculin, féminin, puis leurs pluriels} */
    public List<String> forms() {
        return rows.get("adjectif").stream().flatMap(List::stream).toList();
    }

    /**
     * Tire des phrases.
     *
     * @param count leur nombre
     * @param test vrai : des couples nom–adjectif réservés ; faux : les autres
     * @param seed graine du tirage
     * @return les phrases
     */
    public List<Sentence> draw(int count, boolean test, long seed) {
        Arguments.checkAtLeast("count", count, 1);
        Random random = new Random(seed);
        return Stream.generate(() -> sentence(random, test)).limit(count).toList();
    }

    private Sentence sentence(Random random, boolean test) {
        List<String> adjective = pick(rows.get("adjectif"), random);
        List<Group> groups = new ArrayList<>();
        groups.add(group(random, group -> isReserved(group.noun, adjective) == test));
        while (groups.size() < 3) {
            groups.add(group(
                    random,
                    group -> group.agreement() != groups.get(0).agreement()
                            && groups.stream().noneMatch(other -> other.noun == group.noun)
                            && (test || !isReserved(group.noun, adjective))));
        }
        String template = pick(rows.get("gabarit"), random).get(0);
        return Sentence.of(template, groups.subList(0, template.contains("C") ? 3 : 2), adjective);
    }

    private Group group(Random random, Predicate<Group> accepted) {
        return Stream.generate(() -> new Group(
                        pick(nouns, random),
                        random.nextBoolean(),
                        pick(rows.get("déterminant"), random),
                        pick(rows.get("verbe"), random),
                        pick(rows.get("copule"), random)))
                .filter(accepted)
                .findFirst()
                .orElseThrow();
    }

    /** Dit si un couple est réservé à l'épreuve. */
    boolean isReserved(Noun noun, List<String> adjective) {
        return (nouns.indexOf(noun) + rows.get("adjectif").indexOf(adjective)) % RESERVED == 0;
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
