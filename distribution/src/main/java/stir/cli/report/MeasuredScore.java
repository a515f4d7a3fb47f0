package stir.cli.report;

import stir.api.Scale;
import stir.core.math.statistics.Estimate;
import stir.core.score.DirectedScore;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * A score by one of its measures.
 *
 * @param score the values of all measures
 * @param measure the id of the measure
 */
record MeasuredScore(DirectedScore score, String measure) {
    private Optional<Estimate> of(Map<String, Estimate> values) {
        return Optional.ofNullable(values.get(measure));
    }

    private static OptionalDouble number(Optional<Estimate> estimate) {
        return estimate.map(Estimate::value).orElseGet(OptionalDouble::empty);
    }

    Optional<Estimate> stir() {
        return of(score.stir());
    }

    OptionalDouble ceiling() {
        return number(of(score.self()));
    }

    /**
     * Returns the more similar one of both floors.
     *
     * @param scale the scale of the measure
     */
    OptionalDouble floor(Scale scale) {
        return Stream.of(of(score.seedOnly()), of(score.shuffled()))
                .flatMapToDouble(floor -> number(floor).stream())
                .reduce(scale::moreSimilar);
    }

    /** Returns the similarity of the inputs and the invariant inputs themselves. */
    OptionalDouble inputsOnly() {
        return number(of(score.inputsOnly()));
    }

    /** Returns the probability of a value as similar if each X' belonged to another input. */
    OptionalDouble p() {
        var floor = score.permutations().get(measure);
        return floor == null ? OptionalDouble.empty() : OptionalDouble.of(floor.pValue());
    }

    /** Returns the value with two decimals and its interval. */
    String withInterval() {
        return (TextTable.number(stir().orElse(null), 2) + " " + interval()).strip();
    }

    /** Returns the interval with two decimals; empty where there is none. */
    String interval() {
        return TextTable.interval(stir().flatMap(Estimate::interval));
    }
}
