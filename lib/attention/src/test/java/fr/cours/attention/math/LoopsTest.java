package fr.cours.attention.math;

import static fr.cours.attention.Tensors.assertClose;
import static fr.cours.attention.Tensors.normal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Les boucles vectorielles contre les boucles simples. */
class LoopsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 50})
    void relu(int n) {
        INDArray fast = normal(n, n);
        INDArray plain = fast.dup();
        INDArray gradient = normal(n + 1, n);
        INDArray plainGradient = gradient.dup();
        Loops.relu(fast, fast);
        Loops.reluBackward(fast, gradient, gradient);
        ComputePath.plain(() -> {
            Loops.relu(plain, plain);
            Loops.reluBackward(plain, plainGradient, plainGradient);
            return null;
        });
        assertClose(fast, plain, 0);
        assertClose(gradient, plainGradient, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 50})
    void multiply(int n) {
        INDArray x = normal(n, n);
        INDArray factors = normal(n + 1, n);
        INDArray fast = Loops.multiply(x, factors.toFloatVector());
        INDArray plain = ComputePath.plain(() -> Loops.multiply(x, factors.toFloatVector()));
        assertClose(fast, plain, 0);
        assertClose(fast, x.mul(factors), 0);
    }

    @Test
    void copiesScaleAndAddLikeNd4j() {
        INDArray x = normal(1, 7, 5);
        INDArray y = normal(2, 7, 5);
        INDArray scaled = Rows.scaled(x, 3);
        assertClose(scaled, x.mul(3), 0);
        INDArray sum = Rows.scaled(x, 1);
        Rows.add(y, sum);
        assertClose(sum, x.add(y), 0);
        assertClose(x, normal(1, 7, 5), 0); // l'original n'a pas bougé
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 37, 100_003})
    void adam(int n) {
        Loops.AdamStep step = new Loops.AdamStep(0.5f, 0.9f, 0.999f, 1e-2f, 1e-7f, 1e-3f);
        INDArray[] fast = {
            normal(n, n), normal(n + 1, n), normal(n + 2, n), normal(n + 3, n).muli(2)
        };
        fast[3].muli(fast[3]);
        INDArray[] plain = {fast[0].dup(), fast[1].dup(), fast[2].dup(), fast[3].dup()};
        Loops.adam(fast[0], fast[1], fast[2], fast[3], null, step);
        ComputePath.plain(() -> {
            Loops.adam(plain[0], plain[1], plain[2], plain[3], null, step);
            return null;
        });
        for (int i = 0; i < 4; i++) {
            assertClose(fast[i], plain[i], 1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 37})
    void addSum(int d) {
        INDArray rows = normal(d, 50, d);
        INDArray fast = normal(d + 1, d);
        INDArray plain = fast.dup();
        Rows.addSum(rows, fast);
        ComputePath.plain(() -> {
            Rows.addSum(rows, plain);
            return null;
        });
        assertClose(fast, plain, 1e-5);
    }

    @Test
    void clearsTheNamedRowsAndNoOther() {
        INDArray table = normal(3, 6, 5);
        INDArray expected = table.dup();
        expected.getRow(2).assign(0);
        expected.getRow(5).assign(0);
        Rows.clear(table, new int[] {2, 5});
        assertClose(table, expected, 0);
        Rows.clear(table, null);
        assertClose(table, expected.mul(0), 0);
    }
}
