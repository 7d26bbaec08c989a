package fr.cours.course.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class MessagesTest {
    /** Bien des pannes de lecture n'ont pas de message : « (null) » n'apprend rien à personne. */
    @Test
    void aFailureWithoutAMessageStillSaysSomething() {
        assertThat(Messages.reason(new EOFException())).isEqualTo("fin inattendue");
        assertThat(Messages.reason(new SocketTimeoutException())).isEqualTo("SocketTimeoutException");
        assertThat(Messages.reason(new IOException("disque plein"))).isEqualTo("disque plein");
    }

    @Test
    void onlyWhatDoesNotShowIsNumbered() {
        assertThat(Messages.visible("Été, œuvre 1 ; « 🎓 »")).isEqualTo("Été, œuvre 1 ; « 🎓 »");
        assertThat(Messages.visible("\uFEFF1\u00A0e\u0301\t\uDB40\uDC41\uD83D"))
                .isEqualTo("U+FEFF1U+00A0eU+0301U+0009U+E0041U+D83D");
    }
}
