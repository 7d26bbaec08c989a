package fr.cours.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ContenderTest {
    /** Les classes des autres n'existent que dans le profil « bench ». */
    @Test
    void weAreFoundByOurNameWithoutTheOthers() throws ReflectiveOperationException {
        assertThat(Contender.named(Contender.NAMES.get(0))).isInstanceOf(Ours.class);
        assertThatThrownBy(() -> Contender.named("jax"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name : trouvé « jax », attendu l'un de [cours, tensorflow, pytorch]");
    }
}
