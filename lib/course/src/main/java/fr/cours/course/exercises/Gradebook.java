package fr.cours.course.exercises;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Les verdicts d'un noyau : pour chaque étape de chaque exercice, le dernier rendu. Seules les vérifications y écrivent ;
 * construire un autre exercice n'efface rien.
 */
public final class Gradebook {
    private static final Gradebook OF_THIS_KERNEL = new Gradebook();

    private final SortedMap<String, Entry> entries = new TreeMap<>();

    /**
     * Une ligne du registre.
     *
     * @param step l'étape, précédée de son exercice : {@code 2.1} est la première de l'exercice 2
     * @param verdict le dernier verdict rendu
     */
    public record Entry(String step, Verdict verdict) {}

    Gradebook() {}

    /** {@return le registre de ce noyau : un noyau, un programme Java, un registre} */
    public static Gradebook ofThisKernel() {
        return OF_THIS_KERNEL;
    }

    synchronized void record(int exercise, int step, Verdict verdict) {
        String key = exercise + "." + step;
        entries.put(key, new Entry(key, verdict));
    }

    /** {@return les verdicts, rangés par étape} */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries.values());
    }
}
