package stir.core.math.linalg;

/**
 * The Cholesky factor {@code A = L L'} of a small symmetric positive definite matrix, with which
 * systems of linear equations are solved. The factor is stored in preallocated memory, so that
 * solving many systems allocates nothing. Not thread-safe.
 */
public final class Cholesky {
    /** The number of rows that are eliminated together, since each waits for its own products. */
    private static final int ROWS = 4;

    private final int most;
    private final double[][] columns;
    private final double[] inverses; // of the diagonal
    private final double[][] rest;
    private int order;

    /**
     * Allocates memory for systems up to some order.
     *
     * @param most the largest order, at least 1
     */
    public Cholesky(int most) {
        this.most = most;
        this.columns = new double[most][most];
        this.inverses = new double[most];
        this.rest = new double[ROWS][most];
    }

    /** Returns where a matrix stores the entry of two rows, in its lower triangle. */
    public int entry(int row, int other) {
        return Math.max(row, other) * most + Math.min(row, other);
    }

    /**
     * Factors a matrix, for {@link #solve}.
     *
     * @param matrix row after row, {@code most} values apart; only the lower triangle is read, and
     *     nothing is written
     * @param rows the order of the matrix, from 0 to the largest one
     * @return whether the matrix is positive definite in double precision; if not, there is no
     *     factor
     */
    public boolean factor(double[] matrix, int rows) {
        return factor(matrix, rows, 0);
    }

    /**
     * Factors a matrix as {@link #factor(double[], int)} does, with the same bits, and keeps the
     * rows of the last factor that stay the same.
     *
     * @param unchanged the number of first rows that the last factored matrix had, too
     */
    public boolean factor(double[] matrix, int rows, int unchanged) {
        order = 0;
        for (int first = unchanged; first < rows; ) {
            int count = first + ROWS <= rows ? ROWS : 1;
            for (int i = 0; i < count; i++) {
                System.arraycopy(matrix, (first + i) * most, rest[i], 0, first + i + 1);
            }
            if (count > 1) {
                eliminate(first);
            }
            for (int i = 0; i < count; i++) {
                if (!finish(first + i, count > 1 ? first : 0, rest[i])) {
                    return false;
                }
            }
            first += count;
        }
        order = rows;
        return true;
    }

    /**
     * Eliminates the first columns, those before the first of the rows, from {@link #ROWS} rows,
     * four columns at a time, so that the rows are not loaded for each.
     */
    private void eliminate(int first) {
        int k = 0;
        for (; k + 4 <= first; k += 4) {
            for (int i = 0; i < ROWS; i++) {
                eliminateFour(k, first + i, rest[i]);
            }
        }
        for (; k < first; k++) {
            for (int i = 0; i < ROWS; i++) {
                eliminateOne(k, first + i, rest[i]);
            }
        }
    }

    private void eliminateFour(int k, int row, double[] values) {
        var a = columns[k];
        var b = columns[k + 1];
        var c = columns[k + 2];
        var d = columns[k + 3];
        double ofA = values[k] * inverses[k];
        double ofB = (values[k + 1] - ofA * a[k + 1]) * inverses[k + 1];
        double ofC = (values[k + 2] - ofA * a[k + 2] - ofB * b[k + 2]) * inverses[k + 2];
        double ofD = values[k + 3] - ofA * a[k + 3] - ofB * b[k + 3] - ofC * c[k + 3];
        ofD *= inverses[k + 3];
        a[row] = ofA;
        b[row] = ofB;
        c[row] = ofC;
        d[row] = ofD;
        subtractFour(ofA, a, ofB, b, ofC, c, ofD, d, k + 4, row + 1, values);
    }

    private static void subtractFour(
            double ofA,
            double[] a,
            double ofB,
            double[] b,
            double ofC,
            double[] c,
            double ofD,
            double[] d,
            int from,
            int to,
            double[] rest) {
        for (int j = from; j < to; j++) { // a method of its own, so that it is vectorised
            rest[j] = rest[j] - ofA * a[j] - ofB * b[j] - ofC * c[j] - ofD * d[j];
        }
    }

    private void eliminateOne(int k, int row, double[] values) {
        double value = values[k] * inverses[k];
        columns[k][row] = value;
        subtract(value, columns[k], k + 1, row + 1, values);
    }

    /** Eliminates the columns from one on from a row; returns whether the pivot is positive. */
    private boolean finish(int row, int from, double[] values) {
        for (int k = from; k < row; k++) {
            eliminateOne(k, row, values);
        }
        columns[row][row] = Math.sqrt(values[row]);
        inverses[row] = 1 / columns[row][row];
        return values[row] > 0 && values[row] < Double.POSITIVE_INFINITY; // not for NaN
    }

    /** Subtracts a multiple of a column, without array offsets, so that it is vectorised. */
    private static void subtract(double factor, double[] of, int from, int to, double[] rest) {
        for (int j = from; j < to; j++) {
            rest[j] -= factor * of[j];
        }
    }

    /**
     * Solves {@code A x = b} for the matrix that was factored last.
     *
     * @param values holds b and receives x; may be longer
     */
    public void solve(double[] values) {
        for (int k = 0; k < order; k++) {
            values[k] *= inverses[k];
            subtract(values[k], columns[k], k + 1, order, values);
        }
        for (int k = order - 1; k >= 0; k--) {
            values[k] = (values[k] - Vectors.dot(columns[k], values, k + 1, order)) * inverses[k];
        }
    }
}
