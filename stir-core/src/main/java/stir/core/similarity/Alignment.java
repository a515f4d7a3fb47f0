package stir.core.similarity;

import stir.core.linalg.CentredRows;
import stir.core.linalg.ColumnSpace;
import stir.core.linalg.DenseMatrix;
import stir.core.linalg.Products;
import stir.core.linalg.RowSource;
import stir.core.linalg.Singular;

import java.util.Arrays;

/**
 * How well a rotation brings one representation onto another: what the Procrustes measures and the
 * Bures similarity share. With widths that differ, the narrower one is filled up with zeros.
 *
 * @param sizeOfA the Frobenius norm of the first representation
 * @param sizeOfB the Frobenius norm of the second
 * @param overlap the dot product of the two after the best rotation: the nuclear norm of A'B
 */
record Alignment(double sizeOfA, double sizeOfB, double overlap) {
    /** The best alignment of two centred representations. */
    static Alignment of(CentredRows a, CentredRows b) {
        var values = Singular.values(Products.crossProduct(narrowed(a), narrowed(b)));
        return new Alignment(
                Math.sqrt(a.sumOfSquares()),
                Math.sqrt(b.sumOfSquares()),
                Arrays.stream(values).sum());
    }

    /**
     * The rows, rotated so that there are no more columns than rows: their dot products and all
     * rotation-invariant measures stay as they are.
     */
    static RowSource narrowed(RowSource x) {
        return x.columns() <= x.rows() ? DenseMatrix.copyOf(x) : ColumnSpace.of(x).scores();
    }

    /** The cosine of the angle between the two after the best rotation; from 0 to 1. */
    double cosine() {
        return Math.min(1, overlap / sizeOfA / sizeOfB);
    }
}
