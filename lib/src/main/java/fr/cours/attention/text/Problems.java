package fr.cours.attention.text;

import java.util.ArrayList;
import java.util.List;

/** Les lignes qu'on n'a pas pu lire : combien, et les premières avec leur raison. */
final class Problems {
    private static final int SHOWN = 5;

    private final List<String> first = new ArrayList<>();
    private int count;

    void add(int number, String reason) {
        if (++count <= SHOWN) {
            first.add("ligne " + number + " (" + reason + ")");
        }
    }

    int count() {
        return count;
    }

    @Override
    public String toString() {
        return count + " ligne(s) illisible(s) : " + String.join(", ", first) + (count > SHOWN ? ", …" : "");
    }

    /** Une ligne qu'on ne peut pas lire ; le message dit pourquoi, sans donner son numéro. */
    static final class BadLine extends Exception {
        private static final long serialVersionUID = 1;

        BadLine(String reason) {
            super(reason);
        }
    }
}
