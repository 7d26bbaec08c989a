package fr.cours.course.exercises;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailureSentenceTest {
    @AfterEach
    void forgetTheExplanation() {
        FailureSentence.explainWith(failure -> Optional.empty());
    }

    @Test
    void anExceptionWithoutExplanationIsNamed() {
        assertThat(FailureSentence.of(new IllegalStateException("trop tôt")))
                .isEqualTo("java.lang.IllegalStateException: trop tôt");
    }

    @Test
    void aCheckSaysWhatTheKernelExplains() {
        FailureSentence.explainWith(
                failure -> failure instanceof IllegalStateException ? Optional.of("il manque x") : Optional.empty());
        assertThat(Check.stopped(new IllegalStateException("?"))).contains("(il manque x)");
        assertThat(Check.stopped(new IllegalArgumentException("autre"))).contains("autre");
    }

    @Test
    void anUnreadableExceptionStillHasASentence() {
        class Unreadable extends Exception {
            private static final long serialVersionUID = 1;

            @Override
            public String getMessage() {
                throw new IllegalStateException("illisible");
            }
        }
        assertThat(FailureSentence.of(new Unreadable())).isEqualTo("Unreadable");
    }
}
