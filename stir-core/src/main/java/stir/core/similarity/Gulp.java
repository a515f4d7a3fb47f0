package stir.core.similarity;

import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.core.linalg.CentredRows;
import stir.core.linalg.ColumnSpace;
import stir.core.linalg.Products;

import java.util.List;

/**
 * GULP, squared: how far apart the predictions of ridge regressions on the two representations can
 * be, on average over the targets.
 *
 * <pre>||K_A||^2 + ||K_B||^2 - 2 &lt;K_A, K_B&gt;,   K = X (X'X + n lambda I)^-1 X'</pre>
 *
 * of representations that are centred and scaled to the Frobenius norm {@code sqrt n}. A distance
 * from 0 upwards. Unchanged by rotation, isotropic scaling and translation; with {@code lambda=0}
 * by every invertible linear map, and then trivially 0 when there are at least as many features as
 * inputs. Source: Boix-Adsera, Lawrence, Stepaniants and Rigollet 2022, GULP: a prediction-based
 * metric between representations.
 *
 * <p>Right to 1e-9, as {@linkplain stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class Gulp extends BuiltInMeasure {
    private final double lambda;

    /** Squared GULP with the ridge 0.01. */
    public Gulp() {
        this(
                Parameters.NONE.andNumber(
                        "lambda",
                        "the ridge; the variance of all features together is 1",
                        0.01,
                        ridge -> ridge >= 0 && ridge < Double.POSITIVE_INFINITY,
                        "a number of at least 0"));
    }

    private Gulp(Parameters parameters) {
        super(
                "gulp",
                "Squared distance of ridge regressions' predictions (Boix-Adsera et al. 2022)",
                Scale.distance(Double.POSITIVE_INFINITY),
                parameters);
        lambda = parameters.number("lambda");
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new Gulp(changed);
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return lambda == 0
                ? CanonicalCorrelations.widthCautions(rows, Math.max(columnsOfA, columnsOfB))
                : List.of();
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
        return Math.max(0, squares(weightsOfA) + squares(weightsOfB) - 2 * both);
    }

    /** How much of each principal component a ridge regression lets through. */
    private double[] weights(CentredRows x, ColumnSpace space) {
        double total = x.sumOfSquares();
        var weights = new double[space.dimension()];
        for (int i = 0; i < weights.length; i++) {
            double value = space.singularValues()[i];
            double variance = value * value / total;
            weights[i] = variance / (variance + lambda);
        }
        return weights;
    }

    private static double squares(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }
}
