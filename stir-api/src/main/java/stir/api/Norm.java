package stir.api;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The L_p norm of the difference of two representations, and its derivative. Sums are computed in
 * double precision.
 *
 * @param p the exponent, from 1 to {@link Double#POSITIVE_INFINITY}
 * @since 0.1.0
 */
public record Norm(double p) {
    /** The sum of absolute differences. */
    public static final Norm L1 = new Norm(1);

    /** The Euclidean norm. */
    public static final Norm L2 = new Norm(2);

    /** The largest absolute difference. */
    public static final Norm LINF = new Norm(Double.POSITIVE_INFINITY);

    /** Checks that the order is at least 1. */
    public Norm {
        if (!(p >= 1)) { // negated so that NaN is rejected, too
            throw new UsageException("The order of a norm is 1 or more, or inf, not " + p + ".");
        }
    }

    /**
     * Reads a number of at least 1, or {@code inf}.
     *
     * @throws UsageException if the text is neither
     */
    public static Norm parse(String text) {
        if (text.equals("inf")) {
            return LINF;
        }
        try {
            return new Norm(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            throw new UsageException("'" + text + "' is not a norm: use a number of 1 or more, or inf.", e);
        }
    }

    /**
     * Computes each row's distance {@code ||a_i - b_i||_p}.
     *
     * @param a rows
     * @param b the same number of rows, of the same size
     * @param distances the array that receives one value per row
     */
    public void distances(Batch a, Batch b, double[] distances) {
        check(a, b);
        for (int row = 0; row < a.rows(); row++) {
            distances[row] = distance(a.buffer(), b.buffer(), row * a.rowSize(), a.rowSize());
        }
    }

    /**
     * Computes the distances and their derivatives with respect to {@code a}. If the rows are
     * equal, the derivatives are 0, so an exact match is a fixed point and never NaN; for the
     * infinity norm, only the first of the largest differences has a derivative.
     *
     * @param a rows
     * @param b the same number of rows, of the same size
     * @param distances the array that receives one value per row
     * @param derivatives the batch that receives one row of derivatives per row of {@code a}
     */
    public void derivatives(Batch a, Batch b, double[] distances, Batch derivatives) {
        check(a, b);
        check(a, derivatives);
        int size = a.rowSize();
        var left = a.buffer();
        var right = b.buffer();
        var out = derivatives.buffer();
        for (int row = 0; row < a.rows(); row++) {
            int start = row * size;
            double distance = distance(left, right, start, size);
            distances[row] = distance;
            boolean assigned = false; // the infinity norm's derivative is at one value only
            for (int i = start; i < start + size; i++) {
                double difference = (double) left.get(i) - right.get(i);
                double derivative;
                if (distance == 0) {
                    derivative = 0;
                } else if (p == 2) {
                    derivative = difference / distance;
                } else if (Double.isInfinite(p)) {
                    derivative = !assigned && Math.abs(difference) == distance ? Math.signum(difference) : 0;
                    assigned |= derivative != 0;
                } else {
                    derivative = Math.signum(difference) * Math.pow(Math.abs(difference) / distance, p - 1);
                }
                out.put(i, (float) derivative);
            }
        }
    }

    /** Computes the norm of each row of a batch. */
    public void norms(Batch a, double[] norms) {
        var values = a.buffer();
        for (int row = 0; row < a.rows(); row++) {
            norms[row] = distance(values, null, row * a.rowSize(), a.rowSize());
        }
    }

    private double distance(FloatBuffer a, @Nullable FloatBuffer b, int start, int size) {
        double sum = 0;
        double largest = 0;
        for (int i = start; i < start + size; i++) {
            double difference = Math.abs((double) a.get(i) - (b == null ? 0f : b.get(i)));
            largest = difference > largest || Double.isNaN(difference) ? difference : largest;
            sum += p == 2 ? difference * difference : p == 1 ? difference : 0;
        }
        if (p == 2) {
            return Math.sqrt(sum);
        }
        if (p == 1) {
            return sum;
        }
        if (Double.isInfinite(p) || largest == 0) {
            return largest;
        }
        for (int i = start; i < start + size; i++) { // scaled, since the powers would overflow
            double difference = Math.abs((double) a.get(i) - (b == null ? 0f : b.get(i)));
            sum += Math.pow(difference / largest, p);
        }
        return largest * Math.pow(sum, 1 / p);
    }

    private static void check(Batch a, Batch b) {
        if (a.rows() != b.rows() || a.rowSize() != b.rowSize()) {
            throw new IllegalArgumentException(a + " and " + b + " can't be compared");
        }
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return Double.isInfinite(p) ? "inf" : p == Math.rint(p) ? Long.toString((long) p) : Double.toString(p);
    }
}
