package stir.api;

/**
 * How a measure's values are read.
 *
 * @param lowest the lowest value that there can be; may be infinite
 * @param highest the highest value that there can be; may be infinite
 * @param largerIsMoreSimilar true for similarities, false for distances
 * @since 0.1.0
 */
public record Scale(double lowest, double highest, boolean largerIsMoreSimilar) {
    /** A similarity from 0 to 1, 1 being the same. */
    public static final Scale UNIT = new Scale(0, 1, true);

    /** Checks the order of the ends. */
    public Scale {
        if (!(lowest < highest)) {
            throw new IllegalArgumentException(
                    "A scale can't go from " + lowest + " to " + highest);
        }
    }

    /** A distance from 0 up to a highest value. */
    public static Scale distance(double highest) {
        return new Scale(0, highest, false);
    }
}
