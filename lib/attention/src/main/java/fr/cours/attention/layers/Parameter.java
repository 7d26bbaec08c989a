package fr.cours.attention.layers;

import fr.cours.attention.math.Arguments;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Un tableau que l'entraînement change, son nom et son gradient. */
public final class Parameter {
    private final String name;
    private final INDArray value;
    private final List<Gradient> gradients = new CopyOnWriteArrayList<>(); // un par part du lot
    private boolean trainable = true;

    /**
     * Un paramètre, entraînable.
     *
     * @param name son nom dans le modèle, par exemple {@code wq.kernel}
     * @param value ses valeurs initiales, float32 ; le paramètre garde ce tableau et le change, sauf s'il est une vue d'un
     *     plus grand : il en prend alors une copie
     * @throws IllegalArgumentException si le nom est vide ou les valeurs absentes ou non finies
     */
    public Parameter(String name, INDArray value) {
        if (name == null || name.isBlank()) {
            throw Arguments.empty("name", "le nom du paramètre");
        }
        this.name = name;
        INDArray checked = Shapes.check(name, value, "un tableau de rang 1 à 4", 1, 2, 3, 4);
        // Ce qui lit toute la mémoire d'un paramètre (un fichier, Adam) ne doit pas y trouver autre chose que lui.
        boolean alone = checked.offset() == 0 && checked.data().length() == checked.length();
        this.value = alone ? checked : checked.dup('c');
        prepare(1);
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
        return gradients.get(0).array();
    }

    /** {@return les lignes que la dernière passe arrière a touchées, {@code null} si ce peut être toutes} */
    public int[] touchedRows() {
        return gradients.get(0).rows();
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
     * @param tape le fil de la passe arrière
     * @return le gradient accumulé jusqu'ici, à compléter sur place
     */
    public INDArray receiveGradient(Tape tape) {
        return of(tape).receive();
    }

    /**
     * Comme {@link #receiveGradient(Tape)}, pour une table dont seules quelques lignes ont servi.
     *
     * @param tape le fil de la passe arrière
     * @param rows les lignes que l'appelant complétera, et elles seules
     * @return le gradient accumulé jusqu'ici
     */
    public INDArray receiveGradient(Tape tape, int[] rows) {
        return of(tape).receive(rows);
    }

    /**
     * Donne à chaque part d'un lot ({@link Tape#part}) de quoi garder son gradient.
     *
     * @param parts nombre de parts
     * @throws IllegalArgumentException s'il n'est pas positif
     */
    public void prepare(int parts) {
        Arguments.checkPositive("parts", parts);
        try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            while (gradients.size() < parts) {
                gradients.add(new Gradient(value));
            }
        }
    }

    /**
     * Réunit dans {@link #gradient} ce que les parts d'un lot ont reçu, dans leur ordre.
     *
     * @param parts nombre de parts, préparées
     * @throws IllegalArgumentException s'il n'est pas positif, ou dépasse celui des parts préparées
     */
    public void gather(int parts) {
        Arguments.checkBetween("parts", parts, 1, gradients.size());
        for (Gradient other : gradients.subList(1, parts)) {
            gradients.get(0).add(other);
        }
    }

    /** Rend la mémoire des parts d'un lot ; le gradient de la première, donc {@link #gradient}, demeure. */
    public void releaseParts() {
        while (gradients.size() > 1) {
            gradients.remove(gradients.size() - 1).close();
        }
    }

    boolean hasReceivedGradient(Tape tape) {
        return of(tape).isReceived();
    }

    void forgetGradient(Tape tape) {
        of(tape).forget();
    }

    private Gradient of(Tape tape) {
        int prepared = gradients.size();
        if (tape.part() >= prepared) {
            throw Arguments.refused(
                    "part",
                    tape.part(),
                    "de 0 à " + (prepared - 1) + " : " + name + " n'est préparé que pour " + prepared
                            + " part(s), appelez prepare");
        }
        return gradients.get(tape.part());
    }

    @Override
    public String toString() {
        return name + " " + Arrays.toString(value.shape());
    }
}
