package stir.core.study.results;

import stir.core.math.statistics.Difference;
import stir.core.score.DirectedScore;
import stir.core.study.plan.PlannedPair;

/**
 * The difference of two STIRs of the same inputs and search: of one target given two references, of
 * two targets given one reference, or of the two directions of a pair, in which the target of the
 * first STIR is the earlier network.
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
        PlannedPair first, PlannedPair second, String search, int repeat, String measure, Difference difference) {
    static StudyDifference of(DirectedScore first, DirectedScore second, String measure, Difference difference) {
        return new StudyDifference(
                PlannedPair.of(first),
                PlannedPair.of(second),
                first.search().name(),
                first.search().repeat(),
                measure,
                difference);
    }

    StudyDifference with(Difference other) {
        return new StudyDifference(first, second, search, repeat, measure, other);
    }
}
