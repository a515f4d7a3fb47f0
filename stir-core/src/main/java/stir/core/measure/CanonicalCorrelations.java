package stir.core.measure;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import stir.api.Caution;
import stir.core.math.linalg.ColumnSpace;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;
import stir.core.math.linalg.Singular;

/** The common part of CCA, SVCCA, PWCCA and linear regression. */
final class CanonicalCorrelations {
    private CanonicalCorrelations() {}

    /**
     * Returns the space of all linear functions of the features, without constants. Scaling the
     * features to one size does not change the space and keeps its computation well-conditioned.
     */
    static ColumnSpace span(MappedRows x) {
        return ColumnSpace.of(MappedRows.unitColumns(x));
    }

    /** Returns the canonical correlations of two spaces, the largest first. */
    static double[] of(ColumnSpace a, ColumnSpace b) {
        return Arrays.stream(Singular.values(Products.crossProduct(a.basis(), b.basis())))
                .map(CanonicalCorrelations::correlation)
                .toArray();
    }

    /** Returns a singular value of two orthonormal bases without the rounding error above 1. */
    static double correlation(double singularValue) {
        return Math.min(1, singularValue);
    }

    /** Returns a caution if a linear map of at least as many features as inputs fits everything. */
    static List<Caution> widthCautions(int rows, int widest) {
        return widest >= rows - 1
                ? List.of(Caution.of("more-features-than-inputs", Map.of("features", widest, "inputs", rows)))
                : List.of();
    }

    /**
     * Returns a caution if some canonical correlations are 1 because of the sizes alone: two spaces
     * of {@code d_A} and {@code d_B} dimensions in one of {@code n - 1} have at least {@code d_A +
     * d_B - (n - 1)} directions in common.
     */
    static List<Caution> sharedSpaceCautions(int rows, int columnsOfA, int columnsOfB) {
        if (Math.max(columnsOfA, columnsOfB) >= rows) {
            return widthCautions(rows, Math.max(columnsOfA, columnsOfB));
        }
        int shared = columnsOfA + columnsOfB - (rows - 1);
        return shared > 0
                ? List.of(Caution.of(
                        "shared-directions",
                        Map.of(
                                "features_of_a", columnsOfA,
                                "features_of_b", columnsOfB,
                                "inputs", rows,
                                "correlations_of_one", shared,
                                "correlations", Math.min(columnsOfA, columnsOfB),
                                "enough_inputs", columnsOfA + columnsOfB + 1)))
                : List.of();
    }

    /**
     * Returns a caution about the share of the variance that least squares explain by chance:
     * {@code d / (n - 1)}, with d predicting features.
     */
    static List<Caution> chanceCautions(int rows, int predictors) {
        return predictors >= rows - 1
                ? widthCautions(rows, predictors)
                : List.of(Caution.of(
                        "explained-by-chance",
                        Map.of(
                                "features", predictors,
                                "inputs", rows,
                                "variance", predictors / (rows - 1.0))));
    }
}
