package stir.core.measure;

import java.util.List;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.ColumnSpace;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;
import stir.core.math.linalg.Vectors;

/**
 * GULP, squared: the difference of the predictions of ridge regressions on the two representations,
 * averaged over the targets.
 *
 * <pre>||K_A||^2 + ||K_B||^2 - 2 &lt;K_A, K_B&gt;,   K = X (X'X + n lambda I)^-1 X'</pre>
 *
 * of representations that are centred and scaled to the Frobenius norm {@code sqrt n}. A distance
 * from 0 upwards. Unchanged by rotation, isotropic scaling and translation; with {@code lambda=0}
 * by every invertible linear map, and then trivially 0 if there are at least as many features as
 * inputs. Source: Boix-Adsera, Lawrence, Stepaniants and Rigollet 2022, GULP: a prediction-based
 * metric between representations.
 *
 * <p>Accurate to 1e-9, as {@linkplain stir.core.measure the package} defines.
 */
public final class Gulp extends BuiltInMeasure {
    private final double lambda;

    public Gulp() {
        this(Parameters.NONE.andNonNegative("lambda", "the ridge; the variance of all features together is 1", 0.01));
    }

    private Gulp(Parameters parameters) {
        super(
                Family.PREDICTION,
                "gulp",
                "Squared distance of ridge predictions (Boix-Adsera et al. 2022)",
                Scale.distance(Double.POSITIVE_INFINITY),
                parameters,
                Gulp::new);
        lambda = parameters.number("lambda");
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return lambda == 0 ? CanonicalCorrelations.widthCautions(rows, Math.max(columnsOfA, columnsOfB)) : List.of();
    }

    @Override
    double value(Matrix a, Matrix b) {
        var centredA = varying(a, "first");
        var centredB = varying(b, "second");
        var spaceOfA = ColumnSpace.of(centredA);
        var spaceOfB = ColumnSpace.of(centredB);
        var weightsOfA = weights(centredA, spaceOfA);
        var weightsOfB = weights(centredB, spaceOfB);
        var cosines = Products.crossProduct(spaceOfA.basis(), spaceOfB.basis());
        double both = 0;
        for (int i = 0; i < weightsOfA.length; i++) {
            for (int j = 0; j < weightsOfB.length; j++) {
                both += weightsOfA[i] * weightsOfB[j] * cosines.get(i, j) * cosines.get(i, j);
            }
        }
        double squares = Vectors.dot(weightsOfA, weightsOfA) + Vectors.dot(weightsOfB, weightsOfB);
        return Math.max(0, squares - 2 * both);
    }

    /** Returns the shrinkage factor of each principal component under ridge regression. */
    private double[] weights(MappedRows x, ColumnSpace space) {
        double total = x.sumOfSquares();
        var weights = new double[space.dimension()];
        for (int i = 0; i < weights.length; i++) {
            double value = space.singularValues()[i];
            double variance = value * value / total;
            weights[i] = variance / (variance + lambda);
        }
        return weights;
    }
}
