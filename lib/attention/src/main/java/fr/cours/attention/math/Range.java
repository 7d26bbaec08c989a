package fr.cours.attention.math;

/**
 * Des rangs qui se suivent : lots, lignes ou colonnes.
 *
 * @param first le premier, à partir de 0
 * @param count combien
 */
public record Range(int first, int count) {
    /**
     * Les premiers rangs.
     *
     * @param count combien
     * @return de 0 à {@code count − 1}
     */
    public static Range first(int count) {
        return new Range(0, count);
    }

    /** {@return le rang qui suit le dernier} */
    public int end() {
        return first + count;
    }

    /** Une part de ces rangs, dont {@code part} compte à partir du premier. */
    Range within(Range part) {
        if (part.first < 0 || part.count < 0 || part.end() > count) {
            throw new IndexOutOfBoundsException(
                    "rangs : trouvé de " + part.first + " à " + (part.end() - 1) + ", attendu de 0 à " + (count - 1));
        }
        return new Range(first + part.first, part.count);
    }
}
