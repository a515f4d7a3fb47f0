package stir.core.math.statistics;

/** Corrections for many comparisons, for tests of other packages. */
public final class Corrections {
    private Corrections() {}

    /** Returns p-values corrected by Holm's method. */
    public static double[] holm(double... values) {
        return HolmCorrection.of(values);
    }
}
