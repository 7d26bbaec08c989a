package fr.cours.attention.training;

import fr.cours.attention.layers.Parameter;
import fr.cours.attention.math.Arguments;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * Les paramètres d'un modèle dans un fichier : une marque, une version, chaque tableau à son nom, une somme de contrôle.
 *
 * <p>L'écriture est atomique : le fichier est l'ancien ou le nouveau, jamais une moitié. La lecture contrôle tout avant
 * de changer quoi que ce soit.
 */
public final class ParameterFile {
    private static final int MAGIC = 0x41545431; // « ATT1 »
    private static final int VERSION = 1;

    private ParameterFile() {}

    /**
     * Écrit les paramètres.
     *
     * @param file le fichier, remplacé s'il existe
     * @param parameters les paramètres
     * @throws UncheckedIOException si le disque refuse
     */
    public static void save(Path file, List<Parameter> parameters) {
        checkPresent(file, parameters);
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(parameters.size());
            for (Parameter parameter : parameters) {
                out.writeUTF(parameter.toString()); // le nom et la forme
                for (float value : parameter.value().data().asFloat()) {
                    out.writeFloat(value);
                }
            }
            out.writeLong(checksum(bytes.toByteArray(), bytes.size()));
            Path target = file.toAbsolutePath();
            // Pas createTempFile, qui ne laisserait lire le fichier qu'à son auteur.
            Path temporary = target.resolveSibling(".parametres-" + UUID.randomUUID() + ".tmp");
            try {
                Files.write(temporary, bytes.toByteArray(), StandardOpenOption.CREATE_NEW);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " : impossible d'écrire les paramètres (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Relit les paramètres d'un modèle construit avec les mêmes dimensions.
     *
     * @param file un fichier écrit par {@link #save}
     * @param parameters les paramètres à remplir, mêmes noms et mêmes formes, dans le même ordre
     * @throws IllegalArgumentException si le fichier n'existe pas, n'est pas un fichier de paramètres, est tronqué ou
     *     abîmé, ou va à un autre modèle ; aucun paramètre n'est alors changé
     * @throws UncheckedIOException si le disque refuse
     */
    public static void load(Path file, List<Parameter> parameters) {
        checkPresent(file, parameters);
        try {
            byte[] bytes = Files.readAllBytes(file);
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            if (bytes.length < 20 || in.readInt() != MAGIC) {
                throw refused(file, "ce n'est pas un fichier de paramètres du cours");
            }
            int version = in.readInt();
            if (version != VERSION) {
                throw refused(file, "trouvé la version " + version + ", attendu " + VERSION);
            }
            int end = bytes.length - Long.BYTES;
            if (ByteBuffer.wrap(bytes).getLong(end) != checksum(bytes, end)) {
                throw refused(file, "fichier tronqué ou abîmé (la somme de contrôle ne va pas)");
            }
            int count = in.readInt();
            if (count != parameters.size()) {
                throw refused(file, "trouvé " + count + " paramètres, attendu " + parameters.size());
            }
            List<float[]> values = new ArrayList<>();
            for (Parameter parameter : parameters) {
                values.add(read(file, in, parameter));
            }
            if (in.available() != Long.BYTES) { // la somme de contrôle, et rien d'autre
                throw refused(file, "trouvé " + (in.available() - Long.BYTES) + " octets de trop après les paramètres");
            }
            for (int i = 0; i < values.size(); i++) {
                parameters.get(i).value().data().setData(values.get(i));
            }
        } catch (NoSuchFileException e) {
            throw refused(file, "ce fichier n'existe pas");
        } catch (IOException e) {
            throw new UncheckedIOException(file + " : lecture impossible (" + e.getMessage() + ")", e);
        }
    }

    private static void checkPresent(Path file, List<Parameter> parameters) {
        Arguments.checkPresent("file", file, "le chemin d'un fichier");
        Arguments.checkPresent("parameters", parameters, "les paramètres d'un modèle");
    }

    private static float[] read(Path file, DataInputStream in, Parameter parameter) throws IOException {
        String found = in.readUTF();
        if (!found.equals(parameter.toString())) {
            throw refused(
                    file, "trouvé " + found + ", attendu " + parameter + " : ces paramètres vont à un autre modèle");
        }
        float[] values = new float[Math.toIntExact(parameter.value().length())];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, length);
        return sum.getValue();
    }

    private static IllegalArgumentException refused(Path file, String why) {
        return new IllegalArgumentException(file + " : " + why);
    }
}
