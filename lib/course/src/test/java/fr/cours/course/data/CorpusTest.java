package fr.cours.course.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.cours.course.data.Corpus.BadLines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Table;

class CorpusTest {
    @TempDir
    Path folder;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static byte[] gzip(String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] bzip2(String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new BZip2CompressorOutputStream(bytes)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static void check(Table table) {
        assertThat(table.columnNames()).containsExactlyInAnyOrder("polarite", "avis");
        assertThat(table.intColumn("polarite").asList()).containsExactly(1, 0);
        assertThat(table.stringColumn("avis").asList()).containsExactly("très bon", "l'été, « nul »");
    }

    private static void refused(Path file, String message) {
        assertThatThrownBy(() -> Corpus.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file.toString() + " : ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1\ttrès bon\n0\tl'été, « nul »\n",
                "polarite\tavis\n1\ttrès bon\n0\tl'été, « nul »",
                "texte\tPolarité\r\ntrès bon\t1\r\n\r\nl'été, « nul »\t0\r\n\r\n",
                "\uFEFFlabel\ttext\n1\t très bon \n0\tl'été, « nul »\n",
                "\uFEFF1\ttrès bon\n0\tl'été, « nul »\n",
                "\uFEFF1\ttrès bon\n\uFEFF0\tl'été, « nul »\n", // deux fichiers mis bout à bout
                "\uFEFF\uFEFFpolarite\u0301\tavis\n1\ttrès bon\n0\tl'été, « nul »\n",
            })
    void tabs(String content) throws IOException {
        check(Corpus.read(file("a.tsv", content)));
        Path bz2 = folder.resolve("A.TSV.BZ2");
        Files.write(bz2, bzip2(content));
        check(Corpus.read(bz2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "polarity,review\n1,très bon\n0,\"l'été, « nul »\"\n",
                "sep=;\r\npolarity;review\r\n1;très bon\r\n0;l'été, « nul »\r\n",
                "\uFEFFSEP=|\n1|très bon\n\uFEFF0|l'été, « nul »\n",
                "\"sep=\t\"\npolarite\u0301\tavis\n1\ttrès bon\n0\tl'été, « nul »\n",
                "polarity;review\r\n1;très bon\r\n0;l'été, « nul »\r\n",
                "1;très bon\n0;l'été, « nul »\n",
                "\uFEFF\"review\",\"polarity\"\n\"très bon\",1\n\"l'été, « nul »\",\"0\"\n",
            })
    void commasAndSemicolons(String content) throws IOException {
        check(Corpus.read(file("a.csv", content)));
        Path gz = folder.resolve("a.csv.gz");
        Files.write(gz, gzip(content));
        check(Corpus.read(gz));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"review\":\"très bon\",\"polarity\":1}\n\n{\"polarity\":0,\"review\":\"l'été, « nul »\"}\n",
                "{\"label\":\"1\",\"texte\":\"tr\\u00e8s bon\"}\n{\"texte\":\"l'été, « nul »\",\"label\":0,\"autre\":[1]}",
            })
    void jsonLines(String content) throws IOException {
        check(Corpus.read(file("a.jsonl", content)));
        Path bz2 = folder.resolve("a.jsonl.bz2");
        Files.write(bz2, bzip2(content));
        check(Corpus.read(bz2));
    }

    @Test
    void membersGluedTogetherAreReadToTheEnd() throws IOException {
        Path file = folder.resolve("a.tsv.bz2");
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(bzip2("1\ttrès bon\n"));
            out.write(bzip2("0\tl'été, « nul »\n"));
        }
        check(Corpus.read(file));
    }

    @Test
    void quotesOfCsv() throws IOException {
        String content = "avis,polarite\n"
                + "\"Il a dit \"\"bravo\"\"\",1\n" // guillemets doublés
                + "\"Sur deux lignes,\nou trois\",0\n" // retour à la ligne
                + "un écran de 24\" correct,1\n" // guillemet au milieu d'une case nue
                + "\"il dit \"bravo\" et part\",1\n" // guillemets ni doublés ni fermants
                + "\"jamais refermé,0\n"
                + "bon,1\n";
        Path file = file("a.csv", content);
        refused(file, "1 ligne(s) illisible(s) : ligne 7 (trouvé un guillemet ouvert depuis 2 ligne(s))");
        Table table = Corpus.read(file, BadLines.SKIP);
        assertThat(table.intColumn("polarite").asList()).containsExactly(1, 0, 1, 1);
        assertThat(table.stringColumn("avis").asList())
                .startsWith("Il a dit \"bravo\"", "Sur deux lignes,\nou trois", "un écran de 24\" correct")
                .hasSize(4);
    }

