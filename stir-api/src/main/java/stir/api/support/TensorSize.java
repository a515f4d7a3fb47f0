package stir.api.support;

/**
 * Limits on the number of values of a network's tensors: a small file can request a tensor of any
 * size, and so any amount of memory.
 *
 * @since 0.1.0
 */
public final class TensorSize {
    /** The limit of a constant: 2 GiB of floats. */
    public static final int MAX_CONSTANT = 1 << 29;

    /** The limit of any tensor, when shapes are inferred for a few inputs. */
    public static final int MAX = Integer.MAX_VALUE;

    private TensorSize() {}

    /**
     * Returns whether a tensor of these dimensions has more values than a limit; false if a
     * dimension is unknown.
     */
    public static boolean exceeds(Iterable<Long> dimensions, int limit) {
        double values = 1;
        for (long dimension : dimensions) {
            if (dimension < 0) {
                return false;
            }
            values *= dimension;
        }
        return values > limit;
    }
}
