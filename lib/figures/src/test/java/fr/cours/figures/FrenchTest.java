package fr.cours.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FrenchTest {
    @Test
    void numbersAreWrittenTheFrenchWay() {
        assertThat(French.number(0.7, 2)).isEqualTo("0,70");
        assertThat(French.number(0.125, 2)).isEqualTo("0,13");
        assertThat(French.number(-1.5, 1)).isEqualTo("−1,5");
        assertThat(French.number(12345, 0)).isEqualTo("12\u202f345");
    }

    @Test
    void anExactZeroDiffersFromASmallNumber() {
        assertThat(French.number(0, 2)).isEqualTo("0");
        assertThat(French.number(1e-9, 2)).isEqualTo("0,00");
        assertThat(French.number(-1e-9, 2)).isEqualTo("0,00");
    }

    @Test
    void aCompactNumberKeepsThreeDigits() {
        assertThat(French.compact(0)).isEqualTo("0");
        assertThat(French.compact(512)).isEqualTo("512");
        assertThat(French.compact(0.0123456)).isEqualTo("0,0123");
        assertThat(French.compact(0.5)).isEqualTo("0,5");
        assertThat(French.compact(1.5e-6)).isEqualTo("1,5·10⁻⁶");
        assertThat(French.compact(-2e12)).isEqualTo("−2·10¹²");
    }

    @Test
    void aRepeatedNameSaysItsRank() {
        List<String> words = List.of("the", "cat", "the", "");
        assertThat(French.quoted(words, 1)).isEqualTo("« cat »");
        assertThat(French.quoted(words, 2)).isEqualTo("« the » (n° 3)");
        assertThat(French.quoted(words, 3)).isEqualTo("« ␣ »");
    }

    @Test
    void nonBreakingSpacesArePlaced() {
        assertThat(French.typography("« Le » : n° 2 ; quoi ?"))
                .isEqualTo("«\u00a0Le\u00a0»\u00a0: n°\u00a02\u00a0; quoi\u00a0?");
    }
}
