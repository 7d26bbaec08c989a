package fr.cours.course.exercises;

import fr.cours.attention.layers.AttentionMask;
import fr.cours.attention.layers.AttentionOutput;
import fr.cours.attention.layers.Tape;
import fr.cours.attention.math.RandomTensors;
import fr.cours.course.exercises.Verdict.State;
import fr.cours.course.models.Translator;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Étape 4 de l'exercice 3 : l'étage de décodeur. Les sorties d'abord ; puis, si elles sont justes, le chemin du retour. */
final class TranslationDecoder extends Check<Integer, Integer, INDArray[]> {
    private static final int MODEL = 8;
    private static final int WORDS = 4; // autant dans la cible que dans la source : les confondre ne plante pas

    private final Translator.Decoder answer;

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

    TranslationDecoder(Translator.Decoder answer) {
        super((seed, none) -> outputs(seed, TranslationDecoder::decode));
        this.answer = answer;
        AttentionMask none = AttentionMask.none();
        on(() -> 1, () -> 0).on(() -> 2, () -> 0);
        wrong(
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
    }

    /** Ce qu'un étage rend d'un essai : sa sortie, puis ses poids ; {@code null} s'il ne rend rien. */
    static INDArray[] outputs(long seed, Translator.Decoder decoder) {
        AttentionOutput output = Trial.of(seed).run(Tape.NONE, decoder);
        return output == null ? null : new INDArray[] {output.output(), output.weights()};
    }

    private TranslationDecoder wrong(String sentence, Translator.Decoder decoder) {
        usual(sentence, (seed, none) -> outputs(seed, decoder));
        return this;
    }

    @Override
    Verdict judge(BiFunction<Integer, Integer, INDArray[]> outputs) {
        Verdict verdict = super.judge(outputs);
        return verdict.state() == State.DONE ? backward() : verdict;
    }

    /** Quatre noms suffisent : quand la dernière somme est oubliée, ils y sont tous. */
    private static String shortened(String message) {
        String[] names = message.split(", ");
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
                            + " et chaque couche à sa place ("
                            + shortened(Objects.requireNonNullElse(forgotten.getMessage(), forgotten.toString()))
                            + ")");
        }
    }

    private static AttentionOutput decode(
            Tape tape, Translator.Parts p, INDArray y, INDArray source, AttentionMask past, AttentionMask padding) {
        INDArray a = begin(tape, p, y, past);
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
}
