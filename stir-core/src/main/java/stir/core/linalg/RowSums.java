package stir.core.linalg;

import stir.api.Matrix;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Sums over the rows of two representations, with memory that does not grow with the rows, that can
 * be put together with those over other rows. For one thread at a time.
 */
public interface RowSums {
    /** Takes the next rows of both, which are the same inputs. */
    void add(Matrix rowsOfA, Matrix rowsOfB);

    /** Writes the sums, for {@link #merge}. */
    void writeTo(DataOutputStream out) throws IOException;

    /**
     * Adds the sums over other rows, which follow these: what {@link #writeTo} of sums of the same
     * widths wrote. Added to none, they are the same bit for bit.
     *
     * @throws IOException if it can't be read, or is of other widths
     */
    void merge(DataInputStream in) throws IOException;
}
