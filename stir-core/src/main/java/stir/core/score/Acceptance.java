package stir.core.score;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import stir.core.math.statistics.Quantiles;

/**
 * The judgement of a reference's invariant inputs against its representations of different inputs.
 * A search may leave a residual above its tolerance that is still far below the distance between
 * any two inputs; such an invariant input is accepted (Feather et al. 2023, Model metamers reveal
 * divergent invariances between biological and artificial neural networks).
 *
 * @param different the representations of different inputs
 * @param threshold the residual below which an invariant input is accepted: the {@link #QUANTILE}
 *     of the distances above 0 between different inputs, because inputs at distance 0 do not show
 *     which residual is small; 0 if all are represented alike
 * @param quantile the quantile that the threshold is; empty in results of versions whose threshold
 *     was half of the smallest distance above 0, which falls as inputs are added
 * @param classLayer the reference's layer whose largest value is the predicted class; empty if
 *     there is none after the inverted layer; then only residuals decide
 * @param inputs one outcome per input, in the inputs' order; not empty
 * @since 0.1.0
 */
public record Acceptance(
        DifferentInputs different,
        double threshold,
        OptionalDouble quantile,
        Optional<String> classLayer,
        List<Outcome> inputs) {
    /** The share of pairs of different inputs that are nearer to each other than the threshold. */
    public static final double QUANTILE = 0.05;

    /**
     * Copies the outcomes.
     *
     * @throws IllegalArgumentException if there are none
     */
    public Acceptance {
        inputs = List.copyOf(inputs);
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("There is no outcome, so no share is defined");
        }
    }

    /**
     * The representations of pairs of different inputs at the inverted layer.
     *
     * @param inputs the number of inputs that were paired with each other
     * @param pairs the number of ordered pairs
     * @param distance the relative distance {@code ||m(y) - m(x)|| / ||m(x)||}, in the norm of the
     *     inversion
     * @param correlation Pearson's correlation of the two representations; empty if none varies
     * @param sameClass the relative distance of pairs with the same label; empty without labels
     * @since 0.1.0
     */
    public record DifferentInputs(
            int inputs,
            long pairs,
            Quantiles distance,
            Optional<Quantiles> correlation,
            Optional<Quantiles> sameClass) {}

    /**
     * The outcome of one invariant input at the reference itself.
     *
     * @param accepted whether the residual is below the threshold and the predicted class the same
     * @param correlation Pearson's correlation of {@code m(x')} and {@code m(x)}; empty if either
     *     does not vary
     * @param classBefore the class that the reference predicts for x, from 0; empty without a
     *     prediction
     * @param classAfter the class that it predicts for x'
     * @since 0.1.0
     */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    public record Outcome(
            boolean accepted, OptionalDouble correlation, OptionalInt classBefore, OptionalInt classAfter) {}

    /** Returns the share of inputs, from 0 to 1, that are accepted. */
    public double share() {
        return inputs.stream().filter(Outcome::accepted).count() / (double) inputs.size();
    }
}
