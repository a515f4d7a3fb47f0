package stir.api;

/**
 * The range and direction of a measure's values.
 *
 * @param lowest the lowest possible value; may be infinite
 * @param highest the highest possible value; may be infinite
 * @param largerIsMoreSimilar true for similarities, false for distances
 * @since 0.1.0
 */
public record Scale(double lowest, double highest, boolean largerIsMoreSimilar) {
    /** A similarity from 0 to 1, which is identity. */
    public static final Scale UNIT = new Scale(0, 1, true);

    /** Checks that the ends are in order. */
    public Scale {
        if (!(lowest < highest)) {
            throw new IllegalArgumentException("A scale can't go from " + lowest + " to " + highest);
        }
    }

    /** Returns the more similar one of two values. */
    public double moreSimilar(double one, double other) {
        return largerIsMoreSimilar ? Math.max(one, other) : Math.min(one, other);
    }

    /** Returns the scale of a distance from 0 to a highest value. */
    public static Scale distance(double highest) {
        return new Scale(0, highest, false);
    }
}
