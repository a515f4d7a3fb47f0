package stir.api;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The dimensions of one row: of one input, or of one input's representation, without the batch
 * dimension. A dimension that is unknown until the network runs is {@link #UNKNOWN}.
 *
 * @since 0.1.0
 */
public final class Shape {
    /** The value of an unknown dimension. */
    public static final int UNKNOWN = -1;

    private final int[] dimensions;

    private Shape(int[] dimensions) {
        this.dimensions = dimensions;
    }

    /**
     * Creates a shape of these dimensions, in memory order (the last dimension varies fastest).
     *
     * @param dimensions each at least 1, or {@link #UNKNOWN}; none for a single number
     * @throws IllegalArgumentException if a dimension is 0 or negative and not {@code UNKNOWN}
     */
    public static Shape of(int... dimensions) {
        for (int dimension : dimensions) {
            if (dimension < 1 && dimension != UNKNOWN) {
                throw new IllegalArgumentException(
                        "A dimension is at least 1, but one of " + Arrays.toString(dimensions) + " is " + dimension);
            }
        }
        return new Shape(dimensions.clone());
    }

    /**
     * Reads the text that {@link #toString} writes, for example {@code 3x32x32}.
     *
     * @throws UsageException if the text is not a shape
     */
    public static Shape parse(String text) {
        try {
            return of(Arrays.stream(text.trim().split("x", -1))
                    .mapToInt(part -> part.equals("?") ? UNKNOWN : Integer.parseInt(part))
                    .toArray());
        } catch (IllegalArgumentException e) {
            throw new UsageException("'" + text + "' is not a shape: use one like 3x32x32.", e);
        }
    }

    /** Returns the number of dimensions. */
    public int rank() {
        return dimensions.length;
    }

    /** Returns the dimension at an index from 0 to {@code rank() - 1}, or {@link #UNKNOWN}. */
    public int dimension(int index) {
        return dimensions[index];
    }

    /** Returns a copy of the dimensions. */
    public int[] dimensions() {
        return dimensions.clone();
    }

    /** Returns whether every dimension is known. */
    public boolean isKnown() {
        for (int dimension : dimensions) {
            if (dimension == UNKNOWN) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the number of values per row.
     *
     * @throws IllegalStateException if a dimension is unknown
     * @throws DataException if the number exceeds the range of {@code int}
     */
    public int size() {
        if (!isKnown()) {
            throw new IllegalStateException("The size of " + this + " is not known yet");
        }
        long size = 1;
        for (int dimension : dimensions) {
            size *= dimension;
            if (size > Integer.MAX_VALUE) {
                throw new DataException("A row of shape " + this + " has more values than Java can address.");
            }
        }
        return (int) size;
    }

    /**
     * Returns whether rows of another shape fit this shape: whether the two are equal in all
     * dimensions that are known here.
     */
    public boolean admits(Shape other) {
        if (other.rank() != rank()) {
            return false;
        }
        for (int i = 0; i < dimensions.length; i++) {
            if (dimensions[i] != UNKNOWN && dimensions[i] != other.dimensions[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dimensions);
    }

    /** Returns the dimensions joined by {@code x}, unknown ones as {@code ?}: {@code 3x32x32}. */
    @Override
    public String toString() {
        return Arrays.stream(dimensions)
                .mapToObj(dimension -> dimension == UNKNOWN ? "?" : Integer.toString(dimension))
                .collect(Collectors.joining("x"));
    }
}
