package stir.core.math.linalg;

import stir.api.Matrix;

/** A matrix whose rows can be read piece by piece, in double precision. */
public interface RowSource {
    /** Returns the number of rows. */
    int rows();

    /** Returns the number of columns. */
    int columns();

    /**
     * Copies a piece of a row.
     *
     * @param row from 0 to {@code rows() - 1}
     * @param from the first column of the piece
     * @param count the number of columns
     * @param into receives the values from its beginning; may be longer
     */
    void copy(int row, int from, int count, double[] into);

    /**
     * Returns for each column an estimate of the norm of its values' rounding errors, from their
     * precision and size.
     */
    default double[] roundingErrors() {
        return roundingErrors(0x1p-53);
    }

    /** Returns for each column the sum of the squares of its values. */
    default double[] squaresOfColumns() {
        var squares = new double[columns()];
        var row = new double[columns()];
        for (int i = 0; i < rows(); i++) {
            copy(i, 0, row.length, row);
            for (int j = 0; j < row.length; j++) {
                squares[j] += row[j] * row[j];
            }
        }
        return squares;
    }

    private double[] roundingErrors(double unit) {
        var errors = squaresOfColumns();
        for (int j = 0; j < errors.length; j++) {
            errors[j] = unit * Math.sqrt(errors[j]);
        }
        return errors;
    }

    /** Returns a view of representations. */
    static RowSource of(Matrix matrix) {
        return new OfMatrix(matrix);
    }

    /** Returns a view of some consecutive rows. */
    default RowSource range(int firstRow, int count) {
        return new RowRange(this, firstRow, count);
    }

    /** A view of representations. */
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

        @Override
        public double[] roundingErrors() {
            return RowSource.super.roundingErrors(matrix.isDouble() ? 0x1p-53 : 0x1p-24);
        }
    }

    /** A run of rows of another source. */
    record RowRange(RowSource all, int firstRow, int rows) implements RowSource {
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
