package stir.core.representation;

import java.util.stream.IntStream;
import stir.api.Matrix;

/**
 * The rows of a matrix, in memory or in a file, read a few at a time. The caller that opens them
 * closes them.
 *
 * @since 0.1.0
 */
public interface MatrixRows extends AutoCloseable {
    /** Returns the number of rows. */
    int rows();

    /** Returns the number of columns. */
    int columns();

    /**
     * Reads rows.
     *
     * @param from the index of the first row
     * @param to the index after the last row, at most {@link #rows}
     * @throws stir.api.DataException if they can't be read, or hold NaN or an infinite value
     */
    Matrix read(int from, int to);

    /** Returns whether the rows are in memory, so reading parts saves none. */
    default boolean isInMemory() {
        return false;
    }

    @Override
    default void close() {}

    /** Returns the rows of a matrix in memory. */
    static MatrixRows of(Matrix matrix) {
        return new MatrixRows() {
            @Override
            public int rows() {
                return matrix.rows();
            }

            @Override
            public int columns() {
                return matrix.columns();
            }

            @Override
            public boolean isInMemory() {
                return true;
            }

            @Override
            public Matrix read(int from, int to) {
                return from == 0 && to == matrix.rows()
                        ? matrix
                        : matrix.select(IntStream.range(from, to).toArray());
            }
        };
    }
}
