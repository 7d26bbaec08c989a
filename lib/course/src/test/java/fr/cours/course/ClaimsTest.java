package fr.cours.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    private static String printed(Runnable code) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            code.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatHoldsIsSaid() {
        assertThat(printed(() -> Claims.check("2 % d'écart", true)))
                .isEqualTo("✔ 2 % d'écart" + System.lineSeparator());
    }

    @Test
    void whatDoesNotHoldIsSaidThenStopsTheCell() {
        ThrowingCallable claim = () -> Claims.check("2 % d'écart", false);
        assertThat(printed(() -> assertThatThrownBy(claim)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("2 % d'écart")))
                .isEqualTo("✘ 2 % d'écart" + System.lineSeparator());
    }
}
