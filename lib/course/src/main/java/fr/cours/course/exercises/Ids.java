package fr.cours.course.exercises;

import java.util.Arrays;

/** Des identifiants de mots, mis bout à bout. */
final class Ids {
    private Ids() {}

    static int[] join(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }
}
