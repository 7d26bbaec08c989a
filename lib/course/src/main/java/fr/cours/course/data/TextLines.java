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
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** Les lignes d'un texte, numérotées et décodées une à une : une ligne mal encodée n'emporte pas les autres. */
final class TextLines {
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

    /** La ligne suivante ; null à la fin. Le message de DataFormatException dit ce qui ne va pas, sans le numéro. */
    String next() throws IOException, DataFormatException {
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
            return number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new DataFormatException(
                    "trouvé l'octet 0x%02X, attendu de l'UTF-8".formatted(bytes.get(bytes.position())));
        }
    }

    /** Le numéro de la dernière ligne lue, à partir de 1. */
    int number() {
        return number;
    }
}
