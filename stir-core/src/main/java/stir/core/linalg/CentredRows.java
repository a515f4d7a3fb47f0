package stir.core.linalg;

import stir.api.Matrix;

/**
 * Rows minus the mean of each column, computed as they are read, so that no copy in double
 * precision is held. The mean is taken twice, the second time of what the first left: with features
 * of 1e3 that differ by 1e-3 the differences keep 10 digits. A column that holds one value is
 * exactly 0 afterwards.
 */
public final class CentredRows implements RowSource {
    private final RowSource source;
    private final double[] means;

    private CentredRows(RowSource source, double[] means) {
        this.source = source;
        this.means = means;
    }

    /** Representations, centred. */
    public static CentredRows of(Matrix matrix) {
        return of(RowSource.of(matrix));
    }

    /** Rows, centred; at least one. */
    public static CentredRows of(RowSource source) {
        return new CentredRows(source, columnMeans(source));
    }

    private static double[] columnMeans(RowSource source) {
        int columns = source.columns();
        // The first row as a shift makes a constant column's differences exactly 0.
        var means = new double[columns];
        source.copy(0, 0, columns, means);
        var row = new double[columns];
        for (int pass = 0; pass < 2; pass++) {
            var sums = new double[columns];
            for (int i = 0; i < source.rows(); i++) {
                source.copy(i, 0, columns, row);
                for (int j = 0; j < columns; j++) {
                    sums[j] += row[j] - means[j];
                }
            }
            for (int j = 0; j < columns; j++) {
                means[j] += sums[j] / source.rows();
            }
        }
        return means;
    }

    @Override
    public int rows() {
        return source.rows();
    }

    @Override
    public int columns() {
        return source.columns();
    }

    /** The mean of each column; a copy. */
    public double[] means() {
        return means.clone();
    }

    @Override
    public void copy(int row, int from, int count, double[] into) {
        source.copy(row, from, count, into);
        for (int j = 0; j < count; j++) {
            into[j] -= means[from + j];
        }
    }

    /** Those of the values before: what is taken away from them takes none of their errors. */
    @Override
    public double[] roundingErrors() {
        return source.roundingErrors();
    }

    /** The sum of the squares of all values. */
    public double sumOfSquares() {
        var row = new double[columns()];
        double sum = 0;
        for (int i = 0; i < rows(); i++) {
            copy(i, 0, row.length, row);
            double rowSum = 0;
            for (double value : row) {
                rowSum += value * value;
            }
            sum += rowSum;
        }
        return sum;
    }

    /** Whether every row is the same, so that nothing is left after centring. */
    public boolean isConstant() {
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
