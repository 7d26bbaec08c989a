package fr.cours.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Une ligne du tableau : notre temps à un travail, et ceux des autres, dont le meilleur est celui auquel on se compare.
 *
 * @param ours notre temps médian, en µs ; vide si nous avons échoué
 * @param peers les autres, dans l'ordre des colonnes
 */
record Comparison(OptionalDouble ours, List<Peer> peers) {
    /** Écart relatif au plus grand nombre du tableau, au-delà duquel un temps n'est pas rendu. */
    static final double TOLERANCE = 1e-4;

    /**
     * Un autre.
     *
     * @param name son nom
     * @param expected vrai s'il sait faire ce travail
     * @param time son temps médian, en µs ; vide s'il ne l'a pas fait
     * @param gap l'écart de ses résultats aux nôtres ; 0 tant que l'un des deux manque
     */
    record Peer(String name, boolean expected, OptionalDouble time, double gap) {
        /** Vrai s'il calcule la même chose que nous : sans quoi son temps ne dit rien. */
        boolean agrees() {
            return gap <= TOLERANCE;
        }
    }

    static Comparison of(Measurements measurements, Work work, int threads) throws IOException {
        OptionalDouble ours = measurements.time(work, Contender.NAMES.get(0), threads);
        List<Peer> peers = new ArrayList<>();
        for (String name : Contender.NAMES.subList(1, Contender.NAMES.size())) {
            OptionalDouble time = measurements.time(work, name, threads);
            double gap = time.isEmpty() || ours.isEmpty() ? 0 : measurements.gap(work, name, threads);
            peers.add(new Peer(name, Contender.does(name, work), time, gap));
        }
        return new Comparison(ours, peers);
    }

    /** Vrai si personne n'a échoué, et si tous calculent la même chose. */
    boolean agrees() {
        return ours.isPresent()
                && peers.stream()
                        .allMatch(peer ->
                                peer.agrees() && peer.expected() == peer.time().isPresent());
    }

    /** Notre temps, rapporté au meilleur de ceux qui calculent la même chose ; vide s'il n'y en a pas. */
    OptionalDouble ratio() {
        OptionalDouble best = peers.stream()
                .filter(Peer::agrees)
                .flatMapToDouble(peer -> peer.time().stream())
                .min();
        return ours.isPresent() && best.isPresent()
                ? OptionalDouble.of(ours.getAsDouble() / best.getAsDouble())
                : OptionalDouble.empty();
    }

    /** Le plus grand écart, à l'un quelconque des autres. */
    double widest() {
        return peers.stream().mapToDouble(Peer::gap).max().orElse(0);
    }
}
