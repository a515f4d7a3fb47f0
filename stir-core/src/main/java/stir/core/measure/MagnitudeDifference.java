package stir.core.measure;

import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Vectors;

/**
 * The difference of the lengths of the two mean rows.
 *
 * <pre>| ||mean of A|| - ||mean of B|| |</pre>
 *
 * A distance from 0 upwards, in the unit of the features. It depends on the location of a
 * representation and not on its shape: 0 does not mean that two representations are similar.
 * Unchanged by rotation. Source: Klabunde, Schumacher, Strohmaier and Lemmerich 2023, Similarity of
 * neural network models.
 *
 * <p>Accurate to 1e-9, as {@linkplain stir.core.measure the package} defines.
 */
public final class MagnitudeDifference extends BuiltInMeasure {
    public MagnitudeDifference() {
        super(
                Family.STATISTICS,
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
        return Math.abs(length(MappedRows.centred(a).means())
                - length(MappedRows.centred(b).means()));
    }

    private static double length(double[] mean) {
        return Math.sqrt(Vectors.dot(mean, mean));
    }
}
