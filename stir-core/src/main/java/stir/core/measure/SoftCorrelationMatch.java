package stir.core.measure;

import java.util.Arrays;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.DenseMatrix;

/**
 * The mean, over features, of the correlation with the most correlated feature of the other
 * representation; several features may have the same match. It is computed for each representation
 * and averaged over the two.
 *
 * <p>A dead feature, which is the same for every input, counts 0, as in the code of Klabunde et al.
 * 2024 (ReSi): with {@code d} of {@code w} features dead in one representation of that width, the
 * value of that side is at most {@code (w - d) / w}.
 *
 * <p>From -1 to 1. Unchanged by permutation of the features, and by translation and positive
 * scaling of each. Source: Li, Yosinski, Clune, Lipson and Hopcroft 2016, Convergent learning: do
 * different neural networks learn the same representations?
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class SoftCorrelationMatch extends BuiltInMeasure {
    public SoftCorrelationMatch() {
        super(
                Family.ALIGNMENT,
                "soft-correlation-match",
                "Mean of each feature's largest correlation (Li et al. 2016)",
                new Scale(-1, 1, true));
    }

    @Override
    double value(Matrix a, Matrix b) {
        var correlations = FeatureCorrelations.of(varying(a, "first"), varying(b, "second"));
        return (meanOfLargest(correlations) + meanOfLargest(correlations.transposed())) / 2;
    }

    private static double meanOfLargest(DenseMatrix correlations) {
        double sum = 0;
        for (int i = 0; i < correlations.rows(); i++) {
            sum += Arrays.stream(correlations.row(i)).max().orElseThrow();
        }
        return sum / correlations.rows();
    }
}
