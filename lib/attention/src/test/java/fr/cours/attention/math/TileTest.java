package fr.cours.attention.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Un tableau coupé en morceaux : chaque nombre une fois, et les mêmes bits que d'un seul tenant. */
class TileTest {
    @ParameterizedTest
    @CsvSource({"1,1,5", "1,3000,64", "1,64,3000", "7,300,41", "128,50,50", "3,513,2050", "2,2048,512"})
    void theTilesOfAProductCoverItOnce(int lots, int n, int m) {
        INDArray out = Nd4j.zeros(lots, n, m);
        List<Tile> tiles = Collections.synchronizedList(new ArrayList<>());
        Tile.share(Matrices.of(out), 64, tiles::add);
        assertCoveredOnce(tiles, out);
    }

    @ParameterizedTest
    @CsvSource({
        "1,5,5,true",
        "7,300,41,true",
        "128,50,50,false",
        "3,513,2050,true",
        "3,513,2050,false",
        "1,900,900,true"
    })
    void theTilesOfScoresCoverThemOnce(int lots, int n, int m, boolean byRows) {
        INDArray scores = Nd4j.zeros(1, lots, n, m);
        List<Tile> tiles = Collections.synchronizedList(new ArrayList<>());
        Tile.shareScores(Matrices.of(scores), 64, byRows, tiles::add);
        assertCoveredOnce(tiles, scores);
        if (!byRows) {
            assertThat(tiles).allSatisfy(tile -> assertThat(tile.rows()).isEqualTo(Range.first(n)));
        }
    }

    private static void assertCoveredOnce(List<Tile> tiles, INDArray array) {
        int rank = array.rank();
        int n = (int) array.size(rank - 2);
        int m = (int) array.size(rank - 1);
        byte[] seen = new byte[(int) array.length()];
        for (Tile tile : tiles) {
            for (int lot = tile.lots().first(); lot < tile.lots().end(); lot++) {
                for (int row = tile.rows().first(); row < tile.rows().end(); row++) {
                    int start = (lot * n + row) * m + tile.columns().first();
                    for (int at = start; at < start + tile.columns().count(); at++) {
                        seen[at]++;
                    }
                }
            }
        }
        assertThat(seen).containsOnly(1);
    }

    @ParameterizedTest
    @CsvSource({"1,1600,128,512", "1,128,512,1600", "1,20,512,512", "3,700,96,41", "6,50,50,32"})
    void aSharedProductIsTheWholeOne(int lots, int n, int m, int k) {
        Random random = new Random(4);
        INDArray a = RandomTensors.normal(random, lots, n, k);
        INDArray b = RandomTensors.normal(random, lots, k, m);
        INDArray at = a.permute(0, 2, 1).dup('c');
        INDArray bt = b.permute(0, 2, 1).dup('c');
        INDArray whole = Nd4j.create(lots, n, m);
        Gemm.multiply(1, Matrices.of(a), Matrices.of(b), 0, Matrices.of(whole));
        INDArray shared = Nd4j.create(lots, n, m);
        Gemm.ab(a, b, 1, 0, shared);
        assertClose(shared, whole);
        Gemm.abt(a, bt, 1, 0, shared);
        assertClose(shared, whole);
        Gemm.atb(at, b, 1, 0, shared);
        assertClose(shared, whole);
    }

    private static void assertClose(INDArray found, INDArray expected) {
        double largest = expected.amaxNumber().doubleValue();
        assertThat(found.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-6 * largest);
    }
}
