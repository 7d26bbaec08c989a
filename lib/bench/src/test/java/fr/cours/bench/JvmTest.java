package fr.cours.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** L'environnement que tous reçoivent. */
class JvmTest {
    @Test
    void everyoneGetsTheKernelsMallocAndOpenMpButNotWhatIsForTheKernelAlone() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../kernel/environment"));
        assertThat(Jvm.shared(lines))
                .containsOnlyKeys(
                        "OMP_WAIT_POLICY", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES");
    }

    @Test
    void commentsAndEmptyLinesAreSkipped() {
        assertThat(Jvm.shared(List.of("# NOM=valeur", "", "A=1", "B=x=y", "MALLOC_ARENA_MAX=2")))
                .containsExactly(entry("A", "1"), entry("B", "x=y"));
        assertThatThrownBy(() -> Jvm.shared(List.of("A"))).hasMessage("environment : trouvé « A », attendu NOM=valeur");
    }
}
