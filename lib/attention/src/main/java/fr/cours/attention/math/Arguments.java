package fr.cours.attention.math;

import java.util.Arrays;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Les contrôles d'arguments, et la phrase qui les refuse : « nom : trouvé X, attendu Y ». Ce qui ne concerne que les
 * tableaux (rang, type, nombres finis) est dans {@link fr.cours.attention.layers.Shapes}.
 */
public final class Arguments {
    private Arguments() {}

    /**
     * Contrôle qu'une valeur est là.
     *
     * @param name nom de l'argument
     * @param value sa valeur
     * @param expected ce qu'on attendait, en mots
     * @param <T> son type
     * @return la valeur elle-même
     * @throws IllegalArgumentException si elle est absente (null)
     */
    public static <T> T checkPresent(String name, T value, String expected) {
        if (value == null) {
            throw new IllegalArgumentException(name + " : valeur absente (null), attendu " + expected);
        }
        return value;
    }

    /**
     * Contrôle un entier qui compte quelque chose.
     *
     * @param name nom de l'argument
     * @param value sa valeur
     * @throws IllegalArgumentException s'il n'est pas positif
     */
    public static void checkPositive(String name, long value) {
        check(value > 0, name, value, "un entier positif");
    }

    /**
     * Contrôle un entier qui a un minimum.
     *
     * @param name nom de l'argument
     * @param value sa valeur
     * @param least la plus petite admise
     * @throws IllegalArgumentException s'il est plus petit
     */
    public static void checkAtLeast(String name, long value, long least) {
        if (value < least) {
            throw refused(name, value, "au moins " + least);
        }
    }

    /**
     * Contrôle un entier pris entre deux bornes.
     *
     * @param name nom de l'argument, avec sa place s'il est dans un tableau
     * @param value sa valeur
     * @param least la plus petite admise
     * @param most la plus grande admise
     * @throws IllegalArgumentException s'il sort de ces bornes
     */
    public static void checkBetween(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw refused(name, value, "de " + least + " à " + most);
        }
    }

    /**
     * Contrôle une valeur par une condition. Un nombre à virgule s'écrit en condition admise ({@code x >= 0}, jamais
     * {@code !(x < 0)}), que NaN ne remplit pas.
     *
     * @param accepted vrai si la valeur convient
     * @param name nom de l'argument
     * @param found la valeur
     * @param expected ce qu'on attendait, en mots
     * @throws IllegalArgumentException si elle ne convient pas
     */
    public static void check(boolean accepted, String name, Object found, String expected) {
        if (!accepted) {
            throw refused(name, found, expected);
        }
    }

    /**
     * Contrôle que la mémoire d'un tableau est encore à lui : la lire après coup donnerait n'importe quoi, ou tuerait la JVM.
     *
     * @param name nom de l'argument
     * @param array le tableau
     * @throws IllegalArgumentException s'il a été fermé, ou s'il est né dans un pas d'entraînement dont la mémoire a resservi
     */
    public static void checkAlive(String name, INDArray array) {
        if (array.wasClosed()) {
            throw new IllegalArgumentException(name + " : trouvé " + Arrays.toString(array.shape())
                    + " déjà fermé (close), attendu un tableau ouvert ;"
                    + " gardez-en une copie (dup) avant de le fermer");
        }
        if (array.isAttached()) {
            MemoryWorkspace workspace = array.data().getParentWorkspace();
            if (!workspace.isScopeActive()
                    || workspace.getGenerationId() != array.data().getGenerationId()) {
                throw new IllegalArgumentException(name + " : trouvé " + Arrays.toString(array.shape())
                        + " né dans un pas d'entraînement fini, dont la mémoire a resservi, attendu un tableau vivant ;"
                        + " gardez-en une copie pendant le pas (detach)");
            }
        }
    }

    /**
     * L'exception d'une valeur qui ne convient pas.
     *
     * @param name nom de l'argument
     * @param found ce qu'on a trouvé
     * @param expected ce qu'on attendait, en mots
     * @return l'exception, à lancer
     */
    public static IllegalArgumentException refused(String name, Object found, String expected) {
        return new IllegalArgumentException(name + " : trouvé " + found + ", attendu " + expected);
    }

    /**
     * L'exception d'une suite sans élément.
     *
     * @param name nom de l'argument
     * @param expected ce qu'on attendait, en mots
     * @return l'exception, à lancer
     */
    public static IllegalArgumentException empty(String name, String expected) {
        return new IllegalArgumentException(name + " : vide, attendu " + expected);
    }
}
