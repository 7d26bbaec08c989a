package fr.cours.figures;

import static fr.cours.figures.HeatmapTest.missing;
import static fr.cours.figures.HeatmapTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

class AttentionHeatmapTest {
    private static final List<String> CHAT = List.of("Le", "chat", "noir", "mange", "des", "croquettes");
    private static final INDArray CONCEPT = Nd4j.createFromArray(new float[][] {
        {0.1f, 0.7f, 0.1f, 0.05f, 0.025f, 0.025f},
        {0.1f, 0.5f, 0.3f, 0.05f, 0.025f, 0.025f},
        {0.05f, 0.6f, 0.25f, 0.05f, 0.025f, 0.025f},
        {0.05f, 0.3f, 0.1f, 0.4f, 0.1f, 0.05f},
        {0.05f, 0.1f, 0.05f, 0.3f, 0.3f, 0.2f},
        {0.05f, 0.1f, 0.05f, 0.2f, 0.2f, 0.4f}
    });

    /** Des lignes de softmax sur des tirages normaux. */
    static INDArray random(int seed, int... shape) {
        Random random = new Random(seed);
        INDArray weights = Nd4j.create(shape);
        int keys = shape[shape.length - 1];
        for (long row = 0; row < weights.length() / keys; row++) {
            double[] scores = random.doubles(keys)
                    .map(u -> Math.exp(3 * random.nextGaussian()))
                    .toArray();
            double sum = Arrays.stream(scores).sum();
            for (int j = 0; j < keys; j++) {
                weights.putScalar(row * keys + j, scores[j] / sum);
            }
        }
        return weights;
    }

    @Test
    void theDescriptionSaysWhatEachWordLooksAt() {
        Figure figure = AttentionHeatmap.of(CONCEPT, CHAT)
                .title("Qui regarde qui ?")
                .colors(ColorMap.REDS)
                .draw();
        assertThat(figure.description())
                .isEqualTo(French.typography("Qui regarde qui ? Carte de chaleur 6 × 6, requêtes en lignes, clés en"
                        + " colonnes ; le plus fort de chaque ligne : « Le » → « chat » 0,70 ; « chat » → « chat » 0,50 ;"
                        + " « noir » → « chat » 0,60 ; « mange » → « mange » 0,40 ; « des » → « mange » 0,30 ;"
                        + " « croquettes » → « croquettes » 0,40."));
        assertThat(figure.description()).contains("«\u00a0Le\u00a0» → «\u00a0chat\u00a0» 0,70\u00a0;");
    }

    @Test
    void colorsGoFromZeroToTheLargestWeight() {
        AttentionHeatmap map = AttentionHeatmap.of(CONCEPT, CHAT).colors(ColorMap.REDS);
        Picture picture = new Picture(map.draw());
        assertThat(picture.ground(new MatrixLayout(map).cells(0), 6, 6, 0, 1)).isEqualTo(ColorMap.REDS.color(1));
        assertThat(picture.ground(new MatrixLayout(map).cells(0), 6, 6, 5, 5))
                .isEqualTo(ColorMap.REDS.color(0.4 / 0.7));
        picture.hasWhiteBorder();

        AttentionHeatmap absolute =
                AttentionHeatmap.of(CONCEPT, CHAT).colors(ColorMap.REDS).scale(1);
        assertThat(new Picture(absolute.draw()).ground(new MatrixLayout(absolute).cells(0), 6, 6, 0, 1))
                .isEqualTo(ColorMap.REDS.color(0.7));
    }

    @Test
    void aMaskedRowIsHatchedAndNamed() {
        INDArray weights = Nd4j.createFromArray(new float[][] {{1, 0, 0}, {0, 0, 0}, {0.25f, 0.5f, 0.25f}});
        AttentionHeatmap map = AttentionHeatmap.of(weights, List.of("a", "b", "c"));
        Figure figure = map.draw();
        assertThat(figure.description())
                .endsWith(French.typography("« a » → « a » 1,00 ; « c » → « b » 0,50 ; ligne masquée : « b »."));

        Picture picture = new Picture(figure);
        Rectangle hidden = Picture.cell(new MatrixLayout(map).cells(0), 3, 3, 1, 0);
        hidden.grow(-2, -2);
        assertThat(picture.colors(hidden))
                .as("des hachures grises, et rien de l'échelle")
                .hasSizeGreaterThan(1)
                .allMatch(c -> Math.abs(c.getRed() - c.getBlue()) < 20)
                .doesNotContain(ColorMap.VIRIDIS.color(0));
        assertThat(picture.ground(new MatrixLayout(map).cells(0), 3, 3, 0, 1)).isEqualTo(ColorMap.VIRIDIS.color(0));
    }

