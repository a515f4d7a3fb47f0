package stir.core.inversion.optimizer.gaussnewton;

import stir.core.math.linalg.Cholesky;
import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

/**
 * The damped least-squares step of the remembered rows, inside the box [0,1].
 *
 * <p>The rows predict the residual r along each cotangent: {@code u'(r + J dx) = u'r + g'dx}. The
 * step makes these zero, damped by each row's ridge, and follows a step b towards the seed where
 * the rows leave it free: {@code dx = P G'y + b} with {@code (G P G' + d U U' + ridge) y = -U r - G
 * b} in the metric P. Pixels that it would take out of the box stop there, and the others make up
 * for them, in a few rounds of an active set (Hintermueller, Ito and Kunisch: The primal-dual
 * active set strategy as a semismooth Newton method, 2003). A metric that mixes pixels has no
 * active set: points are clamped.
 *
 * <p>Holds scratch memory, and allocates nothing in a step. Not thread-safe.
 */
final class BoxConstrainedLeastSquares {
    private final int capacity;
    private final boolean mixes;
    private final Cholesky system;
    private final double[] matrix;
    private final double[] wanted;
    private final double[] coefficients;
    private final float[] step;
    private final int[] stopped;
    private final float[] excess;
    private final float[] gathered;
    private int stoppedCount;

    /**
     * Creates scratch memory for inputs of a size.
     *
     * @param capacity the most rows of an input
     * @param size the values of an input
     * @param mixes whether the metric mixes pixels
     */
    BoxConstrainedLeastSquares(int capacity, int size, boolean mixes) {
        this.capacity = capacity;
        this.mixes = mixes;
        this.system = new Cholesky(capacity);
        this.matrix = new double[capacity * capacity];
        this.wanted = new double[capacity];
        this.coefficients = new double[capacity];
        this.step = new float[size];
        int most = mixes ? 0 : size;
        this.stopped = new int[most];
        this.excess = new float[most];
        this.gathered = new float[capacity * most];
    }

    /**
     * Moves a point. Values that are not finite leave it where it is.
     *
     * @param sketch the rows at the point
     * @param residual r
     * @param toSeed s - x; becomes b, and is shortened with the step
     * @param point in [0,1], before and afterwards
     */
    void move(
            JacobianSketch sketch,
            float[] residual,
            Schedule.Limits limits,
            float[] toSeed,
            float[] point) {
        double attraction = limits.attraction();
        for (int row = 0; row < sketch.count(); row++) {
            wanted[row] =
                    -sketch.alongCotangent(row, residual) - attraction * sketch.towardsSeed(row);
        }
        Vectors.scale(toSeed, (float) attraction);
        stoppedCount = 0;
        if (!solve(sketch, limits, toSeed)) {
            return;
        }
        shorten(limits.radius(), sketch.count(), toSeed);
        for (int round = 1;
                !mixes && stopAtBox(point, toSeed) && round < Schedule.ACTIVE_SET_ROUNDS;
                round++) {
            if (!solve(sketch, limits, toSeed)) {
                return;
            }
        }
        double length = Math.sqrt(Vectors.dot(step, step));
        float scale = length > limits.radius() ? (float) (limits.radius() / length) : 1;
        Vectors.addMultiple(scale, step, point);
        Box.clamp(point); // in a metric, and after the last round, some pixels are outside
    }

    /** Writes the step of all pixels, given those that stop. */
    private boolean solve(JacobianSketch sketch, Schedule.Limits limits, float[] wish) {
        sketch.products(matrix);
        System.arraycopy(wanted, 0, coefficients, 0, sketch.count());
        for (int row = 0; row < sketch.count(); row++) {
            matrix[row * capacity + row] += sketch.ridge(row, limits.ridge());
            int at = row * stoppedCount;
            sketch.gatherGradient(row, stopped, stoppedCount, gathered, at);
            coefficients[row] -= Vectors.dot(gathered, at, excess, 0, stoppedCount);
            for (int other = 0; other <= row; other++) {
                matrix[row * capacity + other] +=
                        limits.damping() * sketch.overlap(row, other)
                                - Vectors.dot(
                                        gathered, at, gathered, other * stoppedCount, stoppedCount);
            }
        }
        if (!system.factor(matrix, sketch.count())) {
            return false;
        }
        system.solve(coefficients);
        sketch.combineDirections(coefficients, step);
        Vectors.addMultiple(1, wish, step);
        return true;
    }

    /** Shortens the whole step, and with it what the later rounds want to reach. */
    private void shorten(double radius, int count, float[] wish) {
        double length = Math.sqrt(Vectors.dot(step, step));
        if (length > radius) {
            double scale = radius / length;
            Vectors.scale(step, (float) scale);
            Vectors.scale(wish, (float) scale);
            for (int row = 0; row < count; row++) {
                wanted[row] *= scale;
            }
        }
    }

    /**
     * Stops the pixels that the step would take out of the box.
     *
     * @return whether they are others than in the round before
     */
    private boolean stopAtBox(float[] point, float[] wish) {
        int before = stoppedCount;
        boolean others = false;
        stoppedCount = 0;
        for (int i = 0; i < point.length; i++) {
            float reached = point[i] + step[i];
            if (reached < 0 || reached > 1) {
                float inside = (reached < 0 ? 0f : 1f) - point[i];
                others |= stoppedCount >= before || stopped[stoppedCount] != i;
                stopped[stoppedCount] = i;
                excess[stoppedCount++] = inside - wish[i];
                step[i] = inside;
            }
        }
        return others || stoppedCount < before;
    }
}
