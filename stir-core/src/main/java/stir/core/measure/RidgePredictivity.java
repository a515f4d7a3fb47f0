package stir.core.measure;

import java.util.List;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.ColumnSpace;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;

/**
 * The quality of the predictions of one representation from the other by ridge regression, for
 * left-out inputs: R squared of leaving out one input at a time, summed over features.
 *
 * <pre>1 - sum_i |y_i - f_(-i)(x_i)|^2 / sum_i |y_i - mean_(-i)|^2</pre>
 *
 * By default the first representation is predicted from the second; {@code predict=second} reverses
 * the direction. At most 1; near 0, and mostly below, for independent representations of any width:
 * the cross-validated form of {@code linear-regression}. Leaving out one input needs no folds, so
 * the value depends neither on chance nor on the order of inputs. The ridge is {@code lambda} times
 * the variance of all predicting features together. Not symmetric. Unchanged by rotation, isotropic
 * scaling and translation of either representation. Repeated inputs, or several frames of one
 * scene, leak into the left-out inputs.
 *
 * <p>Sources: Allen 1974, The relationship between variable selection and data augmentation and a
 * method for prediction (the leave-one-out residual in closed form); Schrimpf et al. 2018,
 * Brain-Score: which artificial neural network for object recognition is most brain-like?
 * (predictivity; there with ten random folds, correlations and medians over units).
 *
 * <p>Accurate to 1e-9, as {@linkplain stir.core.measure the package} defines.
 */
public final class RidgePredictivity extends BuiltInMeasure {
    private static final String SECOND = "second";

    private final double lambda;
    private final boolean predictsSecond;

    public RidgePredictivity() {
        this(Parameters.NONE
                .andPositive("lambda", "the ridge; the variance of all features together is 1", 0.01)
                .andChoice("predict", "which representation is predicted from the other", List.of("first", SECOND)));
    }

    private RidgePredictivity(Parameters parameters) {
        super(
                Family.PREDICTION,
                "ridge-predictivity",
                "R squared of ridge regression on left-out inputs (Schrimpf et al. 2018)",
                new Scale(Double.NEGATIVE_INFINITY, 1, true),
                parameters,
                RidgePredictivity::new);
        lambda = parameters.number("lambda");
        predictsSecond = parameters.choice("predict").equals(SECOND);
    }

    @Override
    public boolean isSymmetric() {
        return false;
    }

    @Override
    public int minimumRows() {
        return 3;
    }

    @Override
    double value(Matrix a, Matrix b) {
        var centredA = varying(a, "first");
        var centredB = varying(b, SECOND);
        return predictsSecond ? score(centredA, centredB) : score(centredB, centredA);
    }

    /**
     * Returns R squared. With the smoother {@code H}, which maps observations to predictions, the
     * residual of a left-out input is {@code (y_i - (H y)_i) / (1 - h_ii)}; without features H is
     * 1/n.
     */
    private double score(MappedRows predictor, MappedRows predicted) {
        int n = predictor.rows();
        var space = ColumnSpace.of(predictor);
        double ridge = lambda * predictor.sumOfSquares();
        var shrunk = DenseMatrix.copyOf(space.basis());
        var leverages = new double[n];
        for (int i = 0; i < n; i++) {
            var row = shrunk.row(i);
            leverages[i] = 1.0 / n;
            for (int j = 0; j < row.length; j++) {
                double variance = space.singularValues()[j] * space.singularValues()[j];
                double shrinkage = variance / (variance + ridge);
                leverages[i] += shrinkage * row[j] * row[j];
                row[j] *= shrinkage;
            }
        }
        var fitted = Products.product(shrunk, Products.crossProduct(space.basis(), predicted));
        var row = new double[predicted.columns()];
        double residuals = 0;
        double spread = 0;
        for (int i = 0; i < n; i++) {
            predicted.copy(i, 0, row.length, row);
            double squares = 0;
            double squaresOfMean = 0;
            for (int j = 0; j < row.length; j++) {
                double difference = row[j] - fitted.get(i, j);
                squares += difference * difference;
                squaresOfMean += row[j] * row[j];
            }
            residuals += squares / ((1 - leverages[i]) * (1 - leverages[i]));
            spread += squaresOfMean * n / (n - 1.0) * n / (n - 1.0);
        }
        return 1 - residuals / spread;
    }
}
