package stir.core.score;

import stir.core.inversion.Inversion;
import stir.core.statistics.Estimate;

import java.util.Map;
import java.util.Optional;

/**
 * STIR(target | reference): how similar the target finds inputs and the invariant inputs of the
 * reference. Every map holds one value for each measure, by its id and in the order asked for,
 * unless said otherwise.
 *
 * @param stir {@code S(t(X), t(X'))}
 * @param self {@code S(m(X), m(X'))} of the reference itself: the ceiling, which is reached where
 *     the inversion is perfect
 * @param seedOnly {@code S(t(X), t(seed))}: what the seeds score without any search; a floor
 * @param shuffled {@code S(t(X), t(X'))} with X' in another order: what unrelated pairs of the same
 *     inputs score; a floor
 * @param baselineCorrected where {@code stir} lies between the floor (the more similar one of
 *     {@code seedOnly} and {@code shuffled}), which is 0, and the ceiling, which is 1; without
 *     measures whose ceiling is not above the floor
 * @param converged the score of those inputs alone whose invariant input was found; empty if that
 *     is all or none, or too few for every measure
 * @param repeats the scores of several inversions; empty unless they were asked for
 * @param outcomes what the target makes of each invariant input
 * @param inversion the invariant inputs of the reference and their residuals
 */
public record DirectedScore(
        Map<String, Estimate> stir,
        Map<String, Double> self,
        Map<String, Double> seedOnly,
        Map<String, Double> shuffled,
        Map<String, Double> baselineCorrected,
        Optional<ConvergedScore> converged,
        Map<String, RepeatedScore> repeats,
        InputOutcomes outcomes,
        Inversion inversion) {}