    @Test
    void nothingInACsvIsAComment() throws IOException {
        Table table = Corpus.read(file("a.csv", "review,label\n#nul,0\n\"#bof\",0"));
        assertThat(table.stringColumn("avis").asList()).containsExactly("#nul", "#bof");
        refused(
                file("b.csv", "label,text\n" + ",".repeat(50_000) + "\n"),
                "ligne 2 (trouvé 50001 colonne(s), attendu 2)");
    }

    @Test
    void otherColumnsAreKeptAsText() throws IOException {
        Table tabs = Corpus.read(file("a.tsv", "polarite\tdomaine\tavis\tnote\n1\tfilm\tbon\t\n0\tlivre\tnul\t2\n"));
        assertThat(tabs.columnNames()).containsExactly("polarite", "domaine", "avis", "note");
        assertThat(tabs.stringColumn("domaine").asList()).containsExactly("film", "livre");
        assertThat(tabs.stringColumn("note").asList()).containsExactly("", "2");
        // Une colonne sans nom, comme en écrivent les tableurs.
        Table commas = Corpus.read(file("a.csv", ",Film,polarity,review\n0,x,1,bon\n1,,0,nul\n"));
        assertThat(commas.columnNames()).containsExactly("colonne 1", "film", "polarite", "avis");
        Table json = Corpus.read(
                file(
                        "a.jsonl",
                        "{\"id\":7,\"review\":\"bon\",\"polarity\":1,\"tags\":[\"a\"]}\n{\"review\":\"nul\",\"polarity\":0,\"tags\":null}"));
        assertThat(json.stringColumn("id").asList()).containsExactly("7", "");
        assertThat(json.stringColumn("tags").asList()).containsExactly("[a]", "");
        Table twice = Corpus.read(file("double.tsv", "label\tpolarite\tavis\tAVIS\n1\tx\tbon\ty\n"));
        assertThat(twice.columnNames()).containsExactly("polarite", "colonne 2", "avis", "colonne 4");
        assertThat(twice.intColumn("polarite").asList()).containsExactly(1);
        assertThat(twice.stringColumn("avis").asList()).containsExactly("bon");
    }

    @Test
    void badLinesAreNamedOrSkipped() throws IOException {
        Path file = file("a.tsv", "1\tbon\n2\tdeux\nrien\n0\t \n\n0\tmauvais\n1\ttrop\tlong\n");
        refused(
                file,
                "4 ligne(s) illisible(s) : ligne 2 (trouvé la polarité « 2 », attendu 0 ou 1), "
                        + "ligne 3 (trouvé 1 colonne(s), attendu 2), ligne 4 (trouvé un avis vide, attendu un texte), "
                        + "ligne 7 (trouvé 3 colonne(s), attendu 2) ; Corpus.read(fichier, Corpus.BadLines.SKIP) les saute");
        Table kept = Corpus.read(file, BadLines.SKIP);
        assertThat(kept.stringColumn("avis").asList()).containsExactly("bon", "mauvais");
        assertThat(kept.name()).isEqualTo("a.tsv, 4 ligne(s) sautée(s)");
        assertThat(Corpus.read(file("b.tsv", "1\tbon\n")).name()).isEqualTo("b.tsv");

        Path many = file("c.tsv", "1\tbon\n" + "oui\tbon\n".repeat(1000));
        refused(many, "1000 ligne(s) illisible(s) : ligne 2 (");
        refused(many, ", … ; remplacez chaque polarité par 0 ou 1");
        assertThatThrownBy(() -> Corpus.read(many))
                .hasMessageNotContaining("SKIP")
                .hasMessageContaining("ligne 6 (trouvé la polarité « oui », attendu 0 ou 1), …")
                .hasMessageNotContaining("ligne 7");
    }

