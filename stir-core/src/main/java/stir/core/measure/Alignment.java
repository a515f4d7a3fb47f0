package stir.core.measure;

import java.util.Arrays;
import stir.core.math.linalg.ColumnSpace;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;
import stir.core.math.linalg.RowSource;
import stir.core.math.linalg.Singular;

/**
 * The best rotation of one representation onto another, from which the Procrustes measures and the
 * Bures similarity are computed. If the widths differ, the narrower one is padded with zeros.
 *
 * @param sizeOfA the Frobenius norm of the first representation
 * @param sizeOfB the Frobenius norm of the second
 * @param overlap the dot product of the two after the best rotation: the nuclear norm of A'B
 */
record Alignment(double sizeOfA, double sizeOfB, double overlap) {
    /** Returns the best alignment of two centred representations. */
    static Alignment of(MappedRows a, MappedRows b) {
        var values = Singular.values(Products.crossProduct(narrowed(a), narrowed(b)));
        return new Alignment(
                Math.sqrt(a.sumOfSquares()),
                Math.sqrt(b.sumOfSquares()),
                Arrays.stream(values).sum());
    }

    /**
     * Returns the rows, rotated so that there are no more columns than rows: dot products and all
     * rotation-invariant measures are unchanged.
     */
    static RowSource narrowed(RowSource x) {
        return x.columns() <= x.rows()
                ? DenseMatrix.copyOf(x)
                : ColumnSpace.of(x).scores();
    }

    /** Returns the cosine of the angle between the two after the best rotation; from 0 to 1. */
    double cosine() {
        return Math.min(1, overlap / sizeOfA / sizeOfB);
    }
}
