package fr.cours.attention.layers;

import fr.cours.attention.math.Rows;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Un tableau que l'entraînement change, son nom et son gradient. */
public final class Parameter {
    private final String name;
    private final INDArray value;
    private final INDArray gradient;
    private boolean trainable = true;
    private boolean received;

    /**
     * Un paramètre, entraînable.
     *
     * @param name son nom dans le modèle, par exemple {@code wq.kernel}
     * @param value ses valeurs initiales, float32 ; le paramètre garde ce tableau et le change
     * @throws IllegalArgumentException si le nom est vide ou les valeurs absentes ou non finies
     */
    public Parameter(String name, INDArray value) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("name : vide, attendu le nom du paramètre");
        }
        this.name = name;
        this.value = Shapes.check(name, value, "un tableau de rang 1 à 4", 1, 2, 3, 4);
        this.gradient = Nd4j.zeros(this.value.dataType(), this.value.shape());
    }

    /** {@return le nom du paramètre} */
    public String name() {
        return name;
    }

    /** {@return les valeurs ; les changer change la couche} */
    public INDArray value() {
        return value;
    }

    /** {@return le gradient accumulé par la dernière passe arrière, de la forme des valeurs ; 0 avant la première} */
    public INDArray gradient() {
        return gradient;
    }

    /** {@return faux si le paramètre est gelé} */
    public boolean isTrainable() {
        return trainable;
    }

    /**
     * Gèle le paramètre, ou le rend à l'entraînement.
     *
     * @param trainable faux : son gradient n'est plus exigé, l'optimiseur n'y touche pas
     */
    public void setTrainable(boolean trainable) {
        this.trainable = trainable;
    }

    /**
     * Pour le gradient d'une couche : le tableau où ajouter sa part. L'appel compte comme une part reçue.
     *
     * @return le gradient accumulé jusqu'ici, à compléter sur place
     */
    public INDArray receiveGradient() {
        received = true;
        return gradient();
    }

    boolean hasReceivedGradient() {
        return received;
    }

    void forgetGradient() {
        received = false;
        Rows.clear(gradient);
    }

    @Override
    public String toString() {
        return name + " " + java.util.Arrays.toString(value.shape());
    }
}
