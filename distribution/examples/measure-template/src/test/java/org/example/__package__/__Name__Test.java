package org.example.__package__;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;
import stir.api.contract.SimilarityMeasureContract;

class __Name__Test extends SimilarityMeasureContract {
    @Override
    protected SimilarityMeasure measure() {
        return new __Name__();
    }

    @Test
    void isTheMeanOfTheRowsCosines() {
        var a = Matrix.of(2, 2, new double[] {1, 0, 0, 2});
        var b = Matrix.of(2, 2, new double[] {3, 0, 1, 1});
        assertEquals((1 + Math.sqrt(0.5)) / 2, measure().compare(a, b), 1e-12);
    }

    @Test
    void refusesARowOfZeros() {
        var zero = Matrix.of(1, 2, new double[] {0, 0});
        assertThrows(DataException.class, () -> measure().compare(zero, zero));
    }
}
