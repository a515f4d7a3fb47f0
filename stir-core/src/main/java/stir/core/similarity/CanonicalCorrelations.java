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
        return widest >= rows - 1
                ? List.of(
                        "With %d features and %d inputs a linear map fits perfectly whatever the inputs are: give more inputs than features."
                                .formatted(widest, rows))
                : List.of();
    }

    /**
     * That some canonical correlations are 1 by the sizes alone: two spaces of {@code d_A} and
     * {@code d_B} dimensions in one of {@code n - 1} have at least {@code d_A + d_B - (n - 1)}
     * directions in common.
     */
    static List<String> sharedSpaceCautions(int rows, int columnsOfA, int columnsOfB) {
        if (Math.max(columnsOfA, columnsOfB) >= rows) {
            return widthCautions(rows, Math.max(columnsOfA, columnsOfB));
        }
        int shared = columnsOfA + columnsOfB - (rows - 1);
        return shared > 0
                ? List.of(
                        "With %d and %d features and %d inputs, %d of the %d canonical correlations are 1 whatever the inputs are, and the others are inflated: give at least %d inputs, better several times as many."
                                .formatted(
                                        columnsOfA,
                                        columnsOfB,
                                        rows,
                                        shared,
                                        Math.min(columnsOfA, columnsOfB),
                                        columnsOfA + columnsOfB + 1))
                : List.of();
    }

    /**
     * What least squares explain by chance, always: {@code d / (n - 1)} of the variance, with d
     * predicting features.
     */
    static List<String> chanceCautions(int rows, int predictors) {
        return predictors >= rows - 1
                ? widthCautions(rows, predictors)
                : List.of(
                        "%d features of independent representations explain %.2f of the variance for %d inputs by chance: compare with that, or see ridge-predictivity."
                                .formatted(predictors, predictors / (rows - 1.0), rows));
    }
}
