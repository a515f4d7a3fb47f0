package stir.core;

import stir.core.inversion.Inversion;

import java.util.Map;

/**
 * STIR(target | reference): how similar the target finds inputs and the invariant inputs of the
 * reference. Every map holds one value for each measure, by its id and in the order asked for.
 *
 * @param stir {@code S(t(X), t(X'))}
 * @param self {@code S(m(X), m(X'))} of the reference itself: the ceiling, which is reached where
 *     the inversion is perfect
 * @param seedOnly {@code S(t(X), t(seed))}: what the seeds score without any search; a floor
 * @param shuffled {@code S(t(X), t(X'))} with X' in another order: what unrelated pairs of the same
 *     inputs score; a floor
 * @param inversion the invariant inputs of the reference and their residuals
 */
public record DirectedScore(
        Map<String, Double> stir,
        Map<String, Double> self,
        Map<String, Double> seedOnly,
        Map<String, Double> shuffled,
        Inversion inversion) {}
