package stir.core.linalg;

import stir.api.Matrix;

/** A matrix whose rows can be read piece by piece, in double precision. */
public interface RowSource {
    /** The number of rows. */
    int rows();

    /** The number of columns. */
    int columns();

    /**
     * Copies a piece of a row.
     *
     * @param row from 0 to {@code rows() - 1}
     * @param from the first column of the piece
     * @param count how many columns
     * @param into receives the values from its beginning; may be longer
     */
    void copy(int row, int from, int count, double[] into);

    /** Representations, read in place. */
    static RowSource of(Matrix matrix) {
        return new OfMatrix(matrix);
    }

    /** So many rows of this matrix, from one on, read in place. */
    default RowSource range(int firstRow, int count) {
        return new Range(this, firstRow, count);
    }

    /** Representations, read in place. */
    record OfMatrix(Matrix matrix) implements RowSource {
        @Override
        public int rows() {
            return matrix.rows();
        }

        @Override
        public int columns() {
            return matrix.columns();
        }

        @Override
        public void copy(int row, int from, int count, double[] into) {
            matrix.row(row, from, count, into);
        }
    }

    /** A run of rows of another source. */
    record Range(RowSource all, int firstRow, int rows) implements RowSource {
        @Override
        public int columns() {
            return all.columns();
        }

        @Override
        public void copy(int row, int from, int count, double[] into) {
            all.copy(firstRow + row, from, count, into);
        }
    }
}
