package fr.cours.attention.math;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.normal;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GemmTest {
    private static void check(INDArray a, boolean transA, INDArray b, boolean transB, long... shape) {
        INDArray start = normal(99, shape);
        for (float beta : new float[] {0, 1, 0.5f}) {
            INDArray expected = start.dup();
            INDArray fast = start.dup();
            ComputePath.plain(() -> {
                multiply(a, transA, b, transB, beta, expected);
                return null;
            });
            multiply(a, transA, b, transB, beta, fast);
            assertClose(fast, expected, 1e-5);
        }
    }

    private static void multiply(INDArray a, boolean transA, INDArray b, boolean transB, float beta, INDArray out) {
        if (transA) {
            Gemm.atb(a, b, 0.5f, beta, out);
        } else if (transB) {
            Gemm.abt(a, b, 0.5f, beta, out);
        } else {
            Gemm.ab(a, b, 0.5f, beta, out);
        }
    }

    @Test
    void allRanksAndTranspositions() {
        check(normal(1, 3, 4), false, normal(2, 4, 5), false, 3, 5);
        check(normal(1, 3, 4), false, normal(2, 5, 4), true, 3, 5);
        check(normal(1, 4, 3), true, normal(2, 4, 5), false, 3, 5);
        check(normal(3, 6, 3, 4), false, normal(4, 6, 4, 5), false, 6, 3, 5);
        check(normal(3, 2, 3, 3, 4), false, normal(4, 2, 3, 5, 4), true, 2, 3, 3, 5);
        check(normal(3, 2, 3, 4, 3), true, normal(4, 2, 3, 4, 5), false, 2, 3, 3, 5);
    }

    /** Assez grand pour aller par bandes, dont la dernière est plus étroite. */
    @Test
    void fewRows() {
        INDArray a = normal(8, 20, 512).muli(0.05);
        check(a, false, normal(9, 512, 500), false, 20, 500);
        check(a, false, normal(9, 500, 512), true, 20, 500);
        check(normal(8, 512, 20).muli(0.05), true, normal(9, 512, 500), false, 20, 500);
        INDArray wide = normal(10, 512, 3, 500).permute(1, 0, 2); // des vues, à grand pas
        check(normal(8, 3, 20, 512).muli(0.05), false, wide, false, 3, 20, 500);
    }

    @Test
    void sizesOfOne() {
        check(normal(5, 1, 4), false, normal(6, 4, 1), false, 1, 1);
        check(normal(5, 2, 2, 1, 1), false, normal(6, 2, 2, 7, 1), true, 2, 2, 1, 7);
        check(normal(5, 3, 1), false, normal(6, 1, 5), false, 3, 5);
    }

    @Test
    void headsAreViews() {
        INDArray q = normal(7, 2, 5, 12).reshape(2, 5, 3, 4).permute(0, 2, 1, 3);
        INDArray k = normal(8, 2, 6, 12).reshape(2, 6, 3, 4).permute(0, 2, 1, 3);
        check(q, false, k, true, 2, 3, 5, 6);
        INDArray merged = Nd4j.create(2, 5, 12);
        INDArray weights = normal(9, 2, 3, 5, 6);
        Gemm.ab(weights, k, 1, 0, merged.reshape(2, 5, 3, 4).permute(0, 2, 1, 3));
        INDArray apart = Nd4j.create(2, 3, 5, 4);
        Gemm.ab(weights, k, 1, 0, apart);
        assertClose(merged, apart.permute(0, 2, 1, 3).dup('c').reshape(2, 5, 12), 1e-6);
    }

    @Test
    void depthOfOneIsAView() {
        INDArray q = normal(7, 2, 5, 3).reshape(2, 5, 3, 1).permute(0, 2, 1, 3);
        INDArray k = normal(8, 2, 6, 3).reshape(2, 6, 3, 1).permute(0, 2, 1, 3);
        check(q, false, k, true, 2, 3, 5, 6);
    }

    @Test
    void columnMajorIsCopied() {
        check(normal(10, 3, 4).dup('f'), false, normal(11, 4, 5).dup('f'), false, 3, 5);
    }

    @Test
    void wrongShapes() {
        assertThatThrownBy(() -> Gemm.ab(normal(1, 3, 4), normal(2, 5, 4), 1, 0, normal(3, 3, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("b : trouvé [5, 4], attendu [4, 4] pour un produit de forme [3, 4]");
        assertThatThrownBy(() -> Gemm.abt(normal(1, 2, 4), normal(2, 5, 4), 1, 0, normal(3, 3, 5)))
                .hasMessage("a : trouvé [2, 4], attendu [3, 4] pour un produit de forme [3, 5]");
    }

    @Test
    void stopsWhenInterrupted() {
        INDArray a = normal(1, 50, 4, 4);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Gemm.ab(a, a, 1, 0, a.dup()))
                .isInstanceOf(CancellationException.class)
                .hasMessage("calcul interrompu");
        Gemm.ab(a, a, 1, 0, a.dup()); // l'état d'interruption est retombé
    }
}
