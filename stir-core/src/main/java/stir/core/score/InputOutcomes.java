package stir.core.score;

import stir.core.statistics.Summary;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the target makes of each invariant input of the reference: which invariances are shared, and
 * which are not.
 *
 * @param inputs one outcome an input, in the inputs' order
 * @param classLayer the target's layer whose largest value is taken for the predicted class: the
 *     last one after the measured layer whose representation is a vector of more than one value;
 *     empty if there is none
 * @since 0.1.0
 */
public record InputOutcomes(List<InputOutcome> inputs, Optional<String> classLayer) {
    /** Copies the outcomes. */
    public InputOutcomes {
        inputs = List.copyOf(inputs);
    }

    /** The relative distances that are defined; empty if none is. */
    public Optional<Summary> targetMoved() {
        return Summary.of(
                inputs.stream()
                        .map(InputOutcome::targetMoved)
                        .flatMapToDouble(OptionalDouble::stream)
                        .toArray());
    }

    /**
     * The share of inputs, from 0 to 1, whose predicted class stayed the same; empty if classes
     * can't be told.
     */
    public OptionalDouble classAgreement() {
        return classLayer.isPresent()
                ? OptionalDouble.of(
                        inputs.stream().filter(InputOutcome::agrees).count()
                                / (double) inputs.size())
                : OptionalDouble.empty();
    }
}
