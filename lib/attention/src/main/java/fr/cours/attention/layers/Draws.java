package fr.cours.attention.layers;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/** Les tirages d'une couche : une suite par part d'un lot ({@link Tape#part}), pour que leur ordre ne dépende pas des fils. */
public final class Draws {
    private final long seed;
    private final Map<Integer, SplittableRandom> byPart = new ConcurrentHashMap<>();

    /**
     * Des tirages.
     *
     * @param seed leur graine
     */
    public Draws(long seed) {
        this.seed = seed;
    }

    /**
     * La suite de tirages d'une part.
     *
     * @param tape le fil de la part
     * @return sa suite, qui continue d'un appel à l'autre
     */
    public SplittableRandom of(Tape tape) {
        return byPart.computeIfAbsent(tape.part(), part -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int before = 0; before < part; before++) {
                random = random.split();
            }
            return random;
        });
    }
}
