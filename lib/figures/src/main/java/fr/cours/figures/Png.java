package fr.cours.figures;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** L'image en PNG à palette : les carnets gardent leurs figures, et chaque octet compte. */
final class Png {
    private static final int COLORS = 80;

    private Png() {}

    /** Encode une image ; au-delà de 80 couleurs, les plus rares (le bord adouci des lettres) prennent la plus proche. */
    static byte[] encode(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int pixel : pixels) {
            counts.merge(pixel, 1, Integer::sum);
        }
        // Rangées par clarté, les couleurs voisines ont des numéros voisins : le fichier s'en trouve plus petit.
        int[] palette = counts.keySet().stream()
                .sorted(Comparator.comparing(color -> -counts.get(color)))
                .limit(COLORS)
                .sorted(Comparator.comparing(color -> ColorMap.luminance(new Color(color))))
                .mapToInt(color -> color)
                .toArray();
        IndexColorModel colors = new IndexColorModel(8, palette.length, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
        BufferedImage indexed = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, colors);
        indexed.setRGB(0, 0, width, height, pixels, 0, width);

        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam smallest = writer.getDefaultWriteParam();
        smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        smallest.setCompressionQuality(0);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(png)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(indexed, null, null), smallest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return png.toByteArray();
    }
}
