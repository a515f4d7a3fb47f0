package stir.core.score;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import stir.core.math.statistics.Summary;

/**
 * The target's responses to the reference's invariant inputs: which invariances are shared, and
 * which are not.
 *
 * @param inputs one outcome per input, in the inputs' order
 * @param classLayer the target's layer whose largest value is the predicted class: the last layer
 *     after the measured layer whose representation is a vector of more than one value; empty if
 *     there is none
 * @param classes the pointwise similarities by the inputs' own classes; empty without labels of at
 *     least two classes
 * @param parts how far each part of the representation changes; empty if the representations exceed
 *     the limit of memory
 * @param stitching the answers of the target's head to the reference's layer; empty without a head
 * @since 0.1.0
 */
public record InputOutcomes(
        List<InputOutcome> inputs,
        Optional<String> classLayer,
        List<ClassOutcome> classes,
        Optional<ChangedParts> parts,
        Optional<Stitching> stitching) {
    /** Copies the lists. */
    public InputOutcomes {
        inputs = List.copyOf(inputs);
        classes = List.copyOf(classes);
    }

    /** Returns a copy with the answers of the target's head. */
    public InputOutcomes with(Optional<Stitching> stitching) {
        return new InputOutcomes(inputs, classLayer, classes, parts, stitching);
    }

    /** Returns a summary of the defined relative distances; empty if there are none. */
    public Optional<Summary> targetMoved() {
        return summary(InputOutcome::targetMoved);
    }

    /** Returns a summary of the defined pointwise similarities; empty if there are none. */
    public Optional<Summary> pointwise() {
        return summary(InputOutcome::pointwise);
    }

    private Optional<Summary> summary(Function<InputOutcome, OptionalDouble> value) {
        return Summary.of(inputs.stream()
                .map(value)
                .flatMapToDouble(OptionalDouble::stream)
                .toArray());
    }

    /**
     * Returns the share of inputs, from 0 to 1, whose predicted class stayed the same; empty
     * without predictions.
     */
    public OptionalDouble classAgreement() {
        return classLayer.isPresent()
                ? OptionalDouble.of(inputs.stream().filter(InputOutcome::agrees).count() / (double) inputs.size())
                : OptionalDouble.empty();
    }
}
