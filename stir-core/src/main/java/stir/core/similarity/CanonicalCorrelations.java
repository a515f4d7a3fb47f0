package stir.core.similarity;

import stir.core.linalg.CentredRows;
import stir.core.linalg.ColumnSpace;
import stir.core.linalg.Products;
import stir.core.linalg.Singular;
import stir.core.linalg.UnitColumns;

import java.util.Arrays;
import java.util.List;

/** What CCA, SVCCA, PWCCA and linear regression share. */
final class CanonicalCorrelations {
    private CanonicalCorrelations() {}

    /**
     * The space of all linear functions of the features, without constants. Scaling the features to
     * one size does not change it and keeps its computation well-conditioned.
     */
    static ColumnSpace span(CentredRows x) {
        return ColumnSpace.of(UnitColumns.of(x));
    }

    /** The canonical correlations of two spaces, the largest first. */
    static double[] of(ColumnSpace a, ColumnSpace b) {
        return Arrays.stream(Singular.values(Products.crossProduct(a.basis(), b.basis())))
                .map(CanonicalCorrelations::correlation)
                .toArray();
    }

    /** A singular value of two orthonormal bases, without the rounding error above 1. */
    static double correlation(double singularValue) {
        return Math.min(1, singularValue);
    }

    /** That a linear map of at least as many features as inputs fits everything. */
    static List<String> widthCautions(int rows, int widest) {
        return widest >= rows
                ? List.of(
                        "With %d features and %d inputs a linear map fits perfectly whatever the inputs are: give more inputs than features."
                                .formatted(widest, rows))
                : List.of();
    }
}
