package fr.cours.attention.layers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Ce que calculent les couches du cours d'origine, exécutées avec TensorFlow. */
public final class Reference {
    private static final JsonNode ROOT = read();

    private Reference() {}

    public static List<JsonNode> cases(String section) {
        return StreamSupport.stream(ROOT.get(section).spliterator(), false).toList();
    }

    public static JsonNode section(String section) {
        return ROOT.get(section);
    }

    public static INDArray array(JsonNode node) {
        long[] shape = StreamSupport.stream(node.get("shape").spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
        JsonNode data = node.get("data");
        float[] values = new float[data.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) data.get(i).asDouble();
        }
        return Nd4j.create(values, shape, 'c');
    }

    /** Le masque de la référence, [batch ou 1, n ou 1, m] ou [1, 1, n, m], en masque du cours pour cet exemple. */
    static AttentionMask mask(JsonNode node, int batch, int n, int m) {
        if (node.isNull()) {
            return AttentionMask.none();
        }
        INDArray hidden = array(node);
        if (hidden.rank() == 4) {
            hidden = hidden.reshape(hidden.size(0), hidden.size(2), hidden.size(3));
        }
        if (hidden.size(1) == 1) { // remplissage : chaque ligne du lot est un préfixe visible
            int[] lengths = new int[batch];
            for (int i = 0; i < batch; i++) {
                lengths[i] = m - hidden.slice(i).sumNumber().intValue();
                for (int key = 0; key < m; key++) {
                    if ((hidden.getFloat(i, 0, key) != 0) != (key >= lengths[i])) {
                        throw new IllegalStateException("masque de remplissage inattendu");
                    }
                }
            }
            return AttentionMask.padding(lengths, m);
        }
        boolean[][] rows = new boolean[n][m];
        for (int query = 0; query < n; query++) {
            for (int key = 0; key < m; key++) {
                rows[query][key] = hidden.getFloat(0, query, key) != 0;
            }
        }
        return AttentionMask.of(rows);
    }

    private static JsonNode read() {
        try (InputStream in = Reference.class.getResourceAsStream("/reference/tensorflow.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
