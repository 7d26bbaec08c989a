package fr.cours.attention.plots;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * L'image en PNG à palette.
 *
 * <p>Les carnets gardent leurs figures : chaque octet compte. ImageIO filtre les lignes même quand les pixels sont des
 * numéros de couleurs, ce qui grossit le fichier, et ne laisse pas choisir ; le format tient en quatre blocs (PNG, 2ᵉ
 * édition, W3C 2003, §11.2), écrits ici.
 */
final class Png {
    private static final int COLORS = 160;
    private static final int FREQUENT = 112;

    private Png() {}

    /** Encode une image ; au-delà de 160 couleurs, le bord adouci des lettres prend la plus proche. */
    static byte[] encode(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        Map<Integer, Integer> table = new HashMap<>();
        int run = 0;
        for (int i = 0; i < pixels.length; i++) {
            run++;
            if (i + 1 == pixels.length || pixels[i + 1] != pixels[i]) {
                table.merge(pixels[i], run, Integer::sum);
                run = 0;
            }
        }
        int[] palette = palette(table);
        table.replaceAll((color, count) -> nearest(color, palette));

        byte[] lines = new byte[height * (width + 1)]; // chaque ligne commence par 0 : sans filtre
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                lines[y * (width + 1) + x + 1] =
                        table.get(pixels[y * width + x]).byteValue();
            }
        }
        ByteBuffer colors = ByteBuffer.allocate(3 * palette.length);
        for (int color : palette) {
            colors.put((byte) (color >> 16)).put((byte) (color >> 8)).put((byte) color);
        }
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put(new byte[] {8, 3, 0, 0, 0}); // 8 bits par pixel, palette

        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(png, "IHDR", header.array());
        chunk(png, "PLTE", colors.array());
        chunk(png, "IDAT", deflated(lines));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] named = ByteBuffer.allocate(4 + data.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
        CRC32 crc = new CRC32();
        crc.update(named);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(named);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static byte[] deflated(byte[] data) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        deflater.setInput(data);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    /**
     * Les couleurs gardées : d'abord les plus présentes (les cases y sont, exactes), puis, une à une, celle dont
     * l'absence se verrait le plus.
     */
    private static int[] palette(Map<Integer, Integer> table) {
        List<Map.Entry<Integer, Integer>> sorted = new ArrayList<>(table.entrySet());
        sorted.sort(
                Map.Entry.<Integer, Integer>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()));
        int[] colors = sorted.stream().mapToInt(Map.Entry::getKey).toArray();
        int[] counts = sorted.stream().mapToInt(Map.Entry::getValue).toArray();
        int[] palette = new int[Math.min(COLORS, colors.length)];
        long[] losses = new long[colors.length];
        Arrays.fill(losses, Long.MAX_VALUE);
        for (int i = 0; i < palette.length; i++) {
            int next = i;
            for (int c = 0; i >= FREQUENT && c < losses.length; c++) {
                next = losses[c] > losses[next] ? c : next;
            }
            palette[i] = colors[next];
            for (int c = 0; c < losses.length; c++) {
                losses[c] = Math.min(losses[c], (long) counts[c] * distance(colors[c], palette[i]));
            }
        }
        return palette;
    }

    private static int nearest(int color, int[] palette) {
        int best = 0;
        for (int i = 1; i < palette.length; i++) {
            best = distance(color, palette[i]) < distance(color, palette[best]) ? i : best;
        }
        return best;
    }

    private static int distance(int a, int b) {
        int red = (a >> 16 & 255) - (b >> 16 & 255);
        int green = (a >> 8 & 255) - (b >> 8 & 255);
        int blue = (a & 255) - (b & 255);
        return red * red + green * green + blue * blue;
    }
}
