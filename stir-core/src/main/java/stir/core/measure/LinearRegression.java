package stir.core.measure;

import java.util.List;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.Products;

/**
 * The share of one representation's variance that a linear map of the other explains (R squared of
 * least squares, summed over features).
 *
 * <pre>||Q'A||^2 / ||A||^2,   Q an orthonormal basis of B's columns</pre>
 *
 * By default the first representation is predicted from the second; {@code predict=second} reverses
 * the direction. From 0 to 1, not symmetric. For independent representations it is about {@code d /
 * (n - 1)}, with d predicting features and n inputs: 0.65 for 64 features and 100 inputs. Unchanged
 * by invertible linear maps of the predicting representation, and by rotation and isotropic scaling
 * of the predicted one. Source: Kornblith, Norouzi, Lee and Hinton 2019, Similarity of neural
 * network representations revisited, table 1.
 *
 * <p>Accurate to 1e-10, as {@linkplain stir.core.measure the package} defines.
 */
public final class LinearRegression extends BuiltInMeasure {
    private static final String SECOND = "second";

    private final boolean predictsSecond;

    public LinearRegression() {
        this(Parameters.NONE.andChoice(
                "predict", "which representation is predicted from the other", List.of("first", SECOND)));
    }

    private LinearRegression(Parameters parameters) {
        super(
                Family.PREDICTION,
                "linear-regression",
                "R squared of the first from the second (Kornblith et al. 2019)",
                Scale.UNIT,
                parameters,
                LinearRegression::new);
        predictsSecond = parameters.choice("predict").equals(SECOND);
    }

    @Override
    public boolean isSymmetric() {
        return false;
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return CanonicalCorrelations.chanceCautions(rows, predictsSecond ? columnsOfA : columnsOfB);
    }

    @Override
    double value(Matrix a, Matrix b) {
        var centredA = varying(a, "first");
        var centredB = varying(b, SECOND);
        var predicted = predictsSecond ? centredB : centredA;
        var basis =
                CanonicalCorrelations.span(predictsSecond ? centredA : centredB).basis();
        return Math.min(1, Products.crossProduct(basis, predicted).sumOfSquares() / predicted.sumOfSquares());
    }
}
