package fr.cours.attention.math;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void saysWhatTheComputationsRunOn() {
        assertThat(Machine.describe())
                .contains("ND4J      1.0.0-M2.1", "OpenBLAS  0.3.")
                .doesNotContain("inconnu");
        assertThat(Parallel.threads()).isPositive();
    }
}
