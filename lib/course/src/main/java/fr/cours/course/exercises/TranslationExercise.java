package fr.cours.course.exercises;

import fr.cours.attention.layers.AttentionMask;
import fr.cours.attention.layers.AttentionOutput;
import fr.cours.attention.layers.Tape;
import fr.cours.attention.math.RandomTensors;
import fr.cours.attention.training.Loss;
import fr.cours.course.exercises.Verdict.State;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** L'exercice 3 : un traducteur, du décalage des phrases à BLEU. */
public final class TranslationExercise extends Exercise {
    private static final int MODEL = 8;
    private static final int WORDS = 4; // autant dans la cible que dans la source : les confondre ne plante pas
    private static final int TOO_MANY_CALLS = 200;
    private static final int LONGER = 100; // que toute phrase d'essai

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
        super("décaler", "étiquettes", "cross-attention", "décodeur", "écrire", "alignement", "précision");
    }

    private static int[] join(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
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
        int[] first = {start};
        int[] last = {end};
        Check<int[], Integer, int[][]> check = new Check<>((w, none) -> new int[][] {join(first, w), join(w, last)});
        check.on(() -> new int[] {end + 11, end + 12, end + 13}, () -> 0)
                .on(() -> new int[] {end + 14}, () -> 0)
                .on(() -> new int[] {end + 15, end + 16, end + 15, end + 17}, () -> 0)
                .usual("rien n'est décalé : le décodeur lit déjà le mot qu'il doit deviner", (w, none) ->
                        new int[][] {join(first, w, last), join(first, w, last)})
                .usual("les deux lignes sont échangées : d'abord ce qu'on lit, puis ce qu'on devine", (w, none) ->
                        new int[][] {join(w, last), join(first, w)})
                .usual("la fin manque : le modèle n'apprendrait jamais à s'arrêter", (w, none) ->
                        new int[][] {join(first, w), w})
                .usual("le début manque : pour deviner le premier mot, il faut avoir lu quelque chose", (w, none) ->
                        new int[][] {w, join(w, last)})
                .usual("la fin se devine mais ne se lit pas : après elle, il n'y a plus rien à écrire", (w, none) ->
                        new int[][] {join(first, w, last), join(w, last)})
                .usual("le début écrase le premier mot lu : copiez les mots à partir de la case 1", (w, none) ->
                        new int[][] {join(first, Arrays.copyOfRange(w, 1, w.length), new int[1]), join(w, last)})
                .usual("la dernière case à deviner est restée à 0 : elle attend la fin", (w, none) ->
                        new int[][] {join(first, w), join(w, new int[1])})
                .usual(
                        "le début et la fin sont échangés : on lit d'abord le début, on devine enfin la fin",
                        (w, none) -> new int[][] {join(last, w), join(w, first)})
                .usual("la fin est devinée deux fois : le dernier vrai mot, puis la fin, et c'est tout", (w, none) ->
                        new int[][] {join(first, w, last), join(w, last, last)});
        return judge(1, check, (w, none) -> answer.apply(w));
    }

    private static int[] labels(int[][] ids, int[] lengths, int more, boolean byColumn) {
        int n = ids[0].length;
        int[] labels = new int[ids.length * n];
        for (int i = 0; i < ids.length; i++) {
            for (int j = 0; j < n; j++) {
                labels[byColumn ? j * ids.length + i : i * n + j] = j < lengths[i] + more ? ids[i][j] : Loss.IGNORED;
            }
        }
        return labels;
    }

    /**
     * Étape 2.
     *
     * @param answer (cibles {@code [batch][n]} complétées par 0, longueurs) → les étiquettes, phrase après phrase,
     *     {@link Loss#IGNORED} où il n'y a rien à deviner
     * @return le verdict
     */
    public Verdict labels(BiFunction<int[][], int[], int[]> answer) {
        Check<int[][], int[], int[]> check = new Check<>((t, l) -> labels(t, l, 0, false));
        check.on(() -> new int[][] {{5, 6, 3}, {7, 3, 0}}, () -> new int[] {3, 2})
                .on(() -> new int[][] {{4, 3, 0, 0}, {9, 8, 7, 3}, {3, 0, 0, 0}}, () -> new int[] {2, 4, 1})
                .usual("le remplissage compte : le modèle apprendrait surtout à écrire du vide", (t, l) -> join(t))
                .usual(
                        "la fin de phrase est ignorée : c'est pourtant le dernier mot à deviner",
                        (t, l) -> labels(t, l, -1, false))
                .usual(
                        "un mot vide compte encore : celui du rang longueur est déjà du remplissage",
                        (t, l) -> labels(t, l, 1, false))
                .usual(
                        "les étiquettes vont colonne par colonne : d'abord toute la première phrase, puis la suivante",
                        (t, l) -> labels(t, l, 0, true))
                .usual(
                        "le remplissage est retiré : chaque position garde sa place, même si elle ne compte pas",
                        (t, l) -> Arrays.stream(labels(t, l, 0, false))
                                .filter(label -> label != Loss.IGNORED)
                                .toArray())
                .usual("tout est ignoré : il ne resterait rien à apprendre", (t, l) -> labels(t, l, -LONGER, false))
                .usual("les vrais mots ne sont pas recopiés : ils sont restés à 0", (t, l) -> new int[join(t).length])
                .usual("tout est à l'envers : ce sont les vrais mots qui comptent", (t, l) -> {
                    int[] kept = labels(t, l, 0, false);
                    int[] all = join(t);
                    return IntStream.range(0, all.length)
                            .map(i -> kept[i] == Loss.IGNORED ? all[i] : Loss.IGNORED)
                            .toArray();
                });
        return judge(2, check, answer);
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

    /**
     * Étape 3.
     *
     * @param answer la cross-attention, écrite sans les couches du cours
     * @return le verdict
     */
    public Verdict cross(CrossAttention answer) {
        Check<INDArray[], Integer, INDArray> check = new Check<>((x, m) -> read(x[0], x[1], m));
        check.on(() -> attended(1, 2, 3), () -> 3)
                .on(() -> attended(2, 3, 5), () -> 3)
                .on(() -> attended(3, 4, 4), () -> 2)
                .byHand(() -> answer.apply(Nd4j.valueArrayOf(new long[] {2, 4}, Float.NaN), Nd4j.zeros(3, 4), 3))
                .usual(
                        "le remplissage est lu : les mots de la source sont vides à partir du rang longueur",
                        (x, m) -> read(x[0], x[1], (int) x[1].size(0)))
                .usual("les scores ne sont pas divisés par √d", (x, m) -> read(x[0].mul(2), x[1], m)) // √4 = 2
                .usual(
                        "le softmax va dans le mauvais sens : chaque ligne, un mot de la cible, doit sommer à 1",
                        (x, m) -> readByColumn(x[0], x[1], m))
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
        return judge(3, check, (x, m) -> answer.apply(x[0], x[1], m));
    }

    /** Un lot de deux cibles et de deux sources, la seconde source à moitié vide, et des couches neuves. */
    private record Trial(
            Translator.Parts parts, INDArray y, INDArray source, AttentionMask past, AttentionMask padding) {
        static Trial of(long seed) {
            Random random = new Random(seed);
            return new Trial(
                    Translator.Parts.of(MODEL, 2, random),
                    RandomTensors.normal(random, 2, WORDS, MODEL),
                    RandomTensors.normal(random, 2, WORDS, MODEL),
                    AttentionMask.causal(WORDS),
                    AttentionMask.padding(new int[] {WORDS, 2}, WORDS));
        }

        AttentionOutput run(Tape tape, Translator.Decoder decoder) {
            return decoder.forward(tape, parts, y, source, past, padding);
        }
    }

    /** Les sorties d'abord ; puis, si elles sont justes, le chemin du retour. */
    private static final class DecoderCheck extends Check<Integer, Integer, INDArray[]> {
        private final Translator.Decoder answer;

        DecoderCheck(Translator.Decoder answer) {
            super((seed, none) -> both(Trial.of(seed).run(Tape.NONE, TranslationExercise::decode)));
            this.answer = answer;
            on(() -> 1, () -> 0).on(() -> 2, () -> 0);
        }

        static INDArray[] both(AttentionOutput output) {
            return output == null ? null : new INDArray[] {output.output(), output.weights()};
        }

        DecoderCheck wrong(String sentence, Translator.Decoder decoder) {
            usual(sentence, (seed, none) -> both(Trial.of(seed).run(Tape.NONE, decoder)));
            return this;
        }

        @Override
        Verdict judge(BiFunction<Integer, Integer, INDArray[]> outputs) {
            Verdict verdict = super.judge(outputs);
            return verdict.state() == State.DONE ? backward() : verdict;
        }

        /** Quatre noms suffisent : quand la dernière somme est oubliée, ils y sont tous. */
        private static String shortened(String message) {
            String[] names = String.valueOf(message).split(", ");
            return names.length <= 4 ? message : String.join(", ", Arrays.copyOf(names, 4)) + ", …";
        }

        private Verdict backward() {
            Tape tape = new Tape();
            Trial trial = Trial.of(1);
            try {
                AttentionOutput output = trial.run(tape, answer);
                tape.backward(
                        output.output(),
                        RandomTensors.normal(new Random(3), output.output().shape()),
                        trial.parts().parameters());
                return new Verdict(State.DONE, "juste");
            } catch (CancellationException stopped) {
                throw stopped;
            } catch (RuntimeException forgotten) {
                return new Verdict(
                        State.WRONG,
                        "les nombres sont justes, mais tout n'apprendrait pas : donnez fil à chaque couche et à chaque somme,"
                                + " et chaque couche à sa place (" + shortened(forgotten.getMessage()) + ")");
            }
        }
    }

    private static AttentionOutput decode(
            Tape tape, Translator.Parts p, INDArray y, INDArray source, AttentionMask past, AttentionMask padding) {
        INDArray a = p.norm1()
                .forward(tape, tape.add(y, p.self().forward(tape, y, y, y, past).output()));
        return finish(tape, p, a, p.cross().forward(tape, a, source, source, padding));
    }

    /** La fin de l'étage, une fois la source lue. */
    private static AttentionOutput finish(Tape tape, Translator.Parts p, INDArray a, AttentionOutput read) {
        INDArray b = p.norm2().forward(tape, tape.add(a, read.output()));
        INDArray c = p.norm3().forward(tape, tape.add(b, p.ffn().forward(tape, b)));
        return new AttentionOutput(c, read.weights());
    }

    /** La source lue, sommée et normalisée, et les poids de cette lecture. */
    private static AttentionOutput read(
            Tape tape, Translator.Parts p, INDArray a, INDArray source, AttentionMask padding) {
        AttentionOutput read = p.cross().forward(tape, a, source, source, padding);
        return new AttentionOutput(p.norm2().forward(tape, tape.add(a, read.output())), read.weights());
    }

    private static INDArray begin(Tape tape, Translator.Parts p, INDArray y, AttentionMask past) {
        return p.norm1()
                .forward(tape, tape.add(y, p.self().forward(tape, y, y, y, past).output()));
    }

    /**
     * Étape 4.
     *
     * @param answer l'étage de décodeur, assemblé
     * @return le verdict
     */
    public Verdict decoder(Translator.Decoder answer) {
        AttentionMask none = AttentionMask.none();
        DecoderCheck check = new DecoderCheck(answer)
                .wrong(
                        "la cible voit l'avenir : la self-attention prend le masque passe",
                        (t, p, y, s, past, padding) -> decode(t, p, y, s, none, padding))
                .wrong(
                        "le remplissage de la source est lu : la cross-attention prend le masque vides",
                        (t, p, y, s, past, padding) -> decode(t, p, y, s, past, none))
                .wrong(
                        "les masques sont échangés : passe cache la cible à venir, vides le remplissage de la source",
                        (t, p, y, s, past, padding) -> decode(t, p, y, s, padding, past))
                .wrong(
                        "la cible se regarde deux fois : clés et valeurs de cross viennent de la source",
                        (t, p, y, s, past, padding) -> {
                            INDArray a = begin(t, p, y, past);
                            return finish(t, p, a, p.cross().forward(t, a, a, a, padding));
                        })
                .wrong(
                        "c'est la source qui lit la cible : les requêtes de cross viennent de la cible",
                        (t, p, y, s, past, padding) -> {
                            INDArray a = begin(t, p, y, past);
                            return finish(t, p, a, p.cross().forward(t, s, a, a, padding));
                        })
                .wrong(
                        "cross interroge avec y : ce que la self-attention a trouvé est perdu",
                        (t, p, y, s, past, padding) -> {
                            INDArray a = begin(t, p, y, past);
                            return finish(t, p, a, p.cross().forward(t, y, s, s, padding));
                        })
                .wrong(
                        "la connexion résiduelle manque autour de cross : ajoutez ce qui y est entré",
                        (t, p, y, s, past, padding) -> {
                            AttentionOutput read = p.cross().forward(t, begin(t, p, y, past), s, s, padding);
                            INDArray b = p.norm2().forward(t, read.output());
                            return new AttentionOutput(
                                    p.norm3().forward(t, t.add(b, p.ffn().forward(t, b))), read.weights());
                        })
                .wrong(
                        "la connexion résiduelle manque autour de self : ajoutez ce qui y est entré",
                        (t, p, y, s, past, padding) -> {
                            INDArray a = p.norm1()
                                    .forward(
                                            t,
                                            p.self().forward(t, y, y, y, past).output());
                            return finish(t, p, a, p.cross().forward(t, a, s, s, padding));
                        })
                .wrong(
                        "la connexion résiduelle manque autour de ffn : ajoutez ce qui y est entré",
                        (t, p, y, s, past, padding) -> {
                            AttentionOutput read = read(t, p, begin(t, p, y, past), s, padding);
                            return new AttentionOutput(
                                    p.norm3().forward(t, p.ffn().forward(t, read.output())), read.weights());
                        })
                .wrong("norm3 est oubliée : une normalisation après chaque somme", (t, p, y, s, past, padding) -> {
                    AttentionOutput read = read(t, p, begin(t, p, y, past), s, padding);
                    INDArray b = read.output();
                    return new AttentionOutput(t.add(b, p.ffn().forward(t, b)), read.weights());
                })
                .wrong(
                        "autour de cross, c'est a qui s'ajoute, et non y : a est ce qui y est entré",
                        (t, p, y, s, past, padding) -> {
                            AttentionOutput read = p.cross().forward(t, begin(t, p, y, past), s, s, padding);
                            return finish(t, p, y, read);
                        })
                .wrong(
                        "cross reçoit le masque passe : pour lire la source, c'est vides",
                        (t, p, y, s, past, padding) -> decode(t, p, y, s, past, past))
                .wrong(
                        "les valeurs de cross viennent de la cible : clés et valeurs sont toutes deux la source",
                        (t, p, y, s, past, padding) -> {
                            INDArray a = begin(t, p, y, past);
                            return finish(t, p, a, p.cross().forward(t, a, s, a, padding));
                        })
                .wrong(
                        "c'est encore self qui lit la source : cross a ses propres projections",
                        (t, p, y, s, past, padding) -> {
                            INDArray a = begin(t, p, y, past);
                            return finish(t, p, a, p.self().forward(t, a, s, s, padding));
                        })
                .wrong(
                        "l'étage s'arrête après cross : il reste la somme, les normalisations et le réseau dense",
                        (t, p, y, s, past, padding) -> p.cross().forward(t, begin(t, p, y, past), s, s, padding))
                .wrong(
                        "l'étage n'est que cross : il manque self, les sommes, les normalisations et le réseau dense",
                        (t, p, y, s, past, padding) -> p.cross().forward(t, y, s, s, padding))
                .wrong("la normalisation vient après la somme, pas avant", (t, p, y, s, past, padding) -> {
                    INDArray a = t.add(
                            y,
                            p.norm1()
                                    .forward(
                                            t,
                                            p.self().forward(t, y, y, y, past).output()));
                    AttentionOutput read = p.cross().forward(t, a, s, s, padding);
                    INDArray b = t.add(a, p.norm2().forward(t, read.output()));
                    return new AttentionOutput(
                            t.add(b, p.norm3().forward(t, p.ffn().forward(t, b))), read.weights());
                })
                .wrong("le réseau dense est oublié", (t, p, y, s, past, padding) -> {
                    INDArray a = begin(t, p, y, past);
                    AttentionOutput read = p.cross().forward(t, a, s, s, padding);
                    return new AttentionOutput(
                            p.norm3().forward(t, p.norm2().forward(t, t.add(a, read.output()))), read.weights());
                })
                .wrong("les poids rendus sont ceux de self : rendez ceux de cross", (t, p, y, s, past, padding) -> {
                    AttentionOutput right = decode(t, p, y, s, past, padding);
                    return new AttentionOutput(
                            right.output(), p.self().forward(t, y, y, y, past).weights());
                });
        return judge(
                4, check, (seed, unused) -> DecoderCheck.both(Trial.of(seed).run(Tape.NONE, answer)));
    }

    /** Un modèle joué d'avance : il sait une phrase, et se perd si ce qu'on lui donne à lire n'en est pas le début. */
    private static Function<int[], INDArray> reciter(int start, int end, int... sentence) {
        int words = Math.max(start, end) + 10;
        int lost = words - 1;
        int[] calls = {0};
        return read -> {
            if (++calls[0] > TOO_MANY_CALLS) {
                throw new IllegalStateException("la boucle ne s'arrête ni à la fin de la phrase ni à auPlus mots");
            }
            INDArray scores = Nd4j.zeros(Math.max(1, read.length), words);
            boolean known = true;
            for (int i = 0; i < read.length; i++) {
                known &= read[i] == (i == 0 ? start : i <= sentence.length ? sentence[i - 1] : end);
                scores.putScalar(i, !known ? lost : i < sentence.length ? sentence[i] : end, 1 + i % 2);
            }
            return scores;
        };
    }

    /** Écrit mot à mot, d'une façon ou d'une autre. */
    private static int[] write(
            Function<int[], INDArray> next, int start, int end, int most, boolean all, boolean lastRow) {
        return write(next, start, end, most, all, scores -> scores.getRow(lastRow ? scores.size(0) - 1 : 0));
    }

    private static int[] write(
            Function<int[], INDArray> next, int start, int end, int most, boolean all, UnaryOperator<INDArray> row) {
        int[] read = {start};
        while (read.length <= most) {
            INDArray scores = next.apply(all ? read : new int[] {read[read.length - 1]});
            int word = row.apply(scores).argMax().getInt(0);
            if (word == end) {
                break;
            }
            read = join(read, new int[] {word});
        }
        return Arrays.copyOfRange(read, 1, read.length);
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
        int w = Math.max(start, end) + 1; // des mots qui ne sont ni le début ni la fin
        int[] first = {start};
        int[] last = {end};
        Check<Function<int[], INDArray>, Integer, int[]> check =
                new Check<>((f, most) -> write(f, start, end, most, true, true));
        check.on(() -> reciter(start, end, w, w + 1, w, w + 2), () -> 10)
                .on(() -> reciter(start, end, w + 3, w + 3, w + 4, w + 5, w + 1), () -> 3)
                .on(() -> reciter(start, end, w + 2, w), () -> 2)
                .on(() -> reciter(start, end), () -> 5)
                .usual(
                        "le début est rendu avec les mots",
                        (f, most) -> join(first, write(f, start, end, most, true, true)))
                .usual("la fin est rendue avec les mots", (f, most) -> {
                    int[] words = write(f, start, end, most, true, true);
                    return words.length < most ? join(words, last) : words;
                })
                .usual("début et fin sont rendus avec les mots", (f, most) -> {
                    int[] words = write(f, start, end, most, true, true);
                    return join(first, words.length < most ? join(words, last) : words);
                })
                .usual(
                        "le modèle ne relit que le dernier mot : donnez-lui tout ce qui est déjà écrit",
                        (f, most) -> write(f, start, end, most, false, true))
                .usual(
                        "c'est la première ligne de scores qui est lue : le mot qui suit le dernier est dans la dernière",
                        (f, most) -> write(f, start, end, most, true, false))
                .usual(
                        "argMax est pris sur tous les scores : prenez d'abord la dernière ligne",
                        (f, most) -> write(f, start, end, most, true, UnaryOperator.identity()))
                .usual(
                        "l'écriture ne s'arrête pas à la fin : elle va toujours jusqu'à auPlus mots",
                        (f, most) -> write(f, start, -1, most, true, true))
                .usual(
                        "auPlus est oublié : un modèle qui ne dit jamais la fin écrirait toujours",
                        (f, most) -> write(f, start, end, TOO_MANY_CALLS / 2, true, true))
                .usual(
                        "le tableau a toujours auPlus cases : rendez seulement les mots écrits",
                        (f, most) -> Arrays.copyOf(write(f, start, end, most, true, true), most))
                .usual(
                        "un mot de trop : auPlus compte les mots écrits, sans le début",
                        (f, most) -> write(f, start, end, most + 1, true, true))
                .usual(
                        "un mot manque : auPlus compte les mots écrits, sans le début",
                        (f, most) -> write(f, start, end, most - 1, true, true));
        return judge(5, check, answer);
    }

    /** Parmi les mots écrits qui ont un répondant, la part de ceux qui regardent le leur. */
    private static double aligned(INDArray weights, int[][] links, int shift, int side, boolean countAll) {
        int right = 0;
        int known = 0;
        int words = (int) weights.size(0) - 1;
        for (int i = 0; i < words; i++) {
            int word = i;
            Set<Integer> partners = Arrays.stream(links)
                    .filter(link -> link[1 - side] == word)
                    .map(link -> link[side])
                    .collect(Collectors.toSet());
            known += partners.isEmpty() ? 0 : 1;
            right += partners.contains(weights.getRow(i + shift).argMax().getInt(0)) ? 1 : 0;
        }
        return (double) right / (countAll ? words : known);
    }

    private static double alignedByLink(INDArray weights, int[][] links) {
        return Arrays.stream(links)
                .mapToInt(link -> weights.getRow(link[1]).argMax().getInt(0) == link[0] ? 1 : 0)
                .average()
                .orElse(0);
    }

    private static double alignedByColumn(INDArray weights, int[][] links) {
        Set<Integer> seen = Arrays.stream(links).map(link -> link[0]).collect(Collectors.toSet());
        return seen.stream()
                .mapToInt(column -> {
                    int strongest = weights.getColumn(column).argMax().getInt(0);
                    return Arrays.stream(links).anyMatch(l -> l[0] == column && l[1] == strongest) ? 1 : 0;
                })
                .average()
                .orElse(0);
    }

    private static double alignedMass(INDArray weights, int[][] links) {
        Set<Integer> known = Arrays.stream(links).map(link -> link[1]).collect(Collectors.toSet());
        double sum = Arrays.stream(links)
                .mapToDouble(link -> weights.getDouble(link[1], link[0]))
                .sum();
        return sum / known.size();
    }

    private static INDArray map(int columns, int... strongest) {
        INDArray weights = Nd4j.valueArrayOf(new long[] {strongest.length, columns}, 0.4 / (columns - 1));
        for (int i = 0; i < strongest.length; i++) {
            weights.putScalar(i, strongest[i], 0.6 + i * 0.01);
        }
        return weights;
    }

    /**
     * Étape 6.
     *
     * @param answer (poids {@code [n + 1, m]}, liens {source, cible}) → parmi les mots de la cible qui ont un lien, la
     *     part de ceux dont le poids le plus fort va à un mot lié
     * @return le verdict
     */
    public Verdict alignment(BiFunction<INDArray, int[][], Double> answer) {
        Check<INDArray, int[][], Double> check = new Check<>((w, l) -> aligned(w, l, 0, 0, false));
        // « La vache noire te voit », « the black cow sees you » ; puis « Vois-tu un chat ? », où « do » n'a pas de
        // lien.
        check.on(() -> map(5, 0, 2, 1, 4, 4, 2), () -> new int[][] {{0, 0}, {1, 2}, {2, 1}, {3, 4}, {4, 3}})
                .on(() -> map(5, 4, 1, 0, 2, 3, 1, 0), () -> new int[][] {{0, 2}, {1, 1}, {2, 3}, {3, 4}, {4, 5}})
                .on(() -> map(5, 0, 3, 1, 2, 1), () -> new int[][] {{0, 0}, {1, 2}, {3, 2}, {2, 3}, {4, 1}})
                .usual(
                        "décalage d'un rang : la ligne i est celle qui écrit le mot i, et non celle qui le lit",
                        (w, l) -> aligned(w, l, 1, 0, false))
                .usual(
                        "les mots sans lien comptent au dénominateur : on ne peut pas leur donner tort",
                        (w, l) -> aligned(w, l, 0, 0, true))
                .usual(
                        "source et cible sont échangées dans les liens : {source, cible}",
                        (w, l) -> aligned(w, l, 0, 1, false))
                .usual(
                        "vous comptez les liens, pas les mots : un mot qui en a deux ne peut en regarder qu'un",
                        TranslationExercise::alignedByLink)
                .usual(
                        "le plus fort est pris par colonne : chaque mot de la cible, une ligne, choisit",
                        TranslationExercise::alignedByColumn)
                .usual(
                        "ce sont des poids additionnés : on demande quel mot a le plus fort",
                        TranslationExercise::alignedMass)
                .usual(
                        "la ligne de la fin compte au dénominateur : elle n'écrit aucun mot",
                        (w, l) -> aligned(w, l, 0, 0, true) * (w.size(0) - 1) / w.size(0))
                .usual(
                        "c'est un nombre de mots : divisez-le par ceux qui ont un lien",
                        (w, l) -> Math.rint(aligned(w, l, 0, 0, true) * (w.size(0) - 1)))
                .usual(
                        "la division est entière : 4 / 5 vaut 0 en Java, 4.0 / 5 vaut 0,8",
                        (w, l) -> Math.floor(aligned(w, l, 0, 0, false)))
                .usual("c'est un pourcentage : rendez une part, de 0 à 1", (w, l) -> 100 * aligned(w, l, 0, 0, false));
        return judge(6, check, answer);
    }

    /** Les suites de n mots de la première phrase, et celles de la seconde, bout à bout par des espaces. */
    private static List<List<String>> grams(String[] words, int n) {
        return IntStream.rangeClosed(0, words.length - n)
                .mapToObj(i -> List.of(words).subList(i, i + n))
                .toList();
    }

    private static int[] matches(String[][] pair, int n) {
        return Bleu.matches(List.of(pair[0]), List.of(List.of(pair[1])), n);
    }

    private static int[] unclipped(String[][] pair, int n) {
        Set<List<String>> reference = Set.copyOf(grams(pair[1], n));
        List<List<String>> written = grams(pair[0], n);
        return new int[] {(int) written.stream().filter(reference::contains).count(), written.size()};
    }

    private static int[] distinct(String[][] pair, int n) {
        Set<List<String>> reference = Set.copyOf(grams(pair[1], n));
        Set<List<String>> written = Set.copyOf(grams(pair[0], n));
        return new int[] {(int) written.stream().filter(reference::contains).count(), written.size()};
    }

    private static int[] samePlace(String[][] pair, int n) {
        List<List<String>> written = grams(pair[0], n);
        List<List<String>> reference = grams(pair[1], n);
        return new int[] {
            (int) IntStream.range(0, Math.min(written.size(), reference.size()))
                    .filter(i -> written.get(i).equals(reference.get(i)))
                    .count(),
            written.size()
        };
    }

    private static String[] shorter(String[] words) {
        return Arrays.copyOf(words, words.length - 1);
    }

    private static String[][] pair(String written, String reference) {
        return new String[][] {written.split(" "), reference.split(" ")};
    }

    /**
     * Étape 7.
     *
     * @param answer la précision d'ordre n, écrêtée
     * @return le verdict
     */
    public Verdict precision(Precision answer) {
        Check<String[][], Integer, int[]> check = new Check<>(TranslationExercise::matches);
        check.on(() -> pair("the the the the the the the", "the cat is on the mat"), () -> 1)
                .on(() -> pair("the black cat sees the dog", "the dog sees the black cat"), () -> 2)
                .on(() -> pair("a bird a bird a bird", "a bird sees a bird sees"), () -> 2)
                .on(() -> pair("the cat", "the cat sees a bird"), () -> 1)
                .on(() -> pair("the cat", "the cat sees a bird"), () -> 4)
                .usual(
                        "pas d'écrêtage : une suite compte au plus autant de fois que dans la référence",
                        TranslationExercise::unclipped)
                .usual(
                        "chaque suite n'est comptée qu'une fois : les répétitions comptent, jusqu'à la référence",
                        TranslationExercise::distinct)
                .usual("divisé par les suites de la référence : c'est le rappel, pas la précision", (x, n) ->
                        new int[] {matches(x, n)[0], Math.max(0, x[1].length - n + 1)})
                .usual(
                        "comparé place par place : une suite compte où qu'elle soit dans la référence",
                        TranslationExercise::samePlace)
                .usual("divisé par le nombre de mots : une phrase de L mots n'a que L − n + 1 suites", (x, n) ->
                        new int[] {matches(x, n)[0], x[0].length})
                .usual("les deux nombres sont échangés : {suites retrouvées, suites écrites}", (x, n) ->
                        new int[] {matches(x, n)[1], matches(x, n)[0]})
                .usual(
                        "la dernière suite manque : la première commence au rang 0, la dernière au rang L − n",
                        (x, n) -> matches(new String[][] {shorter(x[0]), shorter(x[1])}, n))
                .usual(
                        "les ordres 1 à n sont additionnés : un seul est demandé",
                        (x, n) -> IntStream.rangeClosed(1, n)
                                .mapToObj(order -> matches(x, order))
                                .reduce(new int[2], (a, b) -> new int[] {a[0] + b[0], a[1] + b[1]}))
                .usual("ce sont toujours des mots seuls : prenez des suites de n mots", (x, n) -> matches(x, 1))
                .usual("une phrase plus courte que n n'a aucune suite : rendez {0, 0}, sans nombre négatif", (x, n) ->
                        new int[] {matches(x, n)[0], x[0].length - n + 1});
        return judge(7, check, (x, n) -> answer.apply(List.of(x[0]), List.of(x[1]), n));
    }
}
