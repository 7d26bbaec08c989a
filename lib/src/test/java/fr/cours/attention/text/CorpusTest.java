package fr.cours.attention.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.cours.attention.text.Corpus.BadLines;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class CorpusTest {
    @TempDir
    Path folder;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static void check(Table table) {
        assertThat(table.intColumn("polarite").asList()).containsExactly(1, 0);
        assertThat(table.stringColumn("avis").asList()).containsExactly("très bon", "l'été, « nul »");
    }

    @Test
    void everyFormGivesTheSameTable() throws IOException {
        String tsv = "1\ttrès bon\n0\tl'été, « nul »\n";
        String csv = "polarity,review\n1,très bon\n0,\"l'été, « nul »\"\n";
        String jsonl = "{\"review\":\"très bon\",\"polarity\":1}\n\n{\"polarity\":0,\"review\":\"l'été, « nul »\"}\n";
        check(Corpus.read(file("a.tsv", tsv)));
        check(Corpus.read(file("bom.tsv", "\uFEFFlabel\ttext\r\n1\ttrès bon\r\n0\tl'été, « nul »\r\n")));
        check(Corpus.read(file("a.csv", csv)));
        check(Corpus.read(file("points.csv", csv.replace(',', ';').replace("été;", "été,"))));
        check(Corpus.read(file("a.jsonl", jsonl)));
        Path gz = folder.resolve("a.tsv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
            out.write(tsv.getBytes(StandardCharsets.UTF_8));
        }
        check(Corpus.read(gz));
        Path bz2 = folder.resolve("a.jsonl.bz2");
        try (OutputStream out = new BZip2CompressorOutputStream(Files.newOutputStream(bz2))) {
            out.write(jsonl.getBytes(StandardCharsets.UTF_8));
        }
        check(Corpus.read(bz2));
    }

    @Test
    void otherColumnsAreKept() throws IOException {
        Table table = Corpus.read(file("a.tsv", "polarite\tdomaine\tavis\n1\tfilm\tbon\n"));
        assertThat(table.columnNames()).containsExactly("polarite", "domaine", "avis");
        assertThat(table.stringColumn("domaine").get(0)).isEqualTo("film");
    }

    @Test
    void badLinesAreNamedOrSkipped() throws IOException {
        Path file = file("a.tsv", "1\tbon\n2\tdeux\nrien\n0\t\n0\tmauvais\n");
        assertThatThrownBy(() -> Corpus.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 ligne(s) illisible(s)")
                .hasMessageContaining("ligne 2 (étiquette « 2 » au lieu de 0 ou 1)")
                .hasMessageContaining("ligne 3 (1 colonne(s) au lieu de 2)")
                .hasMessageContaining("ligne 4 (texte vide)");
        Table kept = Corpus.read(file, BadLines.SKIP);
        assertThat(kept.rowCount()).isEqualTo(2);
        assertThat(kept.name()).contains("3 ligne(s) sautée(s)");
        Path json = file("b.jsonl", "{\"review\":\"bon\",\"polarity\":1}\n{\"review\":\n{\"polarity\":1}\n");
        assertThatThrownBy(() -> Corpus.read(json))
                .hasMessageContaining("ligne 2 (JSON invalide)")
                .hasMessageContaining("ligne 3 (texte vide)");
    }

    @Test
    void filesThatAreRefused() throws IOException {
        refused(folder.resolve("absent.tsv"), "ce fichier n'existe pas");
        refused(file("vide.tsv", ""), "le fichier est vide");
        refused(file("vide.jsonl", "\n"), "le fichier est vide");
        refused(file("a.docx", "1\tbon"), "extension inconnue");
        refused(file("sans.csv", "a,b\n1,2\n"), "attendu une étiquette");
        refused(file("faux.tsv.gz", "pas une archive"), "archive illisible");
        Path latin = folder.resolve("latin.tsv");
        Files.write(latin, "1\tbon\n0\té".getBytes(StandardCharsets.ISO_8859_1));
        refused(latin, "n'est pas en UTF-8 : octets invalides à la ligne 2");
        assertThatThrownBy(() -> Corpus.read(null)).hasMessageContaining("file : valeur absente (null)");
    }

    private static void refused(Path file, String message) {
        assertThatThrownBy(() -> Corpus.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.getFileName().toString())
                .hasMessageContaining(message);
    }

    @Test
    void theShippedCorpusIsWhatItSays() {
        Table reviews = Corpus.read(Path.of("..", "notebooks", "donnees", "avis.tsv"));
        assertThat(reviews.rowCount()).isGreaterThanOrEqualTo(600);
        for (String domain : Set.copyOf(reviews.stringColumn("domaine").asList())) {
            Table part = reviews.where(reviews.stringColumn("domaine").isEqualTo(domain));
            assertThat(part.intColumn("polarite").sum() * 2).as(domain).isEqualTo(part.rowCount());
        }
        assertThat(Set.copyOf(reviews.stringColumn("phenomene").asList()))
                .containsExactlyInAnyOrder("simple", "negation", "concession", "ironie");
        List<Set<String>> trigrams = reviews.stringColumn("avis").asList().stream()
                .map(CorpusTest::trigrams)
                .toList();
        for (int i = 0; i < trigrams.size(); i++) {
            int words = reviews.stringColumn("avis").get(i).split("\\s+").length;
            assertThat(words).as(reviews.stringColumn("avis").get(i)).isBetween(8, 45);
            for (int j = 0; j < i; j++) {
                Set<String> common = new HashSet<>(trigrams.get(i));
                common.retainAll(trigrams.get(j));
                int all = trigrams.get(i).size() + trigrams.get(j).size() - common.size();
                assertThat((double) common.size() / all)
                        .as("avis %d et %d", i, j)
                        .isLessThan(0.3);
            }
        }
    }

    private static Set<String> trigrams(String review) {
        List<String> words = Tokenizer.tokens(review);
        Set<String> trigrams = new HashSet<>();
        for (int i = 2; i < words.size(); i++) {
            trigrams.add(String.join(" ", words.subList(i - 2, i + 1)));
        }
        return trigrams;
    }
}
