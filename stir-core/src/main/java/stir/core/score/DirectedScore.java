package stir.core.score;

import stir.api.Caution;
import stir.core.inversion.Inversion;
import stir.core.statistics.Estimate;
import stir.core.statistics.PermutationFloor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * STIR(target | reference): how similar the target finds inputs and the invariant inputs of the
 * reference. Every map holds one value for each measure, by its id and in the order asked for; a
 * value that is not defined says why.
 *
 * @param stir {@code S(t(X), t(X'))}
 * @param self {@code S(m(X), m(X'))} of the reference itself: the ceiling, which is reached where
 *     the inversion is perfect
 * @param seedOnly {@code S(t(X), t(seed))}: what the seeds score without any search; a floor
 * @param shuffled {@code S(t(X), t(X'))} with X' in other orders: what unrelated pairs of the same
 *     inputs score on average; a floor
 * @param permutations the spread of {@code shuffled} over the orders, and how probable {@code stir}
 *     would be if nothing were shared; missing where there is no value, or where not all rows fit
 *     into memory, so that there was one order alone
 * @param baselineCorrected where {@code stir} lies between the floor (the more similar one of
 *     {@code seedOnly} and {@code shuffled}, of those that are defined), which is 0, and the
 *     ceiling, which is 1; not defined where the ceiling is not clearly above the floor, or has no
 *     interval that would tell
 * @param converged the score of those inputs alone whose invariant input was found; empty if that
 *     is all or none, or too few for every measure
 * @param repeats the scores of several inversions; empty unless they were asked for
 * @param outcomes what the target makes of each invariant input
 * @param inversion the invariant inputs of the reference and their residuals
 * @param cautions reasons why values are missing or should not be trusted
 * @since 0.1.0
 */
public record DirectedScore(
        Map<String, Estimate> stir,
        Map<String, Estimate> self,
        Map<String, Estimate> seedOnly,
        Map<String, Estimate> shuffled,
        Map<String, PermutationFloor> permutations,
        Map<String, Estimate> baselineCorrected,
        Optional<ConvergedScore> converged,
        Map<String, RepeatedScore> repeats,
        InputOutcomes outcomes,
        Inversion inversion,
        List<Caution> cautions) {
    /** Copies the values, in their order. */
    public DirectedScore {
        stir = copy(stir);
        self = copy(self);
        seedOnly = copy(seedOnly);
        shuffled = copy(shuffled);
        permutations = copy(permutations);
        baselineCorrected = copy(baselineCorrected);
        repeats = copy(repeats);
        cautions = List.copyOf(cautions);
    }

    private static <T> Map<String, T> copy(Map<String, T> values) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The same with the scores of several inversions. */
    public DirectedScore withRepeats(Map<String, RepeatedScore> other) {
        return new DirectedScore(
                stir,
                self,
                seedOnly,
                shuffled,
                permutations,
                baselineCorrected,
                converged,
                other,
                outcomes,
                inversion,
                cautions);
    }

    /** Whether any measure's value is defined. */
    public boolean isDefined() {
        return stir.values().stream().anyMatch(Estimate::isDefined);
    }
}
