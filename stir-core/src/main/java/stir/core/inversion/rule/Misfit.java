package stir.core.inversion.rule;

import stir.core.linalg.Cholesky;

/**
 * How wrongly the pairs of an input foretold a change of its residual: the squared length of the
 * error within the span of their cotangents, {@code e' (U U' + N)^-1 e} for the errors e of all
 * pairs. A pair that was wrong before says little of the others: N is its doubt.
 *
 * <p>Holds scratch memory: for one thread at a time.
 */
final class Misfit {
    /** What is added to the squared length of cotangents, which may be much alike. */
    private static final double RIDGE = 0.01;

    private final int capacity;
    private final Cholesky system;
    private final double[] matrix;
    private final double[] solution;

    /**
     * Scratch memory.
     *
     * @param capacity the most pairs of an input
     */
    Misfit(int capacity) {
        this.capacity = capacity;
        this.system = new Cholesky(capacity);
        this.matrix = new double[capacity * capacity];
        this.solution = new double[capacity];
    }

    /**
     * The squared length; 0 if it can't be told.
     *
     * @param errors what each pair foretold wrongly
     */
    double of(SecantPairs pairs, double[] errors) {
        int count = pairs.count();
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                matrix[i * capacity + j] = pairs.overlap(i, j);
            }
            matrix[i * capacity + i] *= 1 + RIDGE + pairs.doubt(i);
        }
        if (!system.factor(matrix, count)) {
            return 0;
        }
        System.arraycopy(errors, 0, solution, 0, count);
        system.solve(solution);
        double squares = 0;
        for (int i = 0; i < count; i++) {
            squares += errors[i] * solution[i];
        }
        return squares;
    }
}
