package fr.cours.course.data;

/** Une ligne qu'on ne peut pas lire : ce qui ne va pas, sans son numéro, et ce qu'il vaut mieux faire que la sauter. */
final class BadLine extends Exception {
    private static final long serialVersionUID = 1;

    private final String remedy;

    BadLine(String found) {
        this(found, "");
    }

    /** {@code remedy} est vide si sauter la ligne est ce qu'il y a de mieux à faire. */
    BadLine(String found, String remedy) {
        super(found);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
