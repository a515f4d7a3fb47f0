package stir.core.inversion.rule;

import stir.core.linalg.Cholesky;

/**
 * Makes cotangents of residuals: {@code u = mu (C / c + mu I)^-1 r}, and 0 where r is 0. A
 * network's Jacobian J has a few large singular directions that hide the others, and to which the
 * residual comes back at each kink; this evens them out, so that passes tell of the others too.
 *
 * <p>{@code C = J J'} is known between the cotangents that were pulled back so far: with these as
 * rows of U, {@code U C U' = G G'}. It is taken for 0 across them, and c is the mean of its
 * diagonal. So r loses its part within their span and gets back what is left of it:
 *
 * <pre>u = r + U'(mu b - a),   (U U') a = U r,   (G G' / c + mu U U') b = U r</pre>
 *
 * <p>A pair that foretold wrongly counts less: its doubt is added to the squared length of its
 * cotangent in U U'.
 *
 * <p>A unit whose r is exactly 0 is off in both inputs behind a ReLU; this would switch it on.
 *
 * <p>Holds scratch memory: for one thread at a time.
 */
final class Preconditioner {
    /** The share of the identity, which keeps the smallest directions at bay. */
    private static final double MU = 3;

    /** What is added to the squared length of 1 of cotangents, which may be much alike. */
    private static final double RIDGE = 1e-3;

    private final int capacity;
    private final Cholesky overlaps;
    private final Cholesky damped;
    private final double[] overlap;
    private final double[] product;
    private final double[] inverseNorms;
    private final double[] along;
    private final double[] solution;

    /**
     * Scratch memory.
     *
     * @param capacity the most pairs of an input
     */
    Preconditioner(int capacity) {
        this.capacity = capacity;
        this.overlaps = new Cholesky(capacity);
        this.damped = new Cholesky(capacity);
        this.overlap = new double[capacity * capacity];
        this.product = new double[capacity * capacity];
        this.inverseNorms = new double[capacity];
        this.along = new double[capacity];
        this.solution = new double[capacity];
    }

    /** Writes the cotangent of a residual: the residual itself as long as nothing is known. */
    void apply(SecantPairs pairs, float[] residual, float[] cotangent) {
        System.arraycopy(residual, 0, cotangent, 0, residual.length);
        int count = pairs.count();
        if (count == 0 || !gather(pairs, residual)) {
            return;
        }
        double mean = trace(count) / residual.length;
        for (int i = 0; i < product.length; i++) {
            product[i] = product[i] / mean + MU * overlap[i];
        }
        if (!damped.factor(product, count)) {
            return;
        }
        System.arraycopy(along, 0, solution, 0, count);
        damped.solve(solution);
        overlaps.solve(along);
        for (int pair = 0; pair < count; pair++) {
            double factor = (MU * solution[pair] - along[pair]) * inverseNorms[pair];
            pairs.addCotangent(factor, pair, cotangent);
        }
        for (int i = 0; i < residual.length; i++) {
            if (residual[i] == 0) {
                cotangent[i] = 0;
            }
        }
    }

    /**
     * Writes the products of pairs whose cotangents have length 1, and factors those of the
     * cotangents.
     *
     * @return false if they have no factor
     */
    private boolean gather(SecantPairs pairs, float[] residual) {
        int count = pairs.count();
        for (int pair = 0; pair < count; pair++) {
            inverseNorms[pair] = 1 / Math.sqrt(pairs.overlap(pair, pair));
            along[pair] = inverseNorms[pair] * pairs.alongCotangent(pair, residual);
        }
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                double scale = inverseNorms[i] * inverseNorms[j];
                overlap[i * capacity + j] =
                        scale * pairs.overlap(i, j) + (i == j ? RIDGE + pairs.doubt(i) : 0);
                product[i * capacity + j] = scale * pairs.product(i, j);
            }
        }
        return overlaps.factor(overlap, count);
    }

    /** The trace of C. */
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