    @Test
    void badJson() throws IOException {
        Path file = file(
                "a.jsonl",
                "[]\n{\"review\":\"bon\",\"polarity\":1}\n{\"review\":\n{\"polarity\":1}\n{\"review\":\"ni\",\"polarity\":0.5}\n"
                        + "{\"review\":\"a\",\"polarity\":1} {\"review\":\"b\",\"polarity\":1}\n"
                        + "[".repeat(100_000) + "\n");
        refused(file, "6 ligne(s) illisible(s) : ligne 1 (attendu un objet JSON");
        refused(file, "ligne 4 (trouvé un avis vide");
        refused(file, "ligne 5 (trouvé la polarité « 0.5 »");
        assertThat(Corpus.read(file, BadLines.SKIP).stringColumn("avis").asList())
                .containsExactly("bon");
    }

    @Test
    void encodingErrorsAreNamedOrSkipped() throws IOException {
        Path latin = folder.resolve("latin.tsv");
        Files.write(latin, "1\tbon\n0\tdécevant\n0\tnul\n".getBytes(StandardCharsets.ISO_8859_1));
        refused(latin, "ligne 2 (trouvé l'octet 0xE9, attendu de l'UTF-8) ; enregistrez le fichier en UTF-8");
        assertThatThrownBy(() -> Corpus.read(latin)).hasMessageNotContaining("SKIP");
        assertThat(Corpus.read(latin, BadLines.SKIP).intColumn("polarite").asList())
                .containsExactly(1, 0);
        Path latinCsv = folder.resolve("latin.csv");
        Files.write(latinCsv, "label,text\n1,bon\n0,décevant\n0,nul\n".getBytes(StandardCharsets.ISO_8859_1));
        refused(latinCsv, "1 ligne(s) illisible(s) : ligne 3 (trouvé l'octet 0xE9");
        Path header = folder.resolve("entete.tsv");
        Files.write(header, "id\tpolarité\tavis\n7\t1\tbon\n".getBytes(StandardCharsets.ISO_8859_1));
        refused(header, "trouvé les colonnes [7, 1, bon], attendu une parmi");
        refused(header, "ligne 1 (trouvé l'octet 0xE9, attendu de l'UTF-8) ; enregistrez le fichier en UTF-8");
        Path cut = folder.resolve("coupe.tsv");
        byte[] whole = "1\tbon\n0\tdéçu\uD83D\uDE02".getBytes(StandardCharsets.UTF_8);
        Files.write(cut, Arrays.copyOf(whole, whole.length - 1));
        refused(cut, "ligne 2 (trouvé l'octet 0xF0");
    }

