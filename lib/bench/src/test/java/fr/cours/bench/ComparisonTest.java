package fr.cours.bench;

import static org.assertj.core.api.Assertions.assertThat;

import fr.cours.bench.Comparison.Peer;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final OptionalDouble NONE = OptionalDouble.empty();

    private static Peer peer(double time, double gap) {
        return new Peer("pair", true, OptionalDouble.of(time), gap);
    }

    private static Comparison ours(double time, Peer... peers) {
        return new Comparison(OptionalDouble.of(time), List.of(peers));
    }

    @Test
    void theRatioIsToTheBestOfTheOthers() {
        assertThat(ours(30, peer(20, 0), peer(60, 0)).ratio()).hasValue(1.5);
        assertThat(ours(30, peer(120, 0), peer(60, 0)).ratio()).hasValue(0.5);
    }

    /** Le plus rapide ne calcule pas la même chose : son temps ne compte pas, et l'on dit qu'on n'est pas d'accord. */
    @Test
    void aPeerWhoseResultsDifferIsNotComparedWith() {
        Comparison comparison = ours(30, peer(1, 2e-4), peer(60, 1e-5));
        assertThat(comparison.ratio()).hasValue(0.5);
        assertThat(comparison.agrees()).isFalse();
        assertThat(comparison.widest()).isEqualTo(2e-4);
        assertThat(ours(30, peer(1, 1)).ratio()).isEmpty();
        assertThat(ours(30, peer(1, Double.NaN)).ratio()).isEmpty();
        assertThat(ours(30, peer(1, Double.POSITIVE_INFINITY)).agrees()).isFalse();
    }

    @Test
    void theToleranceItselfIsAccepted() {
        assertThat(ours(30, peer(60, Comparison.TOLERANCE)).agrees()).isTrue();
        assertThat(ours(30, peer(60, Math.nextUp(Comparison.TOLERANCE))).agrees())
                .isFalse();
    }

    @Test
    void whoFailedIsMissedWhoDoesNotDoItIsNot() {
        Peer absent = new Peer("pair", false, NONE, 0);
        Peer failed = new Peer("pair", true, NONE, 0);
        assertThat(ours(30, absent, peer(60, 0)).agrees()).isTrue();
        assertThat(ours(30, absent, peer(60, 0)).ratio()).hasValue(0.5);
        assertThat(ours(30, failed, peer(60, 0)).agrees()).isFalse();
        assertThat(ours(30, failed, peer(60, 0)).ratio()).hasValue(0.5);
        assertThat(ours(30, absent, failed).ratio()).isEmpty();
        Comparison weFailed = new Comparison(NONE, List.of(peer(60, 0)));
        assertThat(weFailed.agrees()).isFalse();
        assertThat(weFailed.ratio()).isEmpty();
    }
}
