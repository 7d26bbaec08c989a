package fr.cours.course.data;

/** Ce qui est refusé à l'entrée : l'argument nommé, ce qui a été trouvé, ce qui était attendu. */
final class Checks {
    private Checks() {}

    static void checkPresent(String name, Object value, String expected) {
        if (value == null) {
            throw new IllegalArgumentException(name + " : valeur absente (null), attendu " + expected);
        }
    }

    static void checkAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " : trouvé " + value + ", attendu au moins " + least);
        }
    }
}
