package fr.cours.attention.layers;

import java.util.Arrays;
import java.util.List;

/**
 * Ce qui a des paramètres et sait calculer son gradient.
 *
 * <p>Chaque couche a ses propres méthodes {@code forward}, à ses propres arguments ; la forme qui prend un {@link Tape}
 * y note comment revenir en arrière, l'autre passe {@link Tape#NONE} et ne garde rien.
 */
public interface Layer {
    /** {@return les paramètres, toujours dans le même ordre ; vide pour une couche sans paramètre} */
    List<Parameter> parameters();

    /**
     * Les paramètres de plusieurs couches, dans l'ordre donné.
     *
     * @param layers les couches
     * @return leurs paramètres, bout à bout
     */
    static List<Parameter> parametersOf(Layer... layers) {
        return Arrays.stream(layers)
                .flatMap(layer -> layer.parameters().stream())
                .distinct() // une couche nommée deux fois est partagée, non doublée
                .toList();
    }

    /** {@return le nombre de nombres que l'entraînement peut changer} */
    default long parameterCount() {
        return parameters().stream()
                .distinct()
                .filter(Parameter::isTrainable)
                .mapToLong(parameter -> parameter.value().length())
                .sum();
    }
}
