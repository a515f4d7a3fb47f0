package stir.core.math.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductsTest {
    private static DenseMatrix noise(int rows, int columns, long seed) {
        var random = new Random(seed);
        return DenseMatrix.of(
                rows, columns, random.doubles((long) rows * columns, -1, 1).toArray());
    }

    private static void assertIsProduct(DenseMatrix a, DenseMatrix b, DenseMatrix product) {
        assertEquals(a.rows(), product.rows());
        assertEquals(b.columns(), product.columns());
        for (int i = 0; i < a.rows(); i++) {
            for (int j = 0; j < b.columns(); j++) {
                double sum = 0;
                for (int k = 0; k < a.columns(); k++) {
                    sum += a.get(i, k) * b.get(k, j);
                }
                assertEquals(sum, product.get(i, j), 1e-11);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 5, 2", "7, 4, 9", "256, 256, 256", "257, 259, 10", "20, 600, 261"})
    void productsAreSumsOfProducts(int rows, int terms, int columns) {
        var a = noise(rows, terms, 1);
        var b = noise(terms, columns, 2);
        assertIsProduct(a, b, Products.product(a, b));
        assertIsProduct(a, b, Products.crossProduct(a.transposed(), b));
        assertIsProduct(a.transposed(), a, Products.crossProduct(a));
        assertIsProduct(a, a.transposed(), Products.gram(a));
    }

    @ParameterizedTest
    @CsvSource({"5, 3, 4", "300, 270, 10"})
    void sumsOfSquaresAgreeWithTheMatrix(int rows, int columnsOfA, int columnsOfB) {
        var a = noise(rows, columnsOfA, 3);
        var b = noise(rows, columnsOfB, 4);
        double expected = Products.crossProduct(a, b).sumOfSquares();
        assertEquals(expected, Products.crossProductSquares(a, b), 1e-9 * expected);
        double ofA = Products.crossProduct(a).sumOfSquares();
        assertEquals(ofA, Products.crossProductSquares(a, a), 1e-9 * ofA);
        var dots = Products.gramDots(a, b);
        assertEquals(expected, dots[0], 1e-9 * expected);
        assertEquals(ofA, dots[1], 1e-9 * ofA);
        assertEquals(Products.crossProduct(b).sumOfSquares(), dots[2], 1e-9 * dots[2]);
    }

    @Test
    void differentSizesAreRefused() {
        var a = DenseMatrix.zeros(2, 3);
        assertThrows(IllegalArgumentException.class, () -> Products.product(a, a));
        var b = DenseMatrix.zeros(3, 3);
        assertThrows(IllegalArgumentException.class, () -> Products.crossProduct(a, b));
    }
}
