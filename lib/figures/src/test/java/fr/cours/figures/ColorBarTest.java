package fr.cours.figures;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Les graduations de l'échelle : des nombres ronds, à la française, et dedans. */
class ColorBarTest {
    @Test
    void ticksAreRound() {
        assertThat(ColorBar.ticks(0, 1, 5).values()).containsExactly("0", "0,2", "0,4", "0,6", "0,8", "1,0");
        assertThat(ColorBar.ticks(0, 0.37, 5).values()).containsExactly("0", "0,1", "0,2", "0,3");
        assertThat(ColorBar.ticks(-3, 7, 4).values()).containsExactly("0", "5");
        assertThat(ColorBar.ticks(-4000, 4000, 4).values())
                .containsExactly("−4\u202f000", "−2\u202f000", "0", "2\u202f000", "4\u202f000");
    }

    @Test
    void theStepIsOneTwoFiveOrTenTimesAPowerOfTen() {
        assertThat(ColorBar.ticks(0, 5, 5).keySet()).containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0);
        assertThat(ColorBar.ticks(0, 6, 5).keySet()).containsExactly(0.0, 2.0, 4.0, 6.0);
        assertThat(ColorBar.ticks(0, 11, 5).keySet()).containsExactly(0.0, 5.0, 10.0);
        assertThat(ColorBar.ticks(0, 26, 5).keySet()).containsExactly(0.0, 10.0, 20.0);
    }
}
