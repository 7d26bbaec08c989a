package fr.cours.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Rectangle;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HeatmapTest {
    private static final double[][] STAIRS = {{0, 1, 2}, {3, 4, 5}};

    @ParameterizedTest
    @EnumSource
    void eachCellHasTheColorOfItsValueAndAReadableNumber(ColorMap colors) {
        double[][] values = new double[5][7];
        for (int i = 0; i < 35; i++) {
            values[i / 7][i % 7] = i / 34.0;
        }
        Heatmap map = Heatmap.of(values).colors(colors).range(0, 1);
        Picture picture = new Picture(map.draw());
        for (int i = 0; i < 35; i++) {
            Color ground = picture.ground(new MatrixLayout(map).cells(0), 5, 7, i / 7, i % 7);
            assertThat(ground).isEqualTo(colors.color(i / 34.0));
            Rectangle inside = Picture.cell(new MatrixLayout(map).cells(0), 5, 7, i / 7, i % 7);
            inside.grow(-3, -3);
            assertThat(picture.colors(inside))
                    .as("le chiffre de la case %d", i)
                    .anyMatch(color -> Picture.contrast(color, ground) >= 4.5);
        }
    }

    @Test
    void thePaperIsWhite() {
        new Picture(Heatmap.of(STAIRS).draw()).hasWhiteBorder();
        new Picture(Heatmap.of(STAIRS)
                        .title("Titre")
                        .rowAxis("Lignes")
                        .columnAxis("Colonnes")
                        .draw())
                .hasWhiteBorder();
    }

    @Test
    void theFirstRowIsAtTheTopAndTheFirstColumnAtTheLeft() {
        double[][] values = new double[4][6];
        values[0][5] = 1;
        values[3][1] = -1;
        Heatmap map = Heatmap.of(values).colors(ColorMap.BLUE_RED);
        Picture picture = new Picture(map.draw());
        assertThat(picture.ground(new MatrixLayout(map).cells(0), 4, 6, 0, 5)).isEqualTo(new Color(0x67001f));
        assertThat(picture.ground(new MatrixLayout(map).cells(0), 4, 6, 3, 1)).isEqualTo(new Color(0x053061));
        assertThat(picture.ground(new MatrixLayout(map).cells(0), 4, 6, 3, 0)).isEqualTo(new Color(0xf7f7f7));
    }

    @Test
    void fortyNamesAreAllWrittenEvenLongAndEqual() {
        int n = 40;
        List<String> words = Collections.nCopies(n, "anticonstitutionnellement");
        Heatmap map = Heatmap.of(new double[n][n]).rows(words).columns(words);
        Picture picture = new Picture(map.draw());
        Rectangle cells = new MatrixLayout(map).cells(0);
        int pitch = cells.width / n;
        int height = cells.height / n;
        for (int i = 0; i < n; i++) {
            assertThat(picture.hasInk(new Rectangle(cells.x - 40, cells.y + i * height + 2, 30, height - 4)))
                    .as("le nom de la ligne %d", i)
                    .isTrue();
            assertThat(picture.hasInk(new Rectangle(cells.x + i * pitch, (int) cells.getMaxY() + 8, pitch - 2, pitch)))
                    .as("le nom de la colonne %d", i)
                    .isTrue();
        }
        picture.hasWhiteBorder();
    }

    @Test
    void theSlantedNameOfTheFirstColumnIsNotCut() {
        List<String> words = List.of("anticonstitutionnellement", "b", "c");
        Heatmap map = Heatmap.of(new double[1][3]).columns(words);
        Rectangle cells = new MatrixLayout(map).cells(0);
        assertThat(cells.x).isGreaterThan(60);
        new Picture(map.draw()).hasWhiteBorder();
    }

    @Test
    void beyondFortyNamesAreSpaced() {
        Heatmap map = Heatmap.of(new double[100][1]);
        Picture picture = new Picture(map.draw());
        Rectangle cells = new MatrixLayout(map).cells(0);
        int height = cells.height / 100;
        assertThat(picture.hasInk(new Rectangle(cells.x - 22, cells.y - 6, 16, 12)))
                .isTrue();
        assertThat(picture.hasInk(new Rectangle(cells.x - 22, cells.y + 5 * height, 16, 2)))
                .isFalse();
    }

    @Test
    void smallCellsHaveNoNumbers() {
        Heatmap map = Heatmap.of(new double[30][30]);
        Picture picture = new Picture(map.draw());
        assertThat(picture.colors(Picture.cell(new MatrixLayout(map).cells(0), 30, 30, 4, 4)))
                .hasSize(1);
    }

    @Test
    void theDescriptionSaysSizeAxesAndExtremes() {
        Figure figure = Heatmap.of(new double[][] {{-0.5, 0.25}, {1, 0}})
                .rows(List.of("un", "deux"))
                .columns(List.of("a", "a"))
                .title("Produits")
                .rowAxis("Requêtes")
                .columnAxis("Clés")
                .draw();
        assertThat(figure.description())
                .isEqualTo(French.typography(
                        "Produits. Carte de chaleur 2 × 2 (lignes : Requêtes ; colonnes : Clés) ; la plus grande valeur :"
                                + " 1,00 (ligne « deux », colonne « a » (n° 1)) ; la plus petite : −0,50 (ligne « un »,"
                                + " colonne « a » (n° 1))."));
    }

    @Test
    void decimalsFollowTheValuesOrTheChoice() {
        assertThat(Heatmap.of(STAIRS).draw().description()).contains("5 (ligne");
        assertThat(Heatmap.of(new double[][] {{0.01, 0.02}}).draw().description())
                .contains("0,020");
        assertThat(Heatmap.of(STAIRS).decimals(1).draw().description()).contains("5,0 (ligne");
    }

    @Test
    void aValueOutsideTheScaleTakesTheColorOfTheEdge() {
        Heatmap map = Heatmap.of(new double[][] {{-9, 9}}).range(0, 1).colors(ColorMap.REDS);
        Picture picture = new Picture(map.draw());
        assertThat(picture.ground(new MatrixLayout(map).cells(0), 1, 2, 0, 0)).isEqualTo(ColorMap.REDS.color(0));
        assertThat(picture.ground(new MatrixLayout(map).cells(0), 1, 2, 0, 1)).isEqualTo(ColorMap.REDS.color(1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 3, -3, 1e-30, 1e30})
    void aConstantMatrixIsDrawn(double value) {
        new Picture(Heatmap.of(new double[][] {{value}}).draw()).hasWhiteBorder();
        new Picture(Heatmap.of(new double[][] {{value, value}})
                        .colors(ColorMap.BLUE_RED)
                        .draw())
                .hasWhiteBorder();
    }

    @Test
    void allShapesAreDrawn() {
        for (int[] shape : new int[][] {{1, 1}, {1, 60}, {60, 1}, {1, 512}, {512, 1}, {50, 128}, {3, 40}, {40, 3}}) {
            new Picture(Heatmap.of(new double[shape[0]][shape[1]]).title("t").draw()).hasWhiteBorder();
        }
    }

    @Test
    void aLongTitleWrapsWithoutLeavingThePicture() {
        String title = "Les accents (éàçœŒÉ), les guillemets « », l’apostrophe, √dₖ ≈ 8, α → β et x² : ".repeat(3);
        new Picture(Heatmap.of(STAIRS).title(title).draw()).hasWhiteBorder();
    }

    @Test
    void drawnTextKeepsAccentsAndLosesEmojis() {
        String title = "« Œuvre » : l’été à Noël, ≈ √dₖ · α → β, x² ≤ −1,5 ; ça va ?";
        assertThat(Canvas.drawable(title)).isEqualTo(title);
        assertThat(Canvas.drawable("🎯 Qui regarde qui ?")).isEqualTo("Qui regarde qui ?");
        assertThat(Canvas.drawable("un\ndeux")).isEqualTo("un deux");
        assertThat(Canvas.label("👩‍🔬️", 16)).isEqualTo("□");
        assertThat(Canvas.label(" ", 16)).isEqualTo("␣");
        assertThat(Canvas.label("anticonstitutionnellement", 16)).isEqualTo("anticonstitutio…");
        assertThat(Canvas.drawable("")).isEmpty();
    }

    @Test
    void sameMatrixSameBytesInEveryLocale() {
        byte[] png = example().png();
        String description = example().description();
        Locale before = Locale.getDefault();
        try {
            for (Locale locale : new Locale[] {Locale.US, Locale.forLanguageTag("ar-EG"), Locale.GERMANY}) {
                Locale.setDefault(locale);
                assertThat(example().png()).isEqualTo(png);
                assertThat(example().description()).isEqualTo(description);
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    private static Figure example() {
        return Heatmap.of(new double[][] {{0.5, -1234.5}, {3, 0}})
                .title("Exemple")
                .draw();
    }

    @Test
    void theFigureDoesNotFollowTheArray() {
        double[][] values = {{1, 2}};
        INDArray array = Nd4j.createFromArray(new float[][] {{1, 2}});
        Heatmap fromValues = Heatmap.of(values);
        Heatmap fromArray = Heatmap.of(array);
        values[0][0] = 99;
        array.putScalar(0, 0, 99);
        assertThat(fromValues.draw().description()).doesNotContain("99");
        assertThat(fromArray.draw().description()).doesNotContain("99");
    }

    @Test
    void aTransposedViewIsReadInOrder() {
        INDArray transposed =
                Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}, {5, 9}}).transpose();
        assertThat(Heatmap.of(transposed).draw().description())
                .contains(French.typography("9 (ligne « 1 », colonne « 2 »)"));
    }

    @Test
    void whatIsRefusedIsNamed() {
        refused(() -> Heatmap.of(Nd4j.zeros(3)), "matrix : trouvé [3], attendu [lignes, colonnes]", "reshape(1, -1)");
        refused(() -> Heatmap.of(Nd4j.zeros(2, 3, 4)), "matrix : trouvé [2, 3, 4], attendu [lignes, colonnes]");
        refused(() -> Heatmap.of(Nd4j.empty()), "matrix : trouvé un tableau vide");
        refused(() -> Heatmap.of(new double[0][0]), "matrix : trouvé un tableau vide");
        refused(() -> Heatmap.of(new double[2][0]), "matrix : trouvé un tableau vide");
        refused(() -> Heatmap.of(new double[][] {{1}, {1, 2}}), "matrix : trouvé des lignes de longueurs différentes");
        refused(
                () -> Heatmap.of(new double[][] {{1, Double.NaN}}),
                "matrix[0, 1] : trouvé NaN, attendu un nombre fini");
        refused(() -> Heatmap.of(new double[][] {{1}, {1 / 0.0}}), "matrix[1, 0] : trouvé +∞");
        refused(() -> Heatmap.of(new double[][] {{-1 / 0.0}}), "matrix[0, 0] : trouvé −∞");
        refused(() -> Heatmap.of(STAIRS).rows(List.of("a")), "rows : trouvé 1 nom, attendu 2 (autant que de lignes)");
        refused(() -> Heatmap.of(STAIRS).columns(List.of("a", "b")), "columns : trouvé 2 noms, attendu 3");
        refused(() -> Heatmap.of(STAIRS).range(1, 1), "range : trouvé de 1.0 à 1.0, attendu");
        refused(() -> Heatmap.of(STAIRS).range(0, Double.NaN), "range : trouvé de 0.0 à NaN");
        refused(() -> Heatmap.of(STAIRS).decimals(-1), "decimals : trouvé -1, attendu un entier de 0 à 6");
        refused(() -> Heatmap.of(STAIRS).decimals(7), "decimals : trouvé 7");
    }

    @Test
    void whatIsMissingIsNamed() {
        missing(() -> Heatmap.of((INDArray) null), "matrix");
        missing(() -> Heatmap.of((double[][]) null), "matrix");
        refused(() -> Heatmap.of(new double[][] {{1}, null}), "matrix : trouvé des lignes de longueurs différentes");
        missing(() -> Heatmap.of(STAIRS).rows(null), "rows");
        missing(() -> Heatmap.of(STAIRS).rows(Arrays.asList("a", null)), "rows[1]");
        missing(() -> Heatmap.of(STAIRS).columns(null), "columns");
        missing(() -> Heatmap.of(STAIRS).title(null), "title");
        missing(() -> Heatmap.of(STAIRS).rowAxis(null), "rowAxis");
        missing(() -> Heatmap.of(STAIRS).columnAxis(null), "columnAxis");
        missing(() -> Heatmap.of(STAIRS).colors(null), "colors");
    }

    static void refused(ThrowingCallable call, String... parts) {
        for (String part : parts) {
            assertThatThrownBy(call)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(French.typography(part));
        }
    }

    static void missing(ThrowingCallable call, String name) {
        refused(call, name + " : valeur absente (null), attendu ");
    }
}
