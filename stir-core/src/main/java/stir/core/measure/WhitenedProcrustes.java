package stir.core.measure;

import java.util.Arrays;
import java.util.List;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.ColumnSpace;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;
import stir.core.math.linalg.Singular;

/**
 * The angle between two representations after partial whitening and the best rotation: between the
 * Procrustes distance and CCA.
 *
 * <pre>arccos( ||A_w' B_w||_* / (||A_w|| ||B_w||) ),   X_w = X (alpha I + (1 - alpha) (X'X)^-1/2)
 * </pre>
 *
 * of representations that are centred and of unit Frobenius norm, so that {@code alpha} does not
 * depend on their unit. A distance from 0 to pi/2, and a metric. {@code alpha=1} is {@code
 * procrustes-angular}; {@code alpha=0} compares only the column spaces: for the same number of
 * dimensions the arccosine of the mean canonical correlation. Unchanged by rotation, isotropic
 * scaling and translation; with {@code alpha=0} by every invertible linear map. Source: Williams,
 * Kunz, Kornblith and Linderman 2021, Generalized shape metrics on neural representations.
 *
 * <p>Accurate to 1e-7, as {@linkplain stir.core.measure the package} defines.
 */
public final class WhitenedProcrustes extends BuiltInMeasure {
    private final double alpha;

    public WhitenedProcrustes() {
        this(Parameters.NONE.andNumber(
                "alpha",
                "1 for no whitening, 0 for all of it",
                0.5,
                alpha -> alpha >= 0 && alpha <= 1,
                "a number from 0 to 1"));
    }

    private WhitenedProcrustes(Parameters parameters) {
        super(
                Family.ALIGNMENT,
                "procrustes-whitened",
                "Angle after partial whitening, rotation (Williams et al. 2021)",
                Scale.distance(Math.PI / 2),
                parameters,
                WhitenedProcrustes::new);
        alpha = parameters.number("alpha");
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return alpha < 1 ? CanonicalCorrelations.sharedSpaceCautions(rows, columnsOfA, columnsOfB) : List.of();
    }

    @Override
    double value(Matrix a, Matrix b) {
        var first = whitened(varying(a, "first"));
        var second = whitened(varying(b, "second"));
        double overlap = Arrays.stream(Singular.values(Products.crossProduct(first, second)))
                .sum();
        double norms = Math.sqrt(first.sumOfSquares()) * Math.sqrt(second.sumOfSquares());
        return Math.acos(Math.min(1, overlap / norms));
    }

    /**
     * Returns the whitened rows in terms of their principal components, a rotation that does not
     * change the result.
     */
    private DenseMatrix whitened(MappedRows x) {
        var space = ColumnSpace.of(x);
        double norm = Math.sqrt(x.sumOfSquares());
        var whitened = DenseMatrix.copyOf(space.basis());
        for (int i = 0; i < whitened.rows(); i++) {
            var row = whitened.row(i);
            for (int j = 0; j < row.length; j++) {
                row[j] *= alpha * space.singularValues()[j] / norm + 1 - alpha;
            }
        }
        return whitened;
    }
}
