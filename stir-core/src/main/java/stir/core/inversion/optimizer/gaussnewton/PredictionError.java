package stir.core.inversion.optimizer.gaussnewton;

import stir.core.math.linalg.Cholesky;

/**
 * The squared length of what the rows of a sketch together predicted wrongly of the residual,
 * within the span of their cotangents: {@code e' (U U' + N)^-1 e} for the errors e of all rows and
 * their noise variances N.
 *
 * <p>Holds scratch memory. Not thread-safe.
 */
final class PredictionError {
    private final int capacity;
    private final Cholesky system;
    private final double[] matrix;
    private final double[] solution;

    /**
     * Creates scratch memory.
     *
     * @param capacity the most rows of an input
     */
    PredictionError(int capacity) {
        this.capacity = capacity;
        this.system = new Cholesky(capacity);
        this.matrix = new double[capacity * capacity];
        this.solution = new double[capacity];
    }

    /**
     * Returns the squared length, or 0 if the system is singular.
     *
     * @param errors of each row
     */
    double of(JacobianSketch sketch, double[] errors) {
        int count = sketch.count();
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                matrix[i * capacity + j] = sketch.overlap(i, j);
            }
            matrix[i * capacity + i] *= 1 + Schedule.RIDGE + sketch.noise(i);
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
