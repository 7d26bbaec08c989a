package fr.cours.attention.text;

import fr.cours.attention.text.Problems.BadLine;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** Les lignes d'un fichier, numérotées, décompressées, et décodées une à une : une ligne mal encodée n'emporte pas les autres. */
final class TextLines {
    private static final String BOM = "\uFEFF";

    private final BufferedReader reader;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private final List<String> ahead = new LinkedList<>();
    private int number;

    /**
     * @param bytes les octets du fichier
     * @param name le nom du fichier, dont la fin dit s'il est compressé
     */
    TextLines(InputStream bytes, String name) throws IOException {
        InputStream plain = new BufferedInputStream(bytes);
        if (name.endsWith(".gz")) {
            plain = new GZIPInputStream(plain);
        } else if (name.endsWith(".bz2")) {
            plain = new BZip2CompressorInputStream(plain, true);
        }
        // En latin-1, un octet est un caractère : les lignes se coupent sans rien perdre, et se décodent ensuite.
        reader = new BufferedReader(new InputStreamReader(plain, StandardCharsets.ISO_8859_1));
    }

    /** Passe à la ligne suivante ; faux s'il n'y en a plus. */
    boolean advance() throws IOException {
        if (Thread.interrupted()) {
            throw new CancellationException("lecture interrompue");
        }
        if (number > 0) {
            ahead.remove(0);
        }
        number++;
        return has(0);
    }

    /** Dit s'il y a une ligne, tant de lignes après la ligne courante. */
    boolean has(int after) throws IOException {
        while (ahead.size() <= after) {
            String line = reader.readLine();
            if (line == null) {
                return false;
            }
            ahead.add(line);
        }
        return true;
    }

    /** La ligne courante pour 0, sinon l'une des suivantes. */
    String line(int after) throws BadLine {
        ByteBuffer bytes = ByteBuffer.wrap(ahead.get(after).getBytes(StandardCharsets.ISO_8859_1));
        try {
            String text = utf8.decode(bytes).toString();
            return number + after == 1 && text.startsWith(BOM) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new BadLine("trouvé l'octet 0x%02X, attendu de l'UTF-8 : enregistrez le fichier en UTF-8"
                    .formatted(bytes.get(bytes.position())));
        }
    }

    /** Le numéro de la ligne courante, à partir de 1. */
    int number() {
        return number;
    }
}
