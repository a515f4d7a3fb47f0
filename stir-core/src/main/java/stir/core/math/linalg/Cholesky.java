package stir.core.math.linalg;

/**
 * The Cholesky factor {@code A = L L'} of a small symmetric positive definite matrix, with which
 * systems of linear equations are solved. The factor is stored in preallocated memory, so that
 * solving many systems allocates nothing. Not thread-safe.
 */
public final class Cholesky {
    private final int most;
    private final double[][] columns;
    private final double[] rest;
    private int order;

    /**
     * Allocates memory for systems up to some order.
     *
     * @param most the largest order, at least 1
     */
    public Cholesky(int most) {
        this.most = most;
        this.columns = new double[most][most];
        this.rest = new double[most];
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
        order = 0;
        for (int i = 0; i < rows; i++) {
            System.arraycopy(matrix, i * most, rest, 0, i + 1);
            for (int k = 0; k < i; k++) {
                double value = rest[k] / columns[k][k];
                subtract(value, columns[k], k + 1, i, rest);
                columns[k][i] = value;
                rest[i] -= value * value;
            }
            if (!(rest[i] > 0 && rest[i] < Double.POSITIVE_INFINITY)) { // for NaN, too
                return false;
            }
            columns[i][i] = Math.sqrt(rest[i]);
        }
        order = rows;
        return true;
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
            values[k] /= columns[k][k];
            subtract(values[k], columns[k], k + 1, order, values);
        }
        for (int i = order - 1; i >= 0; i--) {
            double sum = values[i];
            for (int k = i + 1; k < order; k++) {
                sum -= columns[i][k] * values[k];
            }
            values[i] = sum / columns[i][i];
        }
    }
}
