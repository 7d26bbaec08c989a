package fr.cours.attention.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void whatFitsIsLetIn() {
        String value = "là";
        assertThat(Arguments.checkPresent("x", value, "un mot")).isSameAs(value);
        Arguments.checkPositive("n", 1);
        Arguments.checkAtLeast("n", 3, 3);
        Arguments.checkBetween("n", 0, 0, 4);
        Arguments.checkBetween("n", 4, 0, 4);
        Arguments.check(true, "x", 0.5, "de 0 à 1");
    }

    @Test
    void whatDoesNotIsNamed() {
        refused(() -> Arguments.checkPresent("x", null, "un mot"), "x : valeur absente (null), attendu un mot");
        refused(() -> Arguments.checkPositive("n", 0), "n : trouvé 0, attendu un entier positif");
        refused(() -> Arguments.checkAtLeast("n", 2, 3), "n : trouvé 2, attendu au moins 3");
        refused(() -> Arguments.checkBetween("n", -1, 0, 4), "n : trouvé -1, attendu de 0 à 4");
        refused(() -> Arguments.checkBetween("n", 5, 0, 4), "n : trouvé 5, attendu de 0 à 4");
        refused(() -> Arguments.check(false, "x", Double.NaN, "de 0 à 1"), "x : trouvé NaN, attendu de 0 à 1");
        assertThat(Arguments.empty("mots", "un mot au moins")).hasMessage("mots : vide, attendu un mot au moins");
    }
}
