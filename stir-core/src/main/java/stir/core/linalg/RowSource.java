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

    /** The first rows of this matrix, read in place. */
    default RowSource firstRows(int count) {
        return new FirstRows(this, count);
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
            for (int j = 0; j < count; j++) {
                into[j] = matrix.get(row, from + j);
            }
        }
    }

    /** The first rows of another source. */
    record FirstRows(RowSource all, int rows) implements RowSource {
        @Override
        public int columns() {
            return all.columns();
        }

        @Override
        public void copy(int row, int from, int count, double[] into) {
            all.copy(row, from, count, into);
        }
    }
}
