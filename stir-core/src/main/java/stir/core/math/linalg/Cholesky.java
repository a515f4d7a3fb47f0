package stir.core.math.linalg;

/**
 * The Cholesky factor {@code A = L L'} of a small symmetric positive definite matrix, with which
 * systems of linear equations are solved. The factor is stored in preallocated memory, so that
 * solving many systems allocates nothing. Not thread-safe.
 */
public final class Cholesky {
    private final int most;
    private final double[] factor;
    private int order;

    /**
     * Allocates memory for systems up to some order.
     *
     * @param most the largest order, at least 1
     */
    public Cholesky(int most) {
        this.most = most;
        this.factor = new double[most * most];
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
            for (int j = 0; j <= i; j++) {
                double rest = matrix[i * most + j];
                for (int k = 0; k < j; k++) {
                    rest -= factor[i * most + k] * factor[j * most + k];
                }
                if (i > j) {
                    factor[i * most + j] = rest / factor[j * most + j];
                } else if (rest > 0 && rest < Double.POSITIVE_INFINITY) { // false for NaN, too
                    factor[i * most + i] = Math.sqrt(rest);
                } else {
                    return false;
                }
            }
        }
        order = rows;
        return true;
    }

    /**
     * Solves {@code A x = b} for the matrix that was factored last.
     *
     * @param values holds b and receives x; may be longer
     */
    public void solve(double[] values) {
        for (int i = 0; i < order; i++) {
            double rest = values[i];
            for (int k = 0; k < i; k++) {
                rest -= factor[i * most + k] * values[k];
            }
            values[i] = rest / factor[i * most + i];
        }
        for (int i = order - 1; i >= 0; i--) {
            double rest = values[i];
            for (int k = i + 1; k < order; k++) {
                rest -= factor[k * most + i] * values[k];
            }
            values[i] = rest / factor[i * most + i];
        }
    }
}
