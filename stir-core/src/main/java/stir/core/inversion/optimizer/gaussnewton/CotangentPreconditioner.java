package stir.core.inversion.optimizer.gaussnewton;

import stir.core.math.linalg.Cholesky;

/**
 * The preconditioner of residuals: {@code u = mu (C / c + mu I)^-1 r}, and 0 where r is 0. The few
 * large singular directions of a network's Jacobian J hide the others; this evens them out, so that
 * passes measure the others, too.
 *
 * <p>{@code C = J J'} is known between the cotangents of the sketch: with these as rows of U,
 * {@code U C U' = G G'}. It is taken for 0 across them, and c is the mean of its diagonal. So r
 * loses its part within their span and gains a damped one:
 *
 * <pre>u = r + U'(mu b - a),   (U U' + N) a = U r,   (G G' / c + mu (U U' + N)) b = U r</pre>
 *
 * <p>with the rows' noise variances N, so that wrong rows count less. A unit whose r is exactly 0
 * is off in both inputs after a ReLU, and stays off.
 *
 * <p>Holds scratch memory. Not thread-safe.
 */
final class CotangentPreconditioner {
    private final int capacity;
    private final Cholesky overlaps;
    private final Cholesky damped;
    private final double[] overlap;
    private final double[] product;
    private final double[] inverseNorms;
    private final double[] along;
    private final double[] solution;

    /**
     * Creates scratch memory.
     *
     * @param capacity the most rows of an input
     */
    CotangentPreconditioner(int capacity) {
        this.capacity = capacity;
        this.overlaps = new Cholesky(capacity);
        this.damped = new Cholesky(capacity);
        this.overlap = new double[capacity * capacity];
        this.product = new double[capacity * capacity];
        this.inverseNorms = new double[capacity];
        this.along = new double[capacity];
        this.solution = new double[capacity];
    }

    /** Writes the cotangent of a residual: the residual itself where the sketch is empty. */
    void apply(JacobianSketch sketch, float[] residual, float[] cotangent) {
        System.arraycopy(residual, 0, cotangent, 0, residual.length);
        int count = sketch.count();
        if (count == 0 || !gather(sketch, residual)) {
            return;
        }
        double mu = Schedule.PRECONDITIONER_SHIFT;
        double mean = trace(count) / residual.length;
        for (int i = 0; i < product.length; i++) {
            product[i] = product[i] / mean + mu * overlap[i];
        }
        if (!damped.factor(product, count)) {
            return;
        }
        System.arraycopy(along, 0, solution, 0, count);
        damped.solve(solution);
        overlaps.solve(along);
        for (int row = 0; row < count; row++) {
            double factor = (mu * solution[row] - along[row]) * inverseNorms[row];
            sketch.addCotangent(factor, row, cotangent);
        }
        for (int i = 0; i < residual.length; i++) {
            if (residual[i] == 0) {
                cotangent[i] = 0;
            }
        }
    }

    /**
     * Writes the products of rows whose cotangents have length 1, and factors those of the
     * cotangents.
     *
     * @return false if they have no factor
     */
    private boolean gather(JacobianSketch sketch, float[] residual) {
        int count = sketch.count();
        for (int row = 0; row < count; row++) {
            inverseNorms[row] = 1 / Math.sqrt(sketch.overlap(row, row));
            along[row] = inverseNorms[row] * sketch.alongCotangent(row, residual);
        }
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                double scale = inverseNorms[i] * inverseNorms[j];
                double ridge = i == j ? Schedule.PRECONDITIONER_RIDGE + sketch.noise(i) : 0;
                overlap[i * capacity + j] = scale * sketch.overlap(i, j) + ridge;
                product[i * capacity + j] = scale * sketch.product(i, j);
            }
        }
        return overlaps.factor(overlap, count);
    }

    /** Returns the trace of C. */
    private double trace(int count) {
        double trace = 0;
        for (int j = 0; j < count; j++) {
            for (int i = 0; i < count; i++) {
                solution[i] = product[i * capacity + j];
            }
            overlaps.solve(solution);
            trace += solution[j];
        }
        return trace;
    }
}
