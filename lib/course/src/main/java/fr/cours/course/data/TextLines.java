package fr.cours.course.data;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** Les lignes d'un texte, numérotées et décodées une à une : une ligne mal encodée n'emporte pas les autres. */
final class TextLines {
    static final String SAVE_AS_UTF8 = "enregistrez le fichier en UTF-8";

    private final BufferedReader reader;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private int number;

    /** Un texte compressé ou non : la fin du nom du fichier le dit. */
    TextLines(InputStream file, String name) throws IOException {
        InputStream bytes = new BufferedInputStream(file);
        if (name.endsWith(".gz")) {
            bytes = new GZIPInputStream(bytes);
        } else if (name.endsWith(".bz2")) {
            bytes = new BZip2CompressorInputStream(bytes, true);
        }
        // En latin-1, un octet est un caractère : les lignes se coupent sans rien perdre, et se décodent ensuite.
        reader = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.ISO_8859_1));
    }

    /** Vrai si le texte est en UTF-16, d'après ses premiers octets ; à demander avant la première ligne. */
    boolean isUtf16() throws IOException {
        char[] first = new char[4];
        reader.mark(first.length);
        int read = reader.read(first);
        reader.reset();
        String start = new String(first, 0, Math.max(0, read));
        // Avec sa marque, ou sans : un octet nul à côté de chaque lettre.
        return start.startsWith("\u00FE\u00FF")
                || start.startsWith("\u00FF\u00FE")
                || start.matches("(?s)\0[^\0]\0[^\0]|[^\0]\0[^\0]\0");
    }

    /** La ligne suivante ; null à la fin. Le message de BadLine dit ce qui ne va pas, sans le numéro. */
    String next() throws IOException, BadLine {
        if (Thread.interrupted()) {
            throw new CancellationException("lecture interrompue");
        }
        String line = reader.readLine();
        number++;
        if (line == null) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.ISO_8859_1));
        try {
            String text = utf8.decode(bytes).toString();
            // La marque de l'UTF-8 est aussi au milieu d'un fichier fait de plusieurs, mis bout à bout.
            return text.replaceFirst("^\uFEFF+", "");
        } catch (CharacterCodingException e) {
            throw new BadLine(
                    "trouvé l'octet 0x%02X, attendu de l'UTF-8".formatted(bytes.get(bytes.position())), SAVE_AS_UTF8);
        }
    }

    /** Le numéro de la dernière ligne lue, à partir de 1. */
    int number() {
        return number;
    }
}
