package stir.core.math.linalg;

import stir.api.Matrix;

/**
 * Sums over the rows of two representations, with memory that does not grow with the rows, which
 * can be merged with the sums over other rows. Not thread-safe.
 */
public interface RowSums {
    /** Adds the next rows of both, which are the same inputs. */
    void add(Matrix rowsOfA, Matrix rowsOfB);

    /**
     * Adds the sums over the following rows. Merged into empty sums, they are the same bit for bit.
     *
     * @param following sums of the same kind and widths, which stay as they are
     * @throws IllegalArgumentException if they have other widths
     */
    void merge(RowSums following);
}
