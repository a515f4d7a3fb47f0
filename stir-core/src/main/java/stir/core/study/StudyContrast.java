package stir.core.study;

import java.util.Optional;
import stir.api.Experimental;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.Estimate;
import stir.core.study.plan.PlannedPair;

/**
 * One score from two searches or two studies.
 *
 * @param pair the networks and layers by name
 * @param measure the measure
 * @param first the score of the first search
 * @param second the score of the second
 * @param difference the difference between the two, corrected for all scores of this measure; empty
 *     if either has no value or no interval
 * @since 0.1.0
 */
@Experimental
public record StudyContrast(
        PlannedPair pair, String measure, Estimate first, Estimate second, Optional<Difference> difference) {
    StudyContrast with(Optional<Difference> other) {
        return new StudyContrast(pair, measure, first, second, other);
    }
}
