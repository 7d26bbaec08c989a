package fr.cours.attention.training;

import fr.cours.attention.layers.Parameter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

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
        try {
            Path target = file.toAbsolutePath();
            Path temporary = Files.createTempFile(target.getParent(), ".parametres", ".tmp");
            try {
                write(temporary, parameters);
                move(temporary, target);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " : impossible d'écrire les paramètres (" + e.getMessage() + ")", e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void write(Path file, List<Parameter> parameters) throws IOException {
        CRC32 sum = new CRC32();
        try (DataOutputStream out = new DataOutputStream(
                new CheckedOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), sum))) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(parameters.size());
            for (Parameter parameter : parameters) {
                out.writeUTF(parameter.name());
                out.writeInt(parameter.value().rank());
                for (long size : parameter.value().shape()) {
                    out.writeLong(size);
                }
                for (float value : parameter.value().data().asFloat()) {
                    out.writeFloat(value);
                }
            }
            out.writeLong(sum.getValue());
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
        try {
            byte[] bytes = Files.readAllBytes(file);
            checkIntact(file, bytes);
            List<float[]> values = new ArrayList<>();
            try (DataInputStream in = new DataInputStream(new BufferedInputStream(new ByteArrayInputStream(bytes)))) {
                in.readLong(); // marque et version
                int count = in.readInt();
                if (count != parameters.size()) {
                    throw refused(file, "trouvé " + count + " paramètres, attendu " + parameters.size());
                }
                for (Parameter parameter : parameters) {
                    values.add(read(file, in, parameter));
                }
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

    private static void checkIntact(Path file, byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        if (bytes.length < 20 || in.readInt() != MAGIC) {
            throw refused(file, "ce n'est pas un fichier de paramètres du cours");
        }
        int version = in.readInt();
        if (version != VERSION) {
            throw refused(file, "trouvé la version " + version + ", attendu " + VERSION);
        }
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, bytes.length - Long.BYTES);
        in.skipBytes(bytes.length - 2 * Long.BYTES);
        if (in.readLong() != sum.getValue()) {
            throw refused(file, "fichier tronqué ou abîmé (la somme de contrôle ne va pas)");
        }
    }

    private static float[] read(Path file, DataInputStream in, Parameter parameter) throws IOException {
        String name = in.readUTF();
        long[] shape = new long[in.readInt()];
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = in.readLong();
        }
        if (!name.equals(parameter.name())
                || !Arrays.equals(shape, parameter.value().shape())) {
            throw refused(
                    file,
                    "trouvé " + name + " " + Arrays.toString(shape) + ", attendu " + parameter
                            + " : ces paramètres vont à un autre modèle");
        }
        float[] values = new float[Math.toIntExact(parameter.value().length())];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }

    private static IllegalArgumentException refused(Path file, String why) {
        return new IllegalArgumentException(file + " : " + why);
    }
}
