package stir.core.similarity;

import stir.api.Matrix;
import stir.api.Scale;
import stir.core.linalg.CentredRows;
import stir.core.linalg.UnitColumns;

/**
 * The soft matching distance: how far single features have to be moved to turn one population of
 * features into the other, each weighing the same.
 *
 * <pre>sqrt( min over T of sum_ij T_ij |a_i - b_j|^2 )</pre>
 *
 * with features that are centred and of unit length, and the ways T to distribute {@code 1/d_A} of
 * each feature of A to the features of B, of which each receives {@code 1/d_B}. A distance from 0
 * to 2, and a metric; for equal widths T is a permutation. Unlike {@code hard-correlation-match} it
 * leaves no feature of the wider representation out. A dead feature, which is the same for every
 * input, is a feature of length 0. Unchanged by permutation and repetition of all features, and by
 * translation and positive scaling of each. Source: Khosla and Williams 2024, Soft matching
 * distance: a metric on neural representations that captures single-neuron tuning.
 *
 * <p>It takes a time that grows with the third power of the widths. Right to 1e-7, as {@linkplain
 * stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class SoftMatching extends BuiltInMeasure {
    /** The soft matching distance. */
    public SoftMatching() {
        super(
                "soft-matching",
                "Optimal transport between features (Khosla and Williams 2024)",
                Scale.distance(2));
    }

    @Override
    double value(Matrix a, Matrix b) {
        var centredA = varying(a, "first");
        var centredB = varying(b, "second");
        var correlations = FeatureCorrelations.of(centredA, centredB).transposed();
        double moved = Transport.largestGain(correlations);
        return Math.sqrt(Math.max(0, liveShare(centredA) + liveShare(centredB) - 2 * moved));
    }

    /** The mean squared length of features of unit length, of which some are dead. */
    private static double liveShare(CentredRows x) {
        return 1 - UnitColumns.of(x).emptyColumns() / (double) x.columns();
    }
}
