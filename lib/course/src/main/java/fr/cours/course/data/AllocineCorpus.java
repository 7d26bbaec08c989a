package fr.cours.course.data;

import fr.cours.attention.math.Arguments;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * Le corpus Allociné : 200 000 avis de spectateurs sur des films (Théophile Blard, 2020, licence MIT), pris sur le web.
 *
 * @param train 160 000 avis, pour apprendre
 * @param validation 20 000 avis, pour choisir
 * @param test 20 000 avis, pour juger ; les trois fichiers se lisent par {@link Corpus#read}
 */
public record AllocineCorpus(Path train, Path validation, Path test) {
    /** L'adresse que donne l'auteur du corpus. Aucun test ne l'essaie : ils se servent d'un petit serveur local. */
    public static final URI ADDRESS = URI.create("https://github.com/TheophileBlard/"
            + "french-sentiment-analysis-with-bert/raw/master/allocine_dataset/data.tar.bz2");

    private static final Map<String, Integer> LINES =
            Map.of("train.jsonl", 160_000, "val.jsonl", 20_000, "test.jsonl", 20_000);
    private static final int PATIENCE = 15_000; // millisecondes

    /**
     * Télécharge le corpus, ou le retrouve s'il a déjà été téléchargé.
     *
     * <p>Chaque fichier est reçu sous un nom en {@code .part} et prend son nom quand les trois sont là, avec le nombre
     * d'avis attendu : après une coupure, il suffit de recommencer.
     *
     * @param cache le dossier où le garder, créé s'il n'existe pas
     * @param progress appelé avec le nombre d'octets reçus, et le nombre attendu (−1 si le serveur ne le dit pas)
     * @return les trois fichiers
     * @throws UncheckedIOException si le réseau manque, si le serveur refuse, se tait ou coupe, si ce qu'il envoie n'est
     *     pas le corpus, ou si le disque refuse ; le message le dit en une phrase
     * @throws CancellationException si le fil courant est interrompu
     * @throws IllegalArgumentException si un argument est absent
     */
    public static AllocineCorpus download(Path cache, BiConsumer<Long, Long> progress) {
        return download(ADDRESS, LINES, PATIENCE, cache, progress);
    }

    static AllocineCorpus download(
            URI address, Map<String, Integer> lines, int patience, Path cache, BiConsumer<Long, Long> progress) {
        Arguments.checkPresent("cache", cache, "un dossier");
        Arguments.checkPresent("progress", progress, "qui suit le téléchargement");
        Path folder = cache.resolve("allocine");
        try {
            if (!lines.keySet().stream().allMatch(name -> Files.exists(folder.resolve(name)))) {
                Files.createDirectories(folder);
                receive(address, lines, patience, folder, progress);
                for (String name : lines.keySet()) {
                    Files.move(folder.resolve(name + ".part"), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
                }
            }
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new CancellationException("téléchargement interrompu");
            }
            String why = e instanceof UnknownHostException || e instanceof SocketException
                    ? "pas de réseau, serveur introuvable ou connexion coupée"
                    : e instanceof SocketTimeoutException
                            ? "le serveur se tait depuis " + patience / 1000 + " s"
                            : e instanceof FileSystemException ? "le disque refuse" : "réponse tronquée ou inattendue";
            throw new UncheckedIOException(
                    "Corpus Allociné indisponible : " + why + " (" + Messages.reason(e) + ") ; " + address, e);
        }
        return new AllocineCorpus(
                folder.resolve("train.jsonl"), folder.resolve("val.jsonl"), folder.resolve("test.jsonl"));
    }

    private static void receive(
            URI address, Map<String, Integer> lines, int patience, Path folder, BiConsumer<Long, Long> progress)
            throws IOException {
        // HttpURLConnection plutôt qu'HttpClient : son délai vaut aussi pour un serveur qui se tait en cours d'envoi.
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setConnectTimeout(patience);
        connection.setReadTimeout(patience);
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("trouvé le code HTTP " + connection.getResponseCode() + ", attendu 200");
        }
        TreeSet<String> missing = new TreeSet<>(lines.keySet());
        try (InputStream bytes = watched(connection, progress);
                TarArchiveInputStream tar = new TarArchiveInputStream(new BZip2CompressorInputStream(bytes, true))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                // Le nom seul, et seulement s'il est attendu : l'archive ne choisit pas où l'on écrit.
                String name = entry.getName().replaceFirst("(?s).*/", "");
                if (entry.isFile() && missing.remove(name)) {
                    extract(tar, folder.resolve(name + ".part"), lines.get(name));
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new IOException("trouvé une archive sans " + missing);
        }
    }

    private static InputStream watched(HttpURLConnection connection, BiConsumer<Long, Long> progress)
            throws IOException {
        long expected = connection.getContentLengthLong();
        return new BufferedInputStream(new FilterInputStream(connection.getInputStream()) {
            private long received;

            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                if (Thread.currentThread().isInterrupted()) {
                    throw new ClosedByInterruptException();
                }
                int count = super.read(target, from, length);
                received += Math.max(0, count);
                progress.accept(received, expected);
                return count;
            }
        });
    }

    private static void extract(InputStream entry, Path file, int expected) throws IOException {
        Files.copy(entry, file, StandardCopyOption.REPLACE_EXISTING);
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            long count = lines.filter(line -> line.startsWith("{") && line.contains("\"review\"") && line.endsWith("}"))
                    .count();
            if (count != expected) {
                throw new IOException("trouvé " + count + " avis dans " + file.getFileName() + ", attendu " + expected);
            }
        }
    }
}
