package stir.core.score;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import stir.core.math.statistics.Summary;

/**
 * The target's responses to the reference's invariant inputs: which of them it represents as
 * their inputs, and which not.
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
 * @param threshold the rule by which the target takes an invariant input for its input; empty if no
 *     two inputs differ, and in results of versions without it
 * @since 0.1.0
 */
public record InputOutcomes(
        List<InputOutcome> inputs,
        Optional<String> classLayer,
        List<ClassOutcome> classes,
        Optional<ChangedParts> parts,
        Optional<Stitching> stitching,
        Optional<TargetThreshold> threshold) {
    /** Copies the lists. */
    public InputOutcomes {
        inputs = List.copyOf(inputs);
        classes = List.copyOf(classes);
    }

    /** Returns a copy with the answers of the target's head. */
    public InputOutcomes with(Optional<Stitching> stitching) {
        return new InputOutcomes(inputs, classLayer, classes, parts, stitching, threshold);
    }

    /** Returns a summary of the defined relative distances; empty if there are none. */
    public Optional<Summary> targetMoved() {
        return summary(InputOutcome::targetMoved);
    }

    /**
     * Returns the mean relative distance in units of the target's median distance between different
     * inputs: at 1, the target represents X' no nearer to X than another input; empty if either is
     * unknown or that median is 0.
     */
    public OptionalDouble targetMovedInUnits() {
        double unit =
                threshold.map(rule -> rule.different().distance().median()).orElse(0.0);
        var moved = targetMoved();
        return unit > 0 && moved.isPresent() ? OptionalDouble.of(moved.get().mean() / unit) : OptionalDouble.empty();
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