    @Test
    void unknownWordsAreHatchedAndNamedTheirWeightsStayWritten() {
        AttentionHeatmap map = AttentionHeatmap.of(CONCEPT, CHAT).unknown(Set.of(1));
        Figure figure = map.draw();
        assertThat(figure.description())
                .endsWith(French.typography("0,40. Hachurés, car jamais vus par le modèle : « chat »."));
        Picture picture = new Picture(figure);
        Rectangle cells = new MatrixLayout(map).cells(0);
        for (int i = 0; i < 6; i++) {
            Rectangle corner = Picture.cell(cells, 6, 6, i, 1);
            corner.setSize(corner.width - 4, 12); // au-dessus du nombre
            corner.translate(2, 2);
            Color ground = ColorMap.VIRIDIS.color(CONCEPT.getDouble(i, 1) / 0.7);
            assertThat(picture.colors(corner)).contains(ground).anyMatch(c -> Picture.contrast(c, ground) > 3);
            corner.translate(cells.width / 6, 0);
            assertThat(picture.colors(corner)).hasSize(1); // la colonne voisine
        }
        refused(
                () -> AttentionHeatmap.of(CONCEPT, CHAT).unknown(Set.of(6)),
                "unknown : trouvé 6, attendu une position de 0 à 5");
    }

    @Test
    void everythingMayBeMasked() {
        Figure figure = AttentionHeatmap.of(Nd4j.zeros(2, 2), List.of("a", "b")).draw();
        assertThat(figure.description()).endsWith(French.typography("; aucun poids ; lignes masquées : « a », « b »."));
    }

