package fr.cours.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Les travaux de {@code works.py} dans l'archive que PyTorch sait charger : le texte, et un objet sans tableau
 * sérialisé à la main. Aucun Python n'est nécessaire.
 */
final class TorchScript {
    private TorchScript() {}

    /** L'archive dont le module est la classe {@code name}. */
    static byte[] archive(String name) throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        byte[] code;
        try (InputStream text = TorchScript.class.getResourceAsStream("works.py")) {
            code = text.readAllBytes();
        }
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            zip.setMethod(ZipOutputStream.STORED);
            add(zip, name + "/code/__torch__.py", code);
            add(zip, name + "/data.pkl", object(name));
            add(zip, name + "/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'}); // un tuple vide
            add(zip, name + "/version", ascii("3\n"));
            add(zip, name + "/byteorder", ascii("little"));
        }
        return archive.toByteArray();
    }

    /** Un objet de la classe, dont le seul attribut est {@code training = True}, au format pickle 2. */
    private static byte[] object(String name) throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2});
        pickle.write(ascii("c__torch__\n" + name + "\n"));
        pickle.write(new byte[] {'q', 0, ')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
        pickle.write(ascii("training"));
        pickle.write(new byte[] {'q', 1, (byte) 0x88, 'u', 'b', '.'});
        return pickle.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content, 0, content.length);
        zip.closeEntry();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
