package stir.core.score;

import stir.api.Caution;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.PermutationFloor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * STIR(target | reference): the target's similarity of the inputs and the reference's invariant
 * inputs. Every map holds one value per measure, by its id and in the requested order; an undefined
 * value carries the reason.
 *
 * @param stir {@code S(t(X), t(X'))}
 * @param self {@code S(m(X), m(X'))} of the reference itself: the ceiling, which a perfect
 *     inversion reaches
 * @param seedOnly {@code S(t(X), t(seed))}: the score of the seeds without any search; a floor
 * @param shuffled {@code S(t(X), t(X'))} with X' in other orders: the mean score of unrelated pairs
 *     of the same inputs; a floor
 * @param inputsOnly {@code S(X, X')} of the inputs themselves, without any network, by the measure
 *     that decides: a floor, since X' near X needs no shared invariance to be similar; empty where
 *     an older version stored the score
 * @param permutations the spread of {@code shuffled} over the orders, and how probable {@code stir}
 *     would be if each X' belonged to another input; missing where there is no value, or where not
 *     all rows fit into memory, so that there was only one order
 * @param baselineCorrected {@code stir} rescaled so that the floor (the more similar one of {@code
 *     seedOnly} and {@code shuffled}, of those that are defined) is 0 and the ceiling is 1;
 *     undefined where the ceiling is not clearly above the floor, or has no interval to decide this
 * @param converged the score over only those inputs whose invariant input was found; empty if all
 *     or none were found, or too few for every measure
 * @param repeats the scores of several inversions; empty unless requested
 * @param outcomes the target's response to each invariant input
 * @param inversion the invariant inputs of the reference and their residuals
 * @param acceptance the judgement of the invariant inputs against different inputs; empty where it
 *     is not stored, for attacks on CKA, and for searches at several layers
 * @param cautions reasons why values are missing or should not be trusted
 * @since 0.1.0
 */
public record DirectedScore(
        Map<String, Estimate> stir,
        Map<String, Estimate> self,
        Map<String, Estimate> seedOnly,
        Map<String, Estimate> shuffled,
        Map<String, Estimate> inputsOnly,
        Map<String, PermutationFloor> permutations,
        Map<String, Estimate> baselineCorrected,
        Optional<ConvergedScore> converged,
        Map<String, RepeatedScore> repeats,
        InputOutcomes outcomes,
        Inversion inversion,
        Optional<Acceptance> acceptance,
        List<Caution> cautions) {
    /** Copies the values, in their order. */
    public DirectedScore {
        stir = copy(stir);
        self = copy(self);
        seedOnly = copy(seedOnly);
        shuffled = copy(shuffled);
        inputsOnly = copy(inputsOnly);
        permutations = copy(permutations);
        baselineCorrected = copy(baselineCorrected);
        repeats = copy(repeats);
        cautions = List.copyOf(cautions);
    }

    private static <T> Map<String, T> copy(Map<String, T> values) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Returns a copy with the scores of several inversions. */
    public DirectedScore withRepeats(Map<String, RepeatedScore> other) {
        return new DirectedScore(
                stir,
                self,
                seedOnly,
                shuffled,
                inputsOnly,
                permutations,
                baselineCorrected,
                converged,
                other,
                outcomes,
                inversion,
                acceptance,
                cautions);
    }

    /**
     * Returns the share of inputs, from 0 to 1, whose invariant input is accepted; where that is
     * unknown, the share of those that were found: with a residual of at most {@link
     * ConvergedScore#within}, which is the tolerance, or 0.1 for a search without one.
     *
     * @param search the settings of the search
     */
    public double accepted(InversionSettings search) {
        return acceptance
                .map(Acceptance::share)
                .orElseGet(() -> inversion.converged(ConvergedScore.within(search)));
    }

    /** Returns whether any measure's value is defined. */
    public boolean isDefined() {
        return stir.values().stream().anyMatch(Estimate::isDefined);
    }
}
