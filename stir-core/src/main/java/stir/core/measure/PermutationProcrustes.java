package stir.core.measure;

import java.util.Arrays;
import java.util.List;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;
import stir.core.math.linalg.RowSource;

/**
 * The distance of two representations after the best permutation of the features. It measures
 * whether single units agree, whereas the Procrustes distances compare only the geometry. If the
 * widths differ, the narrower one is padded with zeros.
 *
 * <pre>min over permutations P of ||A - B P||</pre>
 *
 * A distance from 0 upwards, in the unit of the features, of representations that are neither
 * centred nor scaled. {@code distance=angular} is the angle between the two, {@code max over P of}
 * {@code <A, B P> / (||A|| ||B||)}, after centring: from 0 to pi, and a metric. Both are unchanged
 * by permutation of the features; the angle also by translation and isotropic scaling. Source:
 * Williams, Kunz, Kornblith and Linderman 2021, Generalized shape metrics on neural
 * representations; the distance as in the code of Klabunde et al. 2024 (ReSi), the angle as in
 * netrep's.
 *
 * <p>Accurate to 1e-7, as {@linkplain stir.core.measure the package} defines.
 */
public final class PermutationProcrustes extends BuiltInMeasure {
    private static final String ANGULAR = "angular";

    private final boolean angular;

    public PermutationProcrustes() {
        this(Parameters.NONE.andChoice("distance", "of the reordered representations", List.of("euclidean", ANGULAR)));
    }

    private PermutationProcrustes(Parameters parameters) {
        super(
                Family.ALIGNMENT,
                "procrustes-permutation",
                "Left by the best permutation of features (Williams et al. 2021)",
                Scale.distance(parameters.choice("distance").equals(ANGULAR) ? Math.PI : Double.POSITIVE_INFINITY),
                parameters,
                PermutationProcrustes::new);
        angular = parameters.choice("distance").equals(ANGULAR);
    }

    @Override
    double value(Matrix a, Matrix b) {
        boolean firstIsWider = a.columns() > b.columns();
        if (angular) {
            var first = varying(a, "first");
            var second = varying(b, "second");
            return firstIsWider ? angle(second, first) : angle(first, second);
        }
        var first = RowSource.of(a);
        var second = RowSource.of(b);
        return firstIsWider ? distance(second, first) : distance(first, second);
    }

    private static double angle(MappedRows narrow, MappedRows wide) {
        var products = Products.crossProduct(narrow, wide);
        var match = Transport.assignment(products);
        double sum = 0;
        for (int i = 0; i < match.length; i++) {
            sum += products.get(i, match[i]);
        }
        double cosine = sum / Math.sqrt(narrow.sumOfSquares()) / Math.sqrt(wide.sumOfSquares());
        return Math.acos(Math.max(-1, Math.min(1, cosine)));
    }

    /** Computes the distance from differences, since the norms minus the products would cancel. */
    private static double distance(RowSource narrow, RowSource wide) {
        var features = DenseMatrix.copyOf(narrow);
        var others = DenseMatrix.copyOf(wide);
        if (narrow.columns() == wide.columns()) {
            // A common offset of all features changes no difference, but costs products digits.
            double offset =
                    Arrays.stream(MappedRows.centred(narrow).means()).average().orElseThrow();
            subtract(features, offset);
            subtract(others, offset);
        }
        var match = Transport.assignment(Products.crossProduct(features, others));
        double sum = 0;
        for (int i = 0; i < features.rows(); i++) {
            var rest = others.row(i);
            for (int j = 0; j < match.length; j++) {
                rest[match[j]] -= features.get(i, j);
            }
            sum += others.dot(i, others, i);
        }
        return Math.sqrt(sum);
    }

    private static void subtract(DenseMatrix matrix, double offset) {
        for (int i = 0; i < matrix.rows(); i++) {
            var row = matrix.row(i);
            for (int j = 0; j < row.length; j++) {
                row[j] -= offset;
            }
        }
    }
}
