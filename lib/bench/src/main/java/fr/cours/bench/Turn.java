package fr.cours.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Le tour d'un concurrent : une JVM, où il fait ceux des travaux d'un groupe qu'il sait faire.
 *
 * @param contender qui
 * @param group le rang du groupe
 * @param title le premier travail du groupe, pour dire où l'on en est
 * @param works ce qu'il en fait ; rien, s'il n'en sait faire aucun
 * @param threads le nombre de fils
 * @param round le rang du tour
 */
record Turn(String contender, int group, String title, List<Work> works, int threads, int round) {
    /**
     * Tous les tours, dans l'ordre : les concurrents se suivent, au même travail, et celui qui commence change d'un tour et
     * d'un groupe à l'autre.
     */
    static List<Turn> all(List<List<Work>> groups, List<Integer> threads, int rounds) {
        List<Turn> turns = new ArrayList<>();
        for (int group = 0; group < groups.size(); group++) {
            List<Work> works = groups.get(group);
            for (int round = 0; round < rounds; round++) {
                List<String> order = new ArrayList<>(Contender.NAMES);
                Collections.rotate(order, -round - group);
                for (int count : threads) {
                    for (String contender : order) {
                        List<Work> done = works.stream()
                                .filter(work -> Contender.does(contender, work))
                                .toList();
                        turns.add(new Turn(contender, group, works.get(0).title(), done, count, round));
                    }
                }
            }
        }
        return turns;
    }

    /** Un nom pour les fichiers. */
    String name() {
        return contender + "-" + group + "-" + threads + "-" + round;
    }
}
