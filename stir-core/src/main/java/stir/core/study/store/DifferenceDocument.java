package stir.core.study.store;

import stir.core.math.statistics.Difference;

/** A difference of two values in a document. */
public record DifferenceDocument(double value, Ends ci, double pValue, double pValueCorrected) {
    /** Returns the document of a difference. */
    public static DifferenceDocument of(Difference difference) {
        return new DifferenceDocument(
                difference.difference(),
                Ends.of(difference.interval()),
                difference.pValue(),
                difference.correctedPValue());
    }
}
