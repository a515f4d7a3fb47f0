package stir.api;

import java.util.Map;

/**
 * A term that a search for invariant inputs minimises in addition to the distance of
 * representations, such as an image's roughness. Found by {@link java.util.ServiceLoader}; an
 * author writes this one class and tests it by extending {@code
 * stir.api.contract.ObjectiveTermContract} from {@code stir-api}'s test-jar.
 *
 * <p>Implementations are immutable and thread-safe.
 *
 * @since 0.1.0
 */
public interface ObjectiveTerm {
    /**
     * Returns the identifier that users write: lower case, words joined by hyphens, the same on
     * every call; for example {@code tv}.
     */
    String id();

    /** Returns a one-line description for lists: the term and its source. */
    String description();

    /**
     * Returns the parameters of {@link #with}, each with a one-line explanation that includes its
     * default.
     */
    default Map<String, String> parameters() {
        return Map.of();
    }

    /**
     * Returns this term with other parameters; those not given keep their value.
     *
     * @param values the values as text, by the names that {@link #parameters} lists
     * @return a term with the same {@link #id}
     * @throws UsageException if a name is unknown or a value out of its range; the message lists
     *     the valid ones
     */
    default ObjectiveTerm with(Map<String, String> values) {
        if (values.isEmpty()) {
            return this;
        }
        throw new UsageException("The term '%s' has no parameter '%s': it takes no parameters."
                .formatted(id(), values.keySet().iterator().next()));
    }

    /**
     * Returns the evaluation of this term for inputs of a shape.
     *
     * @param input channels, height and width of images; one dimension for vectors
     * @throws UsageException if the term is not defined for such inputs
     */
    Evaluation on(Shape input);

    /**
     * A term's value and derivative, evaluated for one input after another. Not thread-safe: it may
     * hold scratch memory, but its result for an input depends only on that input.
     */
    @FunctionalInterface
    interface Evaluation {
        /**
         * Adds the term at a point.
         *
         * @param weight the factor of the term, above 0
         * @param pixels the input's values, in [0,1] up to rounding; not to be modified
         * @param gradient the weighted derivative with respect to the pixels is added to it; any
         *     finite value if the derivative does not exist
         * @return the weight times the value; never NaN
         */
        double add(double weight, float[] pixels, float[] gradient);
    }
}
