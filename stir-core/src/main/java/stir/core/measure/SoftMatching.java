package stir.core.measure;

import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.MappedRows;

/**
 * The soft matching distance: the cost of optimal transport between the features of two
 * representations, all of which have equal weight.
 *
 * <pre>sqrt( min over T of sum_ij T_ij |a_i - b_j|^2 )</pre>
 *
 * with features that are centred and of unit length, and the transport plans T that distribute
 * {@code 1/d_A} of each feature of A to the features of B, each of which receives {@code 1/d_B}. A
 * distance from 0 to 2, and a metric; for equal widths T is a permutation. Unlike {@code
 * hard-correlation-match} it includes all features of the wider representation. A dead feature,
 * which is the same for every input, is a feature of length 0. Unchanged by permutation and
 * repetition of all features, and by translation and positive scaling of each. Source: Khosla and
 * Williams 2024, Soft matching distance: a metric on neural representations that captures
 * single-neuron tuning.
 *
 * <p>Time grows with the third power of the widths. Accurate to 1e-7, as {@linkplain
 * stir.core.measure the package} defines.
 */
public final class SoftMatching extends BuiltInMeasure {
    public SoftMatching() {
        super(
                Family.ALIGNMENT,
                "soft-matching",
                "Optimal transport between features (Khosla and Williams 2024)",
                Scale.distance(2));
    }

    @Override
    double value(Matrix a, Matrix b) {
        var centredA = varying(a, "first");
        var centredB = varying(b, "second");
        var correlations = FeatureCorrelations.of(centredA, centredB).transposed();
        double gain = Transport.largestGain(correlations);
        return Math.sqrt(Math.max(0, liveShare(centredA) + liveShare(centredB) - 2 * gain));
    }

    /** Returns the mean squared length of the scaled features: 1 or, for dead features, 0. */
    private static double liveShare(MappedRows x) {
        return 1 - MappedRows.unitColumns(x).empty().count() / (double) x.columns();
    }
}
