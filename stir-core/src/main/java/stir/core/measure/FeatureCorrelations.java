package stir.core.measure;

import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;

/**
 * The correlations of every feature of one representation with every feature of another. A dead
 * feature, which is the same for every input, has the correlation 0 with all: after a ReLU many
 * features are dead on a few inputs, and public code counts them in the same way.
 */
final class FeatureCorrelations {
    private FeatureCorrelations() {}

    /**
     * Returns the correlations, with no more rows than columns: one row per feature of the narrower
     * representation.
     */
    static DenseMatrix of(MappedRows a, MappedRows b) {
        var first = MappedRows.unitColumns(a);
        var second = MappedRows.unitColumns(b);
        return a.columns() <= b.columns() ? Products.crossProduct(first, second) : Products.crossProduct(second, first);
    }
}