    @Test
    void aRepeatedWordStaysTwoRows() {
        INDArray weights = Nd4j.createFromArray(new float[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
        AttentionHeatmap map = AttentionHeatmap.of(weights, List.of("the", "cat", "the"));
        Figure figure = map.draw();
        assertThat(figure.description()).contains(French.typography("« the » (n° 3) → « the » (n° 3) 1,00"));
        Picture picture = new Picture(figure);
        Color strong = ColorMap.VIRIDIS.color(1);
        for (int i = 0; i < 9; i++) {
            Color ground = picture.ground(new MatrixLayout(map).cells(0), 3, 3, i / 3, i % 3);
            assertThat(ground.equals(strong)).isEqualTo(i / 3 == i % 3);
        }
    }

    @Test
    void uniformAttentionIsSaid() {
        Figure figure = AttentionHeatmap.of(Nd4j.ones(2, 4).div(4), List.of("a", "b"), List.of("w", "x", "y", "z"))
                .draw();
        assertThat(figure.description()).contains(French.typography("« a » → partout 0,25 ; « b » → partout 0,25"));
    }

    @Test
    void crossAttentionHasTwoLists() {
        AttentionHeatmap map = AttentionHeatmap.of(
                        random(3, 1, 10, 4),
                        List.of("the", "small", "cat", "eats", "the", "fish", "of", "the", "old", "neighbour"),
                        List.of("le", "petit", "chat", "noir"))
                .queryAxis("Anglais")
                .keyAxis("Français");
        Figure figure = map.draw();
        assertThat(figure.description()).startsWith("Carte de chaleur 10 × 4, ");
        assertThat(new MatrixLayout(map).cells(0).height).isGreaterThan(new MatrixLayout(map).cells(0).width);
    }

    @Test
    void beyondTwelveQueriesTheDescriptionStaysShort() {
        List<String> words = new ArrayList<>(Collections.nCopies(40, "mot"));
        String description =
                AttentionHeatmap.of(random(1, 40, 40), words).draw().description();
        assertThat(description).contains("les plus forts").hasSizeLessThan(400);
        assertThat(description.split("→")).hasSize(6);
    }

    @Test
    void filesStaySmall() {
        List<String> ten = List.of(
                "Malgré", "la", "pluie", "incessante", ",", "le", "spectacle", "continuait", "tranquillement", ".");
        assertThat(AttentionHeatmap.of(random(1, 10, 10), ten)
                        .title("Dix mots")
                        .draw()
                        .png())
                .hasSizeLessThan(60_000);
        List<String> longs = List.of(
                "anticonstitutionnellement",
                "électroencéphalographie",
                "institutionnalisation",
                "incompréhensiblement",
                "extraordinairement",
                "désoxyribonucléique",
                "intergouvernementales",
                "oto-rhino-laryngologiste",
                "hexakosioihexekontahexaphobie",
                "conventionnellement");
        // Cent poids tous différents : le cas le plus lourd.
        INDArray varied = Transforms.exp(Nd4j.createFromArray(
                        new Random(7).doubles(100).map(u -> 4 * u).toArray()))
                .reshape(10, 10);
        assertThat(AttentionHeatmap.of(varied.div(varied.sum(true, 1)), longs)
                        .title("Dix mots très longs")
                        .colors(ColorMap.REDS)
                        .draw()
                        .png())
                .hasSizeLessThan(60_000);
        List<String> forty = Collections.nCopies(40, "anticonstitutionnellement");
        assertThat(AttentionHeatmap.of(random(1, 40, 40), forty).draw().png()).hasSizeLessThan(250_000);
    }

    @Test
    void whatIsRefusedIsNamed() {
        List<String> ab = List.of("a", "b");
        refused(
                () -> AttentionHeatmap.of(Nd4j.createFromArray(new double[][] {{0.5, 0.5}, {0.5, 0.37}}), ab),
                "weights : la ligne 1 (« b ») a pour somme 0,870, attendu 1, ou une ligne entièrement nulle (masquée)");
        refused(
                () -> AttentionHeatmap.of(Nd4j.createFromArray(new double[][] {{0.5, 0.5}, {1.5, -0.5}}), ab),
                "weights[1, 1] : trouvé −0,5, attendu un poids positif ou nul");
        refused(
                () -> AttentionHeatmap.of(Nd4j.createFromArray(new double[][] {{0.5, 0.5}, {Double.NaN, 1}}), ab),
                "weights[1, 0] : trouvé NaN, attendu un nombre fini");
        refused(
                () -> AttentionHeatmap.of(Nd4j.eye(2), List.of("a")),
                "tokens : trouvé 1 nom, attendu 2 (autant que de lignes de weights)");
        refused(
                () -> AttentionHeatmap.of(random(1, 2, 3), ab, ab),
                "keyTokens : trouvé 2 noms, attendu 3 (autant que de colonnes de weights)");
        refused(
                () -> AttentionHeatmap.of(random(1, 3, 2), ab, ab),
                "queryTokens : trouvé 2 noms, attendu 3 (autant que de lignes de weights)");
        refused(() -> AttentionHeatmap.of(random(1, 3, 2), ab), "tokens : trouvé 2 noms, attendu 3");
        refused(
                () -> AttentionHeatmap.of(random(1, 2, 2, 2), ab),
                "weights : trouvé [2, 2, 2], attendu [n, m] ou [1, n, m]",
                "weights.slice(0)");
        refused(
                () -> AttentionHeatmap.of(random(1, 1, 1, 2, 2), ab),
                "weights : trouvé [1, 1, 2, 2]",
                "weights.slice(0).slice(0)");
        refused(() -> AttentionHeatmap.of(Nd4j.empty(), ab), "weights : trouvé un tableau vide");
        refused(() -> AttentionHeatmap.of(Nd4j.zeros(2), ab), "weights : trouvé [2]");
        refused(
                () -> AttentionHeatmap.of(Nd4j.eye(2), ab).scale(0),
                "scale : trouvé de 0.0 à 0.0, attendu deux nombres finis croissants");
        missing(() -> AttentionHeatmap.of(null, ab), "weights");
        missing(() -> AttentionHeatmap.of(Nd4j.eye(2), null), "tokens");
        missing(() -> AttentionHeatmap.of(Nd4j.eye(2), null, ab), "queryTokens");
        missing(() -> AttentionHeatmap.of(Nd4j.eye(2), ab, null), "keyTokens");
    }
}
