package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import fr.cours.attention.math.Blank;
import fr.cours.attention.math.Rows;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Le fil d'Ariane d'une passe avant : chaque couche y note un pas, {@link #backward} les refait à l'envers.
 *
 * <p>Les valeurs sont reconnues à leur identité : le tableau qu'une couche a rendu est celui que la suivante reçoit. Une
 * valeur qui sert deux fois additionne ses gradients. Un tableau transformé hors du fil (par une opération d'ND4J)
 * perdrait le sien ; c'est pourquoi un paramètre qui n'en reçoit aucun est une erreur.
 */
public final class Tape {
    /** Le fil qui ne garde rien : pour l'inférence. */
    public static final Tape NONE = new Tape(false, 0);

    private final boolean recording;
    private final int part;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final Map<INDArray, INDArray> gradients = new IdentityHashMap<>();

    private record Step(String layer, Runnable backward, INDArray[] outputs) {}

    /** Un fil neuf, pour une passe avant. */
    public Tape() {
        this(true, 0);
    }

    /**
     * Un fil neuf, pour une part d'un lot que l'on calcule en plusieurs parts à la fois.
     *
     * @param part le numéro de la part, à partir de 0 ; chacune a ses tirages, et ses gradients, que
     *     {@link Parameter#prepare} doit avoir préparés
     * @throws IllegalArgumentException si le numéro est négatif
     */
    public Tape(int part) {
        this(true, part);
        Arguments.checkAtLeast("part", part, 0);
    }

    private Tape(boolean recording, int part) {
        this.recording = recording;
        this.part = part;
    }

    /** {@return le numéro de la part du lot ; 0 pour un lot entier} */
    public int part() {
        return part;
    }

    /** {@return faux pour {@link #NONE} : inutile alors de garder de quoi revenir en arrière} */
    public boolean isRecording() {
        return recording;
    }

    /**
     * Note un pas. La couche l'appelle une fois sa sortie calculée.
     *
     * @param layer nom de la couche, pour dire laquelle a failli
     * @param backward calcule le gradient des entrées ({@link #accumulate}) et des paramètres
     *     ({@link Parameter#receiveGradient}) à partir de celui des sorties ({@link #gradient}) ; n'est pas appelé si
     *     aucune sortie n'a reçu de gradient
     * @param outputs les tableaux que la couche rend
     */
    public void record(String layer, Runnable backward, INDArray... outputs) {
        if (recording) {
            steps.push(new Step(layer, backward, outputs));
        }
    }

    /**
     * Rend la mémoire de valeurs intermédiaires, si ce fil n'en garde rien : la suivante resservira celle-ci, encore en
     * cache, au lieu d'en demander au système.
     *
     * @param values des tableaux que plus personne ne lira
     */
    void release(INDArray... values) {
        for (INDArray value : values) {
            if (!recording && value.closeable()) {
                value.close();
            }
        }
    }

    /**
     * Ajoute une part au gradient d'une valeur.
     *
     * @param value la valeur, telle qu'elle est entrée dans la couche
     * @param gradient sa part, de la même forme ; n'est plus changée ensuite
     * @throws IllegalArgumentException si les formes diffèrent
     */
    public void accumulate(INDArray value, INDArray gradient) {
        if (!Arrays.equals(value.shape(), gradient.shape())) {
            throw Shapes.mismatch("gradient", gradient, Arrays.toString(value.shape()) + " comme la valeur");
        }
        gradients.merge(value, Shapes.rowMajor(gradient), Tape::sum);
    }

    /**
     * Le gradient d'une valeur.
     *
     * @param value la valeur
     * @return son gradient, {@code null} si elle n'en a pas reçu
     */
    public INDArray gradient(INDArray value) {
        return gradients.get(value);
    }

    /**
     * La couche qui, la première de la passe avant, a rendu autre chose que des nombres finis.
     *
     * @return son nom, ou rien si toutes les valeurs notées sont finies
     */
    public Optional<String> firstNotFinite() {
        Iterator<Step> forward = steps.descendingIterator();
        while (forward.hasNext()) {
            Step step = forward.next();
            for (INDArray output : step.outputs) {
                if (!Rows.allFinite(Shapes.rowMajor(output))) {
                    return Optional.of(step.layer);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * La somme de deux valeurs : une connexion résiduelle.
     *
     * @param a l'une
     * @param b l'autre, de même forme
     * @return {@code a + b}
     * @throws IllegalArgumentException si les formes diffèrent
     */
    public INDArray add(INDArray a, INDArray b) {
        Shapes.checkUsable("a", a, "une valeur");
        Shapes.checkUsable("b", b, "une valeur");
        if (!Arrays.equals(a.shape(), b.shape())) {
            throw Shapes.mismatch("b", b, Arrays.toString(a.shape()) + " comme a");
        }
        INDArray sum = sum(Shapes.rowMajor(a), Shapes.rowMajor(b));
        record(
                "somme",
                () -> {
                    accumulate(a, gradient(sum));
                    accumulate(b, gradient(sum));
                },
                sum);
        return sum;
    }

    private static INDArray sum(INDArray a, INDArray b) {
        INDArray sum = Rows.scaled(a, 1);
        Rows.add(b, sum);
        return sum;
    }

    /**
     * Une valeur multipliée par un nombre.
     *
     * @param x la valeur
     * @param factor le nombre
     * @return {@code factor·x}
     */
    public INDArray scale(INDArray x, double factor) {
        Shapes.checkUsable("x", x, "une valeur");
        INDArray scaled = Rows.scaled(Shapes.rowMajor(x), factor);
        record("produit", () -> accumulate(x, Rows.scaled(gradient(scaled), factor)), scaled);
        return scaled;
    }

    /**
     * Les mêmes nombres, dans le même ordre, sous une autre forme.
     *
     * @param x la valeur
     * @param shape les tailles voulues, de même produit
     * @return les nombres de {@code x} sous cette forme ; ils peuvent partager sa mémoire
     * @throws IllegalArgumentException si une taille n'est pas positive ou si le produit diffère
     */
    public INDArray reshape(INDArray x, long... shape) {
        Shapes.checkUsable("x", x, "une valeur");
        boolean positive = Arrays.stream(shape).allMatch(size -> size > 0);
        if (!positive || Arrays.stream(shape).reduce(1, Math::multiplyExact) != x.length()) {
            throw Arguments.refused(
                    "shape",
                    Arrays.toString(shape),
                    "des tailles positives, de produit " + x.length() + " comme " + Arrays.toString(x.shape()));
        }
        INDArray reshaped = Shapes.rowMajor(x).reshape(shape);
        record("forme", () -> accumulate(x, gradient(reshaped).reshape(x.shape())), reshaped);
        return reshaped;
    }

    /**
     * Des lignes choisies.
     *
     * @param x {@code […, d]} : une ligne par place des autres dimensions, numérotées dans l'ordre à partir de 0
     * @param rows les lignes voulues ; une ligne peut revenir, ses gradients s'additionnent
     * @return {@code [rows.length, d]}
     * @throws IllegalArgumentException si {@code x} n'est pas de rang 2 à 4, ou si une ligne n'existe pas
     */
    public INDArray gather(INDArray x, int... rows) {
        INDArray table =
                Shapes.check("x", x, "[…, d] de rang 2, 3 ou 4", 2, 3, 4).reshape(-1, x.size(-1));
        if (rows == null || rows.length == 0) {
            throw Arguments.empty("rows", "au moins une ligne");
        }
        int[] chosen = rows.clone();
        for (int i = 0; i < chosen.length; i++) {
            Arguments.checkBetween("rows[" + i + "]", chosen[i], 0, table.size(0) - 1);
        }
        INDArray picked = Blank.of(chosen.length, table.size(1));
        Rows.gather(table, chosen, picked);
        record(
                "lignes choisies",
                () -> {
                    INDArray dx = Nd4j.zeros(DataType.FLOAT, x.shape());
                    int[] inOrder = IntStream.range(0, chosen.length).toArray();
                    Rows.scatterAdd(gradient(picked), inOrder, chosen, dx.reshape(table.shape()));
                    accumulate(x, dx);
                },
                picked);
        return picked;
    }

    /**
     * Un mot par phrase.
     *
     * @param x {@code [batch, n, d]}
     * @param positions la place du mot voulu dans chaque phrase, de 0 à {@code n − 1}
     * @return {@code [batch, d]}
     * @throws IllegalArgumentException si {@code x} n'est pas de rang 3, s'il n'y a pas une place par phrase, ou si
     *     l'une sort de la phrase
     */
    public INDArray at(INDArray x, int... positions) {
        Shapes.check("x", x, "[batch, n, d]", 3);
        int n = (int) x.size(1);
        if (positions == null
                || positions.length != x.size(0)
                || Arrays.stream(positions).anyMatch(position -> position < 0 || position >= n)) {
            throw Arguments.refused(
                    "positions",
                    Arrays.toString(positions),
                    x.size(0) + " position(s), une par phrase, de 0 à " + (n - 1));
        }
        return gather(
                x,
                IntStream.range(0, positions.length)
                        .map(example -> example * n + positions[example])
                        .toArray());
    }

    /**
     * Des valeurs bout à bout, le long d'une dimension.
     *
     * @param axis la dimension, à partir de 0
     * @param parts les valeurs, de mêmes tailles ailleurs
     * @return leur concaténation
     * @throws IllegalArgumentException s'il n'y a pas de valeur, si la dimension n'existe pas ou si les formes ne
     *     s'accordent pas
     */
    public INDArray concatenate(int axis, INDArray... parts) {
        checkAligned(axis, parts);
        INDArray whole = Nd4j.concat(axis, parts);
        record(
                "concaténation",
                () -> {
                    INDArrayIndex[] slice = new INDArrayIndex[whole.rank()];
                    Arrays.fill(slice, NDArrayIndex.all());
                    long start = 0;
                    for (INDArray part : parts) {
                        slice[axis] = NDArrayIndex.interval(start, start + part.size(axis));
                        accumulate(part, gradient(whole).get(slice).dup('c'));
                        start += part.size(axis);
                    }
                },
                whole);
        return whole;
    }

    private static void checkAligned(int axis, INDArray... parts) {
        if (parts.length == 0) {
            throw Arguments.empty("parts", "au moins une valeur");
        }
        for (INDArray part : parts) {
            Shapes.checkUsable("parts", part, "des valeurs");
        }
        Arguments.checkBetween("axis", axis, 0, parts[0].rank() - 1);
        long[] first = parts[0].shape();
        for (INDArray part : parts) {
            long[] shape = part.shape().clone(); // shape() rend le tableau d’ND4J lui-même
            if (shape.length == first.length) {
                shape[axis] = first[axis]; // la seule taille qui peut différer
            }
            if (!Arrays.equals(shape, first)) {
                throw Shapes.mismatch("parts", part, Arrays.toString(first) + ", sauf à la dimension " + axis);
            }
        }
    }

    /**
     * La passe arrière : du gradient de la sortie à celui des paramètres, mis à zéro d'abord.
     *
     * @param output la sortie, telle que la dernière couche l'a rendue
     * @param upstream le gradient de la sortie, de même forme
     * @param parameters les paramètres du modèle
     * @throws IllegalArgumentException si les formes diffèrent, ou si la part de ce fil n'a pas été préparée
     *     ({@link Parameter#prepare})
     * @throws IllegalStateException si le fil n'a rien enregistré, ou si un paramètre entraînable n'a pas reçu de
     *     gradient : le message le nomme
     */
    public void backward(INDArray output, INDArray upstream, List<Parameter> parameters) {
        if (steps.isEmpty()) {
            throw new IllegalStateException("le fil est vide : passez un Tape à forward, et une seule fois à backward");
        }
        parameters.forEach(parameter -> parameter.forgetGradient(this));
        accumulate(output, upstream);
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            if (Arrays.stream(step.outputs).anyMatch(gradients::containsKey)) {
                step.backward.run();
            }
        }
        String forgotten = parameters.stream()
                .filter(parameter -> parameter.isTrainable() && !parameter.hasReceivedGradient(this))
                .map(Parameter::name)
                .collect(Collectors.joining(", "));
        if (!forgotten.isEmpty()) {
            throw new IllegalStateException("sans gradient : " + forgotten
                    + " ; une opération du modèle n'est pas passée par le fil (Tape), ou le paramètre ne sert pas");
        }
    }
}
