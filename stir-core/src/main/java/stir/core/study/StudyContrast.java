package stir.core.study;

import stir.api.Experimental;
import stir.core.statistics.Difference;
import stir.core.statistics.Estimate;
import stir.core.study.plan.PlannedPair;

import java.util.Objects;
import java.util.Optional;

/**
 * One score found twice: by two searches, or in two studies.
 *
 * @param pair whose score it is, by the names of networks and layers
 * @param measure which measure
 * @param first what was found
 * @param second what was found the other time
 * @param difference of both, corrected for all scores of this measure; empty where either has no
 *     value or no interval
 * @since 0.1.0
 */
@Experimental
public record StudyContrast(
        PlannedPair pair,
        String measure,
        Estimate first,
        Estimate second,
        Optional<Difference> difference) {
    /** Checks that nothing is missing. */
    public StudyContrast {
        Objects.requireNonNull(pair, "pair");
        Objects.requireNonNull(measure, "measure");
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(second, "second");
        Objects.requireNonNull(difference, "difference");
    }
}
