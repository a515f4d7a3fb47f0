package stir.core.similarity;

import stir.core.linalg.CentredRows;
import stir.core.linalg.DenseMatrix;
import stir.core.linalg.Products;
import stir.core.linalg.UnitColumns;

/**
 * The correlation of every feature of one representation with every feature of another. A dead
 * feature, which is the same for every input, has the correlation 0 with all: after a ReLU many are
 * dead on a few inputs, and public code counts them so.
 */
final class FeatureCorrelations {
    private FeatureCorrelations() {}

    /**
     * The correlations, with no more rows than columns: a row a feature of the narrower
     * representation.
     */
    static DenseMatrix of(CentredRows a, CentredRows b) {
        var first = UnitColumns.of(a);
        var second = UnitColumns.of(b);
        return a.columns() <= b.columns()
                ? Products.crossProduct(first, second)
                : Products.crossProduct(second, first);
    }
}
