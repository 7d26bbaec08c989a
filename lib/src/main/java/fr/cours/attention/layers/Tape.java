package fr.cours.attention.layers;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Le fil d'Ariane d'une passe avant : chaque couche y note un pas, {@link #backward} les refait à l'envers.
 *
 * <p>Les valeurs sont reconnues à leur identité : le tableau qu'une couche a rendu est celui que la suivante reçoit. Une
 * valeur qui sert deux fois additionne ses gradients. Un tableau transformé hors du fil (par une opération d'ND4J)
 * perdrait le sien ; c'est pourquoi un paramètre qui n'en reçoit aucun est une erreur.
 */
public final class Tape {
    /** Le fil qui ne garde rien : pour l'inférence. */
    public static final Tape NONE = new Tape(false);

    private final boolean recording;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final Map<INDArray, INDArray> gradients = new IdentityHashMap<>();

    private record Step(Runnable backward, INDArray[] outputs) {}

    /** Un fil neuf, pour une passe avant. */
    public Tape() {
        this(true);
    }

    private Tape(boolean recording) {
        this.recording = recording;
    }

    /** {@return faux pour {@link #NONE} : inutile alors de garder de quoi revenir en arrière} */
    public boolean isRecording() {
        return recording;
    }

    /**
     * Note un pas. La couche l'appelle une fois sa sortie calculée.
     *
     * @param backward calcule le gradient des entrées ({@link #accumulate}) et des paramètres
     *     ({@link Parameter#receiveGradient}) à partir de celui des sorties ({@link #gradient}) ; n'est pas appelé si
     *     aucune sortie n'a reçu de gradient
     * @param outputs les tableaux que la couche rend
     */
    public void record(Runnable backward, INDArray... outputs) {
        if (recording) {
            steps.push(new Step(backward, outputs));
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
        gradients.merge(value, gradient, INDArray::add);
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
     * La passe arrière : du gradient de la sortie à celui des paramètres, mis à zéro d'abord.
     *
     * @param output la sortie, telle que la dernière couche l'a rendue
     * @param upstream le gradient de la sortie, de même forme
     * @param parameters les paramètres du modèle
     * @throws IllegalStateException si le fil n'a rien enregistré, ou si un paramètre entraînable n'a pas reçu de
     *     gradient : le message le nomme
     */
    public void backward(INDArray output, INDArray upstream, List<Parameter> parameters) {
        if (steps.isEmpty()) {
            throw new IllegalStateException("le fil est vide : passez un Tape à forward, et une seule fois à backward");
        }
        parameters.forEach(Parameter::forgetGradient);
        accumulate(output, upstream);
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            if (Arrays.stream(step.outputs).anyMatch(gradients::containsKey)) {
                step.backward.run();
            }
        }
        String forgotten = parameters.stream()
                .filter(parameter -> parameter.isTrainable() && !parameter.hasReceivedGradient())
                .map(Parameter::name)
                .collect(Collectors.joining(", "));
        if (!forgotten.isEmpty()) {
            throw new IllegalStateException("sans gradient : " + forgotten
                    + " ; une opération du modèle n'est pas passée par le fil (Tape), ou le paramètre ne sert pas");
        }
    }
}
