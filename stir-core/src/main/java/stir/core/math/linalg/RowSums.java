package stir.core.math.linalg;

import stir.api.Matrix;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Sums over the rows of two representations, with memory that does not grow with the rows, which
 * can be merged with the sums over other rows. Not thread-safe.
 */
public interface RowSums {
    /** Adds the next rows of both, which are the same inputs. */
    void add(Matrix rowsOfA, Matrix rowsOfB);

    /** Writes the sums, for {@link #merge}. */
    void writeTo(DataOutputStream out) throws IOException;

    /**
     * Adds the sums over the following rows, as written by {@link #writeTo} of sums of the same
     * widths. Merged into empty sums, they are the same bit for bit.
     *
     * @throws IOException if they can't be read, or have other widths
     */
    void merge(DataInputStream in) throws IOException;
}
