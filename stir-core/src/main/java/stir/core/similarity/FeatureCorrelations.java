package stir.core.similarity;

import stir.api.DataException;
import stir.core.linalg.CentredRows;
import stir.core.linalg.DenseMatrix;
import stir.core.linalg.Products;
import stir.core.linalg.UnitColumns;

/** The correlation of every feature of one representation with every feature of another. */
final class FeatureCorrelations {
    private FeatureCorrelations() {}

    /**
     * The correlations, with no more rows than columns: a row a feature of the narrower
     * representation.
     *
     * @throws DataException if a feature is the same for every input
     */
    static DenseMatrix of(String measure, CentredRows a, CentredRows b) {
        var first = standardised(measure, a, "first");
        var second = standardised(measure, b, "second");
        return a.columns() <= b.columns()
                ? Products.crossProduct(first, second)
                : Products.crossProduct(second, first);
    }

    private static UnitColumns standardised(String measure, CentredRows x, String which) {
        var columns = UnitColumns.of(x);
        int empty = columns.firstEmptyColumn();
        if (empty >= 0) {
            throw new DataException(
                    "'%s' is not defined: feature %d of the %s representation is the same for every input; leave it out or choose another measure."
                            .formatted(measure, empty, which));
        }
        return columns;
    }
}