    /** Ce qu'écrit un tableur à qui l'on demande de l'Unicode ; avec sa marque, et sans. */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "x-UTF-16LE-BOM"})
    void utf16IsNamed(String charset) throws IOException {
        for (String name : new String[] {"a.csv", "a.tsv", "a.jsonl"}) {
            Path file = folder.resolve(name);
            Files.write(file, "polarite;avis\n1;bon\n".getBytes(charset));
            String why = "trouvé de l'UTF-16, attendu de l'UTF-8 ; enregistrez le fichier en UTF-8";
            refused(file, why);
            assertThatThrownBy(() -> Corpus.read(file, BadLines.SKIP)).hasMessageContaining(why);
        }
    }

    @Test
    void controlCharactersAreText() throws IOException {
        for (char control = 0; control < ' '; control++) {
            if (control != '\n' && control != '\r') {
                String content = "label,text\n" + control + "1,bon\n" + control + "\n0," + control + "nul\n";
                Table table = Corpus.read(file("a.csv", content), BadLines.SKIP);
                assertThat(table.stringColumn("avis").asList())
                        .as("U+%04X", (int) control)
                        .hasSizeBetween(1, 2)
                        .last()
                        .asString()
                        .endsWith("nul");
            }
        }
    }

    @Test
    void whatDoesNotShowIsNamed() throws IOException {
        refused(file("a.tsv", "1\u200B\tbon\n"), "trouvé les colonnes [1U+200B, bon]");
        refused(file("b.tsv", "1\tbon\n1\u200B\tbon\n"), "trouvé la polarité « 1U+200B », attendu 0 ou 1");
        refused(file("c.tsv", "1\tbon\n\u00A01\tbon\n"), "trouvé la polarité « U+00A01 », attendu 0 ou 1");
        refused(file("d.tsv", "label\u0301\tavis\n"), "trouvé les colonnes [labelU+0301, avis]");
        refused(file("e.csv", "\0label,\uDB40\uDC41avis\n"), "U+E0041avis]");
    }

    @Test
    @Timeout(20)
    void manyColumnsAreRefusedAtOnce() throws IOException {
        String wide = "a,".repeat(99_000);
        refused(file("a.csv", wide + "label,avis\n"), "trouvé 99002 colonnes, attendu 1000 au plus");
        refused(
                file("a.tsv", wide.replace(',', '\t') + "label\tavis\n"),
                "trouvé 99002 colonnes, attendu 1000 au plus");
        Path wider = file("b.csv", "label,text\n" + wide + wide + "\n1,bon\n");
        refused(wider, "1 ligne(s) illisible(s) : ligne 2 (trouvé plus de 100000 colonnes)");
        assertThat(Corpus.read(wider, BadLines.SKIP).stringColumn("avis").asList())
                .containsExactly("bon");
    }

    @Test
    void filesThatAreRefused() throws IOException {
        refused(folder.resolve("absent.tsv"), "ce fichier n'existe pas");
        refused(Files.createDirectory(folder.resolve("dossier.tsv")), "c'est un dossier, attendu un fichier");
        refused(file("vide.tsv", ""), "aucun avis trouvé");
        refused(file("vide.jsonl", "\n \n"), "aucun avis trouvé");
        refused(file("rien.jsonl", "{}\nnull\n"), "2 ligne(s) illisible(s) : ligne 1 (attendu un objet JSON");
        refused(file("sep.csv", "sep=;\n"), "aucun avis trouvé");
        refused(file("entete.csv", "label,text\n"), "aucun avis trouvé");
        refused(file("a.docx", "1\tbon"), "format inconnu, attendu .tsv, .csv ou .jsonl, suivi ou non de .gz ou .bz2");
        refused(file("sans_extension", "1\tbon"), "format inconnu");
        refused(file("gz", "1\tbon"), "format inconnu");
        refused(
                file("sans.csv", "a,b\n1,2\n"),
                "trouvé les colonnes [a, b], attendu une parmi [polarite, polarité, label, polarity] et une parmi");
        refused(file("virgules.tsv", "polarite,avis\n1,bon\n"), "trouvé les colonnes [polarite,avis], attendu");
        refused(
                file("champs.jsonl", "{\"note\":5,\"commentaire\":\"bon\"}"),
                "trouvé les colonnes [note, commentaire]");
        refused(file("etoiles.tsv", "label\ttext\n5\tbon\n2\tnul\n"), "la polarité « 5 », attendu 0 ou 1");
        assertThatThrownBy(() -> Corpus.read(folder.resolve("etoiles.tsv"), BadLines.SKIP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("aucun avis trouvé, 2 ligne(s) illisible(s)");
        assertThatThrownBy(() -> Corpus.read(null)).hasMessageStartingWith("file : valeur absente (null), attendu");
        assertThatThrownBy(() -> Corpus.read(file("b.tsv", "1\tbon"), null))
                .hasMessageStartingWith("badLines : valeur absente (null), attendu");
    }

    @Test
    void brokenArchivesAreRefused() throws IOException {
        String content = "1\tbon et long\n".repeat(10_000);
        for (String name : new String[] {"a.tsv.gz", "a.tsv.bz2"}) {
            byte[] whole = name.endsWith("gz") ? gzip(content) : bzip2(content);
            for (byte[] bytes :
                    new byte[][] {{}, content.getBytes(StandardCharsets.UTF_8), Arrays.copyOf(whole, whole.length / 2)
                    }) {
                Path file = folder.resolve(name);
                Files.write(file, bytes);
                assertThatThrownBy(() -> Corpus.read(file, BadLines.SKIP))
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageStartingWith(file + " : lecture impossible, fichier tronqué ou abîmé (")
                        .hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void anInterruptStopsTheReading() throws IOException {
        Path file = file("a.tsv", "1\tbon\n");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Corpus.read(file)).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isFalse();
    }
}
