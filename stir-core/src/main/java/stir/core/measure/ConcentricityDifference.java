package stir.core.measure;

import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.MappedRows;

/**
 * The difference of how closely inputs lie around one direction in the two representations: the
 * mean cosine of the rows with their mean row.
 *
 * <pre>| mean over inputs of cos(a_i, mean of A) - mean over inputs of cos(b_i, mean of B) |</pre>
 *
 * A distance from 0 to 2. It does not depend on which inputs are close to which: 0 does not mean
 * that two representations are similar. Unchanged by rotation and isotropic scaling. Source:
 * Klabunde, Schumacher, Strohmaier and Lemmerich 2023, Similarity of neural network models.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class ConcentricityDifference extends BuiltInMeasure {
    public ConcentricityDifference() {
        super(
                Family.STATISTICS,
                "concentricity-difference",
                "Difference of cosines with the mean row (Klabunde et al. 2023)",
                Scale.distance(2));
    }

    @Override
    public int minimumRows() {
        return 1;
    }

    @Override
    double value(Matrix a, Matrix b) {
        return Math.abs(concentricity(a, "first") - concentricity(b, "second"));
    }

    private double concentricity(Matrix x, String which) {
        var mean = DenseMatrix.of(1, x.columns(), MappedRows.centred(x).means());
        double lengthOfMean = mean.norm(0);
        if (lengthOfMean == 0) {
            throw new DataException(
                    "'%s' is not defined, because the mean of the %s representation is zero: choose another measure."
                            .formatted(id(), which));
        }
        var row = DenseMatrix.zeros(1, x.columns());
        double sum = 0;
        for (int i = 0; i < x.rows(); i++) {
            x.row(i, row.row(0));
            double length = row.norm(0);
            if (length == 0) {
                throw Dissimilarity.emptyRow(id(), i, which, "is zero");
            }
            sum += row.dot(0, mean, 0) / length / lengthOfMean;
        }
        return sum / x.rows();
    }
}
