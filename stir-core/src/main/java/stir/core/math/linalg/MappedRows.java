package stir.core.math.linalg;

import java.util.Arrays;
import java.util.stream.IntStream;
import stir.api.Matrix;

/**
 * A view of a matrix whose values are shifted and scaled as they are read, by row or by column, so
 * that no copy in double precision is held.
 */
public final class MappedRows implements RowSource {
    /** The binary digits of a row's mean, relative to its largest deviation from the mean. */
    private static final int DIGITS_OF_MEAN = 10;

    private final RowSource source;
    private final boolean byRow;
    private final double[] shifts;
    private final double[] factors;

    private MappedRows(RowSource source, boolean byRow, double[] shifts, double[] factors) {
        this.source = source;
        this.byRow = byRow;
        this.shifts = shifts;
        this.factors = factors;
    }

    /** Centres representations as {@link #centred(RowSource)} does. */
    public static MappedRows centred(Matrix matrix) {
        return centred(RowSource.of(matrix));
    }

    /**
     * Subtracts the mean of each column; there is at least one row. The mean is computed twice, the
     * second time of the remainders of the first: features of 1e3 that differ by 1e-3 keep 10
     * digits. A constant column is exactly 0 afterwards.
     */
    public static MappedRows centred(RowSource source) {
        int columns = source.columns();
        // With the first row as a shift, a constant column's differences are exactly 0.
        var means = new double[columns];
        source.copy(0, 0, columns, means);
        var row = new double[columns];
        for (int pass = 0; pass < 2; pass++) {
            var sums = new double[columns];
            for (int i = 0; i < source.rows(); i++) {
                source.copy(i, 0, columns, row);
                addDifferences(row, means, sums);
            }
            for (int j = 0; j < columns; j++) {
                means[j] += sums[j] / source.rows();
            }
        }
        var ones = new double[columns];
        Arrays.fill(ones, 1);
        return new MappedRows(source, false, means, ones);
    }

    /** Adds differences; a loop of its own, which is compiled sooner than one within others. */
    private static void addDifferences(double[] row, double[] means, double[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] += row[j] - means[j];
        }
    }

    /** Divides each column by its Euclidean norm. A column of zeros stays so. */
    public static MappedRows unitColumns(RowSource source) {
        var squares = source.squaresOfColumns();
        for (int j = 0; j < squares.length; j++) {
            squares[j] = squares[j] == 0 ? 0 : 1 / Math.sqrt(squares[j]);
        }
        return new MappedRows(source, false, new double[squares.length], squares);
    }

    /**
     * Divides each row by a power of two, so that its largest value is from 1 to 2. Since this does
     * not round, sums of products of integers stay exact, and equal angles between rows stay equal.
     */
    public static MappedRows scaled(RowSource source) {
        return scaled(source, false);
    }

    /**
     * Subtracts a row's mean rounded to few binary digits from each row, and divides the row by a
     * power of two. Neither rounds, unless the small values of a row are rounding errors of the
     * large ones; the remainder of the mean, less than a thousandth of the largest value, has to be
     * subtracted from sums.
     */
    public static MappedRows nearlyCentred(RowSource source) {
        return scaled(source, true);
    }

    private static MappedRows scaled(RowSource source, boolean centred) {
        var shifts = new double[source.rows()];
        var factors = new double[source.rows()];
        var row = new double[source.columns()];
        for (int i = 0; i < source.rows(); i++) {
            source.copy(i, 0, row.length, row);
            double mean = centred ? mean(row) : 0;
            double largest = 0;
            for (double value : row) {
                largest = Math.max(largest, Math.abs(value - mean));
            }
            if (largest > 0) {
                int exponent = Math.getExponent(largest);
                double grid = Math.scalb(1.0, exponent - DIGITS_OF_MEAN);
                shifts[i] = Math.rint(mean / grid) * grid;
                factors[i] = Math.scalb(1.0, -exponent);
            }
        }
        return new MappedRows(source, true, shifts, factors);
    }

    private static double mean(double[] row) {
        double mean = row[0];
        for (int pass = 0; pass < 2; pass++) {
            double sum = 0;
            for (double value : row) {
                sum += value - mean;
            }
            mean += sum / row.length;
        }
        return mean;
    }

    @Override
    public int rows() {
        return source.rows();
    }

    @Override
    public int columns() {
        return source.columns();
    }

    @Override
    public void copy(int row, int from, int count, double[] into) {
        source.copy(row, from, count, into);
        for (int j = 0; j < count; j++) {
            int at = byRow ? row : from + j;
            into[j] = (into[j] - shifts[at]) * factors[at];
        }
    }

    /** Returns the scaled errors of the source, since the values shifted by have no errors. */
    @Override
    public double[] roundingErrors() {
        if (byRow) {
            return RowSource.super.roundingErrors();
        }
        var errors = source.roundingErrors();
        for (int j = 0; j < errors.length; j++) {
            errors[j] *= factors[j];
        }
        return errors;
    }

    /** Shifts and scales the columns of other rows as those of this matrix. */
    MappedRows alike(RowSource other) {
        return new MappedRows(other, byRow, shifts, factors);
    }

    /** Returns the indices of the rows or columns, whichever are scaled, that are constantly 0. */
    public IntStream empty() {
        return IntStream.range(0, factors.length).filter(i -> factors[i] == 0);
    }

    /** Returns the mean of each column that was subtracted; a copy. */
    public double[] means() {
        return shifts.clone();
    }

    /** Returns the sum of the squares of all values. */
    public double sumOfSquares() {
        var row = new double[columns()];
        double sum = 0;
        for (int i = 0; i < rows(); i++) {
            copy(i, 0, row.length, row);
            sum += Vectors.dot(row, row);
        }
        return sum;
    }

    /** Returns whether all values are 0: for centred rows, whether the rows are equal. */
    public boolean isZero() {
        var row = new double[columns()];
        for (int i = 0; i < rows(); i++) {
            copy(i, 0, row.length, row);
            for (double value : row) {
                if (value != 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
