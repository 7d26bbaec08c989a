package fr.cours.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkTest {
    private static List<Work> all(boolean brief) {
        return Work.groups(brief).stream().flatMap(List::stream).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWorkIsFoundByItsName(boolean brief) {
        assertThat(all(brief))
                .doesNotHaveDuplicates()
                .allMatch(work -> Work.named(work.name()).equals(work));
        assertThatThrownBy(() -> Work.named("sieste")).hasMessage("name : trouvé « sieste », attendu un travail");
    }

    @Test
    void theBriefFormIsAPartOfTheWhole() {
        assertThat(all(false))
                .containsAll(all(true))
                .hasSizeGreaterThan(all(true).size());
    }

    /** Quatre projections de 1 024 × 512 par 512 × 512, et pour chaque tête les scores puis le mélange. */
    @Test
    void operationsAreCounted() {
        double projections = 4 * 2.0 * 1024 * 512 * 512;
        double heads = 2 * 8 * 2 * 2.0 * 512 * 512 * 64;
        assertThat(new Work(Work.Kind.PRODUCTS, 2, 512, 512, 8).flops()).isEqualTo(projections + heads);
        assertThat(new Work(Work.Kind.PEAK, 1, 2048, 2048, 0).flops()).isEqualTo(2 * Math.pow(2048, 3));
    }

    /** Un appel fait cinquante pas, et la ligne dit le temps d'un. */
    @Test
    void trainingStepsAreTimedOneByOne() {
        assertThat(new Work(Work.Kind.STEP, 32, 50, 128, 4).repeats()).isEqualTo(50);
        assertThat(new Work(Work.Kind.LAZY_STEP, 32, 50, 128, 4).repeats()).isEqualTo(50);
        assertThat(new Work(Work.Kind.EPOCH, 32, 50, 128, 4).repeats()).isEqualTo(1);
    }
}
