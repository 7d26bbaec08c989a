package fr.cours.attention.training;

import static fr.cours.attention.Tensors.bits;
import static fr.cours.attention.Tensors.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.cours.attention.layers.MultiHeadAttention;
import fr.cours.attention.layers.Parameter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ParameterFileTest {
    @TempDir
    Path folder;

    private static List<Parameter> model(int seed) {
        return new MultiHeadAttention(8, 2, seed).parameters();
    }

    @Test
    void whatIsSavedIsLoaded() throws IOException {
        Path file = folder.resolve("modèle.att");
        List<Parameter> saved = model(1);
        List<Parameter> loaded = model(2);
        ParameterFile.save(file, model(3));
        ParameterFile.save(file, saved);
        ParameterFile.load(file, loaded);
        for (int i = 0; i < saved.size(); i++) {
            assertThat(bits(loaded.get(i).value())).isEqualTo(bits(saved.get(i).value()));
        }
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void everyBrokenFileIsRefusedAndNothingChanges() throws IOException {
        Path file = folder.resolve("modèle.att");
        ParameterFile.save(file, model(1));
        byte[] whole = Files.readAllBytes(file);
        List<Parameter> untouched = model(2);
        float[] before = bits(untouched.get(0).value());
        for (int length : new int[] {0, 3, 19, 100, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ParameterFile.load(file, untouched))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("(?s).*(pas un fichier de paramètres|tronqué ou abîmé).*");
        }
        for (int at : new int[] {30, whole.length / 2, whole.length - 2}) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            assertThatThrownBy(() -> ParameterFile.load(file, untouched)).hasMessageContaining("tronqué ou abîmé");
        }
        byte[] future = whole.clone();
        future[7] = 9;
        Files.write(file, future);
        assertThatThrownBy(() -> ParameterFile.load(file, untouched))
                .hasMessageContaining("trouvé la version 9, attendu 1");
        Files.writeString(file, "Ceci est un poème, pas un modèle ; il est assez long.");
        assertThatThrownBy(() -> ParameterFile.load(file, untouched))
                .hasMessageContaining("ce n'est pas un fichier de paramètres du cours");
        assertThat(bits(untouched.get(0).value())).isEqualTo(before);
    }

    @Test
    void anotherModelIsRefused() {
        Path file = folder.resolve("modèle.att");
        ParameterFile.save(file, model(1));
        assertThatThrownBy(() -> ParameterFile.load(file, new MultiHeadAttention(12, 2, 1).parameters()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("trouvé wq.kernel [8, 8], attendu wq.kernel [12, 12]");
        assertThatThrownBy(() -> ParameterFile.load(file, model(1).subList(0, 3)))
                .hasMessageContaining("trouvé 8 paramètres, attendu 3");
    }

    @Test
    void missingFilesAndFolders() {
        assertThatThrownBy(() -> ParameterFile.load(folder.resolve("absent.att"), model(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ce fichier n'existe pas");
        assertThatThrownBy(() -> ParameterFile.save(folder.resolve("nulle/part.att"), model(1)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("impossible d'écrire les paramètres");
    }

    /** Un paramètre taillé dans un grand tableau s'écrit seul, et n'y change rien en se relisant. */
    @Test
    void aSliceIsSavedWithoutItsParent() {
        INDArray parent = normal(5, 6, 4);
        Path file = folder.resolve("part.att");
        Parameter part = new Parameter("part", parent.get(NDArrayIndex.interval(2, 4), NDArrayIndex.all()));
        float[] before = bits(parent);
        ParameterFile.save(file, List.of(part));
        Parameter loaded = new Parameter("part", normal(6, 2, 4));
        ParameterFile.load(file, List.of(loaded));
        assertThat(bits(loaded.value())).isEqualTo(bits(part.value()));
        part.value().assign(0);
        assertThat(bits(parent)).isEqualTo(before);
    }

    @Test
    void whatFollowsTheParametersIsRefused() throws IOException {
        Path file = folder.resolve("modèle.att");
        ParameterFile.save(file, model(1));
        byte[] whole = Files.readAllBytes(file);
        byte[] longer = Arrays.copyOf(whole, whole.length + 5);
        CRC32 sum = new CRC32();
        sum.update(longer, 0, longer.length - Long.BYTES);
        ByteBuffer.wrap(longer).putLong(longer.length - Long.BYTES, sum.getValue());
        Files.write(file, longer);
        assertThatThrownBy(() -> ParameterFile.load(file, model(2))).hasMessageContaining("5 octets de trop");
    }

    @Test
    void theFileIsReadableByWhoeverTheFolderLets() throws IOException {
        Path file = folder.resolve("modèle.att");
        Path usual = Files.createFile(folder.resolve("ordinaire"));
        ParameterFile.save(file, model(1));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
        assertThatThrownBy(() -> ParameterFile.load(null, model(1))).hasMessageStartingWith("file : valeur absente");
        assertThatThrownBy(() -> ParameterFile.save(file, null)).hasMessageStartingWith("parameters : valeur absente");
    }
}
