package stir.core.study;

import stir.core.math.statistics.Difference;
import stir.core.study.plan.PlannedPair;

/**
 * The difference of two STIRs of the same inputs and search: of one target given two references, of
 * two targets given one reference, or of the two directions of a pair.
 *
 * @param first the pair of the first STIR
 * @param second the pair of the STIR that is subtracted
 * @param search the name of the search
 * @param repeat the number of the repeat, from 1
 * @param measure the measure
 * @param difference the difference with its p-value, corrected for all differences of this measure,
 *     search and repeat
 * @since 0.1.0
 */
public record StudyDifference(
        PlannedPair first,
        PlannedPair second,
        String search,
        int repeat,
        String measure,
        Difference difference) {
    static StudyDifference of(
            StudyScore first, StudyScore second, String measure, Difference difference) {
        return new StudyDifference(
                first.pair(), second.pair(), first.search(), first.repeat(), measure, difference);
    }

    StudyDifference with(Difference other) {
        return new StudyDifference(first, second, search, repeat, measure, other);
    }
}
