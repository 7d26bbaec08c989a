package fr.cours.attention.math;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void saysWhatTheComputationsRunOn() {
        String built = System.getProperty("nd4j.version"); // celle du pom
        assertThat(built).isNotBlank();
        assertThat(Machine.describe())
                .contains("ND4J      " + built + System.lineSeparator(), "OpenBLAS  0.3.")
                .doesNotContain("inconnu");
        assertThat(Parallel.threads()).isPositive();
    }
}
