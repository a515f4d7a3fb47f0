package stir.core.score.compute;

import stir.core.math.statistics.Estimate;
import stir.core.score.ConvergedScore;
import stir.core.score.InputOutcomes;

import java.util.Map;
import java.util.Optional;

/**
 * A target's score of the invariant inputs of one inversion: the part of a {@link
 * stir.core.score.DirectedScore} that needs neither the reference nor the seeds.
 *
 * @param stir the scores
 * @param shuffled a floor
 * @param converged the score of the inputs that were found
 * @param outcomes input by input
 */
public record TargetScore(
        Map<String, Estimate> stir,
        ShuffledFloors shuffled,
        Optional<ConvergedScore> converged,
        InputOutcomes outcomes) {}
