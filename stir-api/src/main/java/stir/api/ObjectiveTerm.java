package stir.api;

import java.util.Map;

/**
 * A term that a search for invariant inputs makes small besides the distance of representations:
 * what it thinks of an image, such as its roughness. Found by {@link java.util.ServiceLoader}; an
 * author writes this one class and tests it by extending {@code
 * stir.api.contract.ObjectiveTermContract}, which {@code stir-api}'s test-jar holds.
 *
 * <p>An implementation has no state that changes, and may be used from several threads.
 *
 * @since 0.1.0
 */
public interface ObjectiveTerm {
    /**
     * What users call it: lower case, words joined by hyphens, the same at every call; for example
     * {@code tv}.
     */
    String id();

    /** One line for a list: what it is and where it comes from. */
    String description();

    /**
     * The parameters that {@link #with} takes, each with a line that explains it and gives its
     * default.
     */
    default Map<String, String> parameters() {
        return Map.of();
    }

    /**
     * This term with other parameters; those not given keep their value.
     *
     * @param values texts by the names that {@link #parameters} lists
     * @return a term whose {@link #id} is unchanged
     * @throws UsageException if a name is unknown or a value out of its range; the message lists
     *     what there is
     */
    default ObjectiveTerm with(Map<String, String> values) {
        if (values.isEmpty()) {
            return this;
        }
        throw new UsageException(
                "The term '%s' has no parameter '%s': it has none at all."
                        .formatted(id(), values.keySet().iterator().next()));
    }

    /**
     * The term for inputs of a shape.
     *
     * @param input channels, height and width of images; one dimension for vectors
     * @throws UsageException if it is not defined for such inputs
     */
    Evaluation on(Shape input);

    /**
     * Evaluates a term for one input after another. For one thread at a time: it may hold scratch
     * memory, but what it gives for an input depends on that input alone.
     */
    @FunctionalInterface
    interface Evaluation {
        /**
         * Adds the term at a point.
         *
         * @param weight what the term is multiplied by, above 0
         * @param pixels the input's values, in [0,1] but for rounding; not to be changed
         * @param gradient to which the weight times the derivative by the pixels is added; where
         *     there is none, any finite one
         * @return the weight times the value; never NaN
         */
        double add(double weight, float[] pixels, float[] gradient);
    }
}
