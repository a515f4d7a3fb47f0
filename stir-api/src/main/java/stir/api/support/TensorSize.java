package stir.api.support;

/**
 * How many values a tensor of a network may have: a file of some bytes can ask for any number of
 * them, and so for any amount of memory.
 *
 * @since 0.1.0
 */
public final class TensorSize {
    /** Of a constant: 2 GiB of floats. */
    public static final int MOST_OF_CONSTANT = 1 << 29;

    /** Of any tensor, for the few inputs that shapes are asked with: what can be counted. */
    public static final int MOST = Integer.MAX_VALUE;

    private TensorSize() {}

    /** Whether a tensor of these dimensions has more values; where one is not known, it has not. */
    public static boolean isMore(Iterable<Long> dimensions, int most) {
        double values = 1;
        for (long dimension : dimensions) {
            if (dimension < 0) {
                return false;
            }
            values *= dimension;
        }
        return values > most;
    }
}
