package stir.core.math.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CholeskyTest {
    private static final int MOST = 12;

    // A worked example: A = L L' with L = (2 0 0; 6 1 0; -8 5 3), and A (1, 2, 3)' = b.
    @Test
    void solvesAWorkedExample() {
        var system = new Cholesky(3);
        assertTrue(system.factor(new double[] {4, 12, -16, 12, 37, -43, -16, -43, 98}, 3));
        var values = new double[] {-20, -43, 192, 7};
        system.solve(values);
        assertArrayEquals(new double[] {1, 2, 3, 7}, values, 1e-12);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 10, 12})
    void solutionsSatisfyTheEquations(int order) {
        var random = new Random(order);
        var root = random.doubles((long) order * order, -1, 1).toArray();
        var matrix = products(root, order);
        var system = new Cholesky(MOST);
        assertTrue(system.factor(matrix, order));
        for (int attempt = 0; attempt < 3; attempt++) {
            var wanted = random.doubles(order).toArray();
            var solution = wanted.clone();
            system.solve(solution);
            for (int i = 0; i < order; i++) {
                double sum = 0;
                for (int j = 0; j < order; j++) {
                    sum += matrix[Math.max(i, j) * MOST + Math.min(i, j)] * solution[j];
                }
                assertEquals(wanted[i], sum, 1e-9);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7, 12})
    void rowsThatStayTheSameAreKeptWithTheSameBits(int order) {
        var random = new Random(order);
        var root = random.doubles((long) order * order, -1, 1).toArray();
        var kept = new Cholesky(MOST);
        assertTrue(kept.factor(products(root, order), order));
        for (int changed = 0; changed < order; changed++) {
            for (int i = 0; i < order; i++) {
                root[changed * order + i] = random.nextDouble();
            }
            var matrix = products(root, order);
            assertTrue(kept.factor(matrix, order, changed));
            var fresh = new Cholesky(MOST);
            assertTrue(fresh.factor(matrix, order));
            var wanted = random.doubles(order).toArray();
            var solution = wanted.clone();
            fresh.solve(wanted);
            kept.solve(solution);
            assertArrayEquals(wanted, solution);
        }
    }

    @Test
    void refusesMatricesThatAreNotPositiveDefinite() {
        var system = new Cholesky(2);
        assertFalse(system.factor(new double[] {1, 0, 2, 1}, 2));
        assertFalse(system.factor(new double[] {0, 0, 0, 1}, 2));
        assertFalse(system.factor(new double[] {Double.NaN, 0, 0, 1}, 2));
        assertFalse(system.factor(new double[] {Double.POSITIVE_INFINITY, 0, 0, 1}, 2));
        assertTrue(system.factor(new double[] {1, 0, 0.5, 1}, 2));
    }

    /**
     * Returns the products of the rows of a matrix with each other, in the lower triangle alone.
     */
    private static double[] products(double[] root, int order) {
        var matrix = new double[MOST * MOST];
        for (int i = 0; i < order; i++) {
            for (int j = 0; j < order; j++) {
                double sum = i == j ? 0.01 : 0;
                for (int k = 0; k < order; k++) {
                    sum += root[i * order + k] * root[j * order + k];
                }
                matrix[i * MOST + j] = j <= i ? sum : Double.NaN; // the upper triangle must not be read
                matrix[j * MOST + i] = j < i ? Double.NaN : matrix[j * MOST + i];
            }
        }
        return matrix;
    }
}
