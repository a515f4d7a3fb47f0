package stir.api;

/**
 * Turns the representations of a pass into the cotangents that the same pass pulls back.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CotangentRule {
    /**
     * Writes, for each row, the derivative of that row's objective by its representation.
     *
     * @param representations one row an input; not to be changed, and not to be kept
     * @param cotangents rows of the same shape, to be written
     */
    void apply(Batch representations, Batch cotangents);
}
