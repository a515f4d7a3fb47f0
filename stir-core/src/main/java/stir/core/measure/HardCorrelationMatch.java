package stir.core.measure;

import stir.api.Matrix;
import stir.api.Scale;

/**
 * The mean correlation of features that are matched one to one so that the sum of their
 * correlations is as large as possible.
 *
 * <p>A dead feature, which is the same for every input, counts 0, as in the code of Klabunde et al.
 * 2024 (ReSi): with {@code d} of {@code w} features dead in one representation of that width, the
 * value is at most {@code (w - d) / w}.
 *
 * <p>From -1 to 1. Unchanged by permutation of the features, and by translation and positive
 * scaling of each. Source: Li, Yosinski, Clune, Lipson and Hopcroft 2016, Convergent learning: do
 * different neural networks learn the same representations?
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class HardCorrelationMatch extends BuiltInMeasure {
    public HardCorrelationMatch() {
        super(
                Family.ALIGNMENT,
                "hard-correlation-match",
                "Mean correlation of features matched one to one (Li et al. 2016)",
                new Scale(-1, 1, true));
    }

    @Override
    double value(Matrix a, Matrix b) {
        var correlations = FeatureCorrelations.of(varying(a, "first"), varying(b, "second"));
        var match = Transport.assignment(correlations);
        double sum = 0;
        for (int i = 0; i < match.length; i++) {
            sum += correlations.get(i, match[i]);
        }
        return sum / match.length;
    }
}
