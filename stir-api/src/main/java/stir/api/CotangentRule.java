package stir.api;

/**
 * A rule that turns the representations of a pass into the cotangents that the same pass pulls
 * back.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CotangentRule {
    /**
     * Writes, for each row, the derivative of that row's objective with respect to its
     * representation.
     *
     * @param representations one row per input; not to be modified or retained
     * @param cotangents the batch that receives the cotangents, with rows of the same shape
     */
    void apply(Batch representations, Batch cotangents);
}
