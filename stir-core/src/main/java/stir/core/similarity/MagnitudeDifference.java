package stir.core.similarity;

import stir.api.Matrix;
import stir.api.Scale;
import stir.core.linalg.CentredRows;

/**
 * How much the lengths of the two mean rows differ.
 *
 * <pre>| ||mean of A|| - ||mean of B|| |</pre>
 *
 * A distance from 0 upwards, in the unit of the features. It sees where a representation lies and
 * nothing of its shape: 0 does not mean that two are similar. Unchanged by rotation. Source:
 * Klabunde, Schumacher, Strohmaier and Lemmerich 2023, Similarity of neural network models.
 *
 * <p>Right to 1e-9, as {@linkplain stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class MagnitudeDifference extends BuiltInMeasure {
    /** The magnitude difference. */
    public MagnitudeDifference() {
        super(
                "magnitude-difference",
                "Difference of the mean rows' lengths (Klabunde et al. 2023)",
                Scale.distance(Double.POSITIVE_INFINITY));
    }

    @Override
    public int minimumRows() {
        return 1;
    }

    @Override
    double value(Matrix a, Matrix b) {
        return Math.abs(length(CentredRows.of(a).means()) - length(CentredRows.of(b).means()));
    }

    private static double length(double[] mean) {
        double squares = 0;
        for (double value : mean) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }
}
