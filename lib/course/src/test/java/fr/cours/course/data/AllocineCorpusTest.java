package fr.cours.course.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Contre un petit serveur local qui se conduit mal ; la vraie adresse n'est pas essayée. */
@Timeout(30)
class AllocineCorpusTest {
    private static final Map<String, Integer> LINES = Map.of("train.jsonl", 40, "val.jsonl", 20, "test.jsonl", 20);
    private static final int PATIENCE = 1_000;

    @TempDir
    Path cache;

    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    /** Ce que le serveur fait d'une demande. */
    private interface Answer {
        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private URI answering(Answer answer) {
        String path = "/" + server.hashCode() + requests.get() + "-" + answer.hashCode();
        server.createContext(path, exchange -> {
            requests.incrementAndGet();
            try (exchange) {
                answer.to(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static Answer whole(byte[] content) {
        return exchange -> {
            exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        };
    }

    private AllocineCorpus download(URI address) {
        return AllocineCorpus.download(address, LINES, PATIENCE, cache, (received, total) -> {});
    }

    private void unavailable(URI address, String message) throws IOException {
        assertThatThrownBy(() -> download(address))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("Corpus Allociné indisponible : ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("(null)")
                .hasMessageEndingWith(" ; " + address);
        assertThat(kept()).isEmpty();
    }

    /** Les fichiers qui passent pour le corpus. */
    private List<String> kept() throws IOException {
        if (!Files.exists(cache.resolve("allocine"))) {
            return List.of();
        }
        try (var files = Files.list(cache.resolve("allocine"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".part"))
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, String> files() {
        Map<String, String> files = new TreeMap<>();
        files.put("data/allocine_dataset.pickle", "tout autre chose");
        files.put("data/._train.jsonl", "ce qu'un Mac ajoute");
        LINES.forEach((name, count) -> {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < count; i++) {
                lines.append("{\"film-url\": \"f\", \"review\": \"%s, déçu n° %d… Å 😅\", \"polarity\": %d}\n"
                        .formatted(name, i, i % 2));
            }
            files.put("data/" + name, lines.toString());
        });
        return files;
    }

    private static byte[] archive(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new BZip2CompressorOutputStream(bytes))) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void receivedOnceThenKept() throws IOException {
        byte[] content = archive(files());
        URI address = answering(whole(content));
        List<Long> received = new ArrayList<>();
        AllocineCorpus corpus = AllocineCorpus.download(address, LINES, PATIENCE, cache, (bytes, total) -> {
            assertThat(total).isEqualTo(content.length);
            received.add(bytes);
        });
        assertThat(received).isSorted().last().isEqualTo((long) content.length);
        assertThat(Corpus.read(corpus.train()).rowCount()).isEqualTo(40);
        assertThat(Corpus.read(corpus.validation()).stringColumn("avis").get(3))
                .isEqualTo("val.jsonl, déçu n° 3… Å 😅");
        assertThat(Corpus.read(corpus.test()).intColumn("polarite").sum()).isEqualTo(10);
        assertThat(kept()).containsExactly("test.jsonl", "train.jsonl", "val.jsonl");
        try (var all = Files.list(cache.resolve("allocine"))) {
            assertThat(all).hasSize(3);
        }
        server.stop(0);
        assertThat(download(address)).isEqualTo(corpus);
        assertThat(requests).hasValue(1);
    }

    @Test
    void aServerThatDoesNotSayTheSize() throws IOException {
        byte[] content = archive(files());
        AllocineCorpus.download(
                answering(exchange -> {
                    exchange.sendResponseHeaders(200, 0); // par morceaux
                    exchange.getResponseBody().write(content);
                }),
                LINES,
                PATIENCE,
                cache,
                (received, total) -> assertThat(total).isEqualTo(-1));
        assertThat(kept()).hasSize(3);
    }

    @Test
    void aRedirectionIsFollowed() throws IOException {
        URI there = answering(whole(archive(files())));
        download(answering(exchange -> {
            exchange.getResponseHeaders().set("Location", there.toString());
            exchange.sendResponseHeaders(302, -1);
        }));
        assertThat(kept()).hasSize(3);
    }

    @Test
    void aCutThenAnotherTry() throws IOException {
        byte[] content = archive(files());
        for (int length : new int[] {1, content.length / 2, content.length - 1}) {
            unavailable(
                    answering(exchange -> {
                        exchange.sendResponseHeaders(200, content.length);
                        exchange.getResponseBody().write(content, 0, length);
                        exchange.getResponseBody().flush();
                    }),
                    "réponse tronquée ou inattendue (");
        }
        download(answering(whole(content)));
        assertThat(kept()).hasSize(3);
    }

    @Test
    void refusals() throws IOException {
        unavailable(
                answering(exchange -> exchange.sendResponseHeaders(404, -1)), "trouvé le code HTTP 404, attendu 200");
        unavailable(answering(exchange -> exchange.sendResponseHeaders(503, -1)), "trouvé le code HTTP 503");
        unavailable(answering(exchange -> exchange.sendResponseHeaders(204, -1)), "trouvé le code HTTP 204");
    }

    @Test
    void silenceBeforeOrDuringTheAnswer() throws IOException {
        byte[] content = archive(files());
        unavailable(answering(exchange -> Thread.sleep(20_000)), "le serveur se tait depuis 1 s");
        unavailable(
                answering(exchange -> {
                    exchange.sendResponseHeaders(200, content.length);
                    exchange.getResponseBody().write(content, 0, 100);
                    exchange.getResponseBody().flush();
                    Thread.sleep(20_000);
                }),
                "le serveur se tait depuis 1 s");
    }

    @Test
    void slowIsNotSilent() throws IOException {
        byte[] content = archive(files());
        int patience =
                3 * PATIENCE; // dépassée en tout, jamais d'un coup : une machine chargée a deux secondes de marge
        URI slow = answering(exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            for (int i = 0; i < 4; i++) {
                exchange.getResponseBody()
                        .write(content, i * content.length / 4, (i + 1) * content.length / 4 - i * content.length / 4);
                exchange.getResponseBody().flush();
                Thread.sleep(PATIENCE);
            }
        });
        AllocineCorpus.download(slow, LINES, patience, cache, (received, total) -> {});
        assertThat(kept()).hasSize(3);
    }

    @Test
    void somethingElseThanTheCorpus() throws IOException {
        byte[] content = archive(files());
        unavailable(answering(whole(new byte[0])), "réponse tronquée ou inattendue");
        unavailable(
                answering(whole("<html>Portail de l'école</html>".repeat(100).getBytes(StandardCharsets.UTF_8))),
                "réponse tronquée ou inattendue");
        byte[] damaged = content.clone();
        damaged[content.length / 2] ^= 4;
        unavailable(answering(whole(damaged)), "réponse tronquée ou inattendue");

        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (BZip2CompressorOutputStream out = new BZip2CompressorOutputStream(text)) {
            out.write("ceci n'est pas une archive ".repeat(500).getBytes(StandardCharsets.UTF_8));
        }
        unavailable(answering(whole(text.toByteArray())), "réponse tronquée ou inattendue");

        Map<String, String> files = files();
        files.remove("data/val.jsonl");
        unavailable(answering(whole(archive(files))), "trouvé une archive sans [val.jsonl]");
        files.put("data/val.jsonl", "{\"review\": \"seul\", \"polarity\": 1}\n");
        unavailable(answering(whole(archive(files))), "trouvé 1 avis dans val.jsonl.part, attendu 20");
        files.put("data/val.jsonl", "n'importe quoi\n".repeat(20));
        unavailable(answering(whole(archive(files))), "trouvé 0 avis dans val.jsonl.part, attendu 20");
        files.put("data/val.jsonl", "{\"review\": \"trop\", \"polarity\": 1}\n".repeat(21));
        unavailable(answering(whole(archive(files))), "trouvé 21 avis dans val.jsonl.part, attendu 20");
    }

    @Test
    void noDamageGoesUnnoticed() throws IOException {
        byte[] content = archive(files());
        Random random = new Random(5);
        for (int i = 0; i < 60; i++) {
            byte[] damaged = content.clone();
            damaged[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                download(answering(whole(damaged)));
                // Un octet que rien ne lit (la fin du dernier bloc) : le corpus doit être entier.
                assertThat(Corpus.read(cache.resolve("allocine/train.jsonl")).rowCount())
                        .isEqualTo(40);
                for (String name : kept()) {
                    Files.delete(cache.resolve("allocine").resolve(name));
                }
            } catch (UncheckedIOException e) {
                assertThat(e).hasMessageStartingWith("Corpus Allociné indisponible : ");
                assertThat(kept()).isEmpty();
            }
        }
    }

    @Test
    void anArchiveThatAimsElsewhereWritesNowhereElse() throws IOException {
        Map<String, String> files = files();
        files.put("../../evade.jsonl", "{}");
        files.put("../../train.jsonl", files.remove("data/train.jsonl"));
        download(answering(whole(archive(files))));
        assertThat(kept()).containsExactly("test.jsonl", "train.jsonl", "val.jsonl");
        assertThat(cache.resolve("train.jsonl")).doesNotExist();
        assertThat(cache.getParent().resolve("train.jsonl")).doesNotExist();
    }

    @Test
    void whatAnInterruptedTryLeftIsReplaced() throws IOException {
        Path folder = Files.createDirectories(cache.resolve("allocine"));
        Files.writeString(folder.resolve("train.jsonl.part"), "une moitié".repeat(10_000));
        Files.writeString(folder.resolve("val.jsonl"), "un seul des trois fichiers");
        AllocineCorpus corpus = download(answering(whole(archive(files()))));
        assertThat(Corpus.read(corpus.train()).rowCount()).isEqualTo(40);
        assertThat(Corpus.read(corpus.validation()).rowCount()).isEqualTo(20);
        assertThat(folder.resolve("train.jsonl.part")).doesNotExist();
    }

    @Test
    void noNetwork() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        unavailable(
                URI.create("http://127.0.0.1:" + closed + "/a"),
                "pas de réseau, serveur introuvable ou connexion coupée");
        unavailable(URI.create("http://serveur.invalid/a"), "pas de réseau, serveur introuvable ou connexion coupée");
    }

    @Test
    void aFolderThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(cache.resolve("fichier"), "");
        URI address = answering(whole(archive(files())));
        assertThatThrownBy(() -> AllocineCorpus.download(address, LINES, PATIENCE, file, (received, total) -> {}))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("le disque refuse");
        assertThatThrownBy(() -> AllocineCorpus.download(null, (received, total) -> {}))
                .hasMessageStartingWith("cache : valeur absente (null)");
        assertThatThrownBy(() -> AllocineCorpus.download(cache, null))
                .hasMessageStartingWith("progress : valeur absente (null)");
    }

    @Test
    void anInterruptStopsTheDownload() throws IOException {
        byte[] content = archive(files());
        URI address = answering(whole(Arrays.copyOf(content, content.length)));
        assertThatThrownBy(() -> AllocineCorpus.download(
                        address,
                        LINES,
                        PATIENCE,
                        cache,
                        (received, total) -> Thread.currentThread().interrupt()))
                .isInstanceOf(CancellationException.class)
                .hasMessage("téléchargement interrompu");
        assertThat(Thread.interrupted()).isFalse();
        assertThat(kept()).isEmpty();
    }

    @Test
    void theRealAddress() {
        assertThat(AllocineCorpus.ADDRESS)
                .hasScheme("https")
                .hasHost("github.com")
                .hasPath(
                        "/TheophileBlard/french-sentiment-analysis-with-bert/raw/master/allocine_dataset/data.tar.bz2");
    }
}
