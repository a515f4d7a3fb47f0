package stir.core.score.compute;

import stir.core.score.ConvergedScore;
import stir.core.score.InputOutcomes;
import stir.core.statistics.Estimate;

import java.util.Map;
import java.util.Optional;

/**
 * What the invariant inputs of one inversion tell of a target; each as in {@link
 * stir.core.score.DirectedScore}.
 */
public record TargetScore(
        Map<String, Estimate> stir,
        Map<String, Double> shuffled,
        Map<String, Double> baselineCorrected,
        Optional<ConvergedScore> converged,
        InputOutcomes outcomes) {}
