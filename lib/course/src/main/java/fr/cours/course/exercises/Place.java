package fr.cours.course.exercises;

import java.util.Arrays;
import java.util.regex.Pattern;

/** La place d'une valeur dans un tableau, écrite comme le lecteur l'écrirait. */
final class Place {
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private Place() {}

    /**
     * Dit où est une valeur : {@code « en [2][5] la valeur »} d'un tableau de Java, {@code « en [2, 5] la valeur »} d'un
     * INDArray, rien d'un nombre seul, son rang si le tableau n'est pas rectangulaire.
     */
    static String of(String shape, int rank, int size) {
        int[] sizes = NUMBER.matcher(shape)
                .results()
                .mapToInt(number -> Integer.parseInt(number.group()))
                .toArray();
        if (sizes.length == 0) {
            return "";
        }
        if (Arrays.stream(sizes).reduce(1, (a, b) -> a * b) != size) {
            return "au n° " + (rank + 1) + " la valeur ";
        }
        int left = rank;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            int length = sizes[axis];
            sizes[axis] = left % length;
            left /= length;
        }
        String place = Arrays.toString(sizes); // [2, 5]
        return "en " + (shape.contains(", ") ? place : place.replace(", ", "][")) + " la valeur ";
    }
}
