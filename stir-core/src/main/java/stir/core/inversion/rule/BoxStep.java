package stir.core.inversion.rule;

import stir.core.linalg.Cholesky;
import stir.core.linalg.Vectors;
import stir.core.network.pass.Box;

/**
 * The least-squares step of the known linear model, inside the box [0,1].
 *
 * <p>The pairs (u, g) of an input say how its residual r changes along each u: {@code u'(r + J dx)
 * = u'r + g'dx}. The step makes these zero, damped by each pair's ridge, and goes as far along a
 * wish b as that leaves free: {@code dx = P G'y + b} with {@code (G P G' + d U U' + ridge) y = -U r
 * - G b} in the pairs' metric P. Without the ridge that is the least squared residual, as far as
 * the pairs tell of it, and d times the squared length of the step. It is shortened to a cap.
 * Pixels that it would take out of the box stop there, and the others make up for them, in a few
 * rounds in which each pixel may stop or go on (Hintermueller, Ito and Kunisch: The primal-dual
 * active set strategy as a semismooth Newton method, 2003); in a metric that mixes pixels none can.
 *
 * <p>Holds scratch memory, and allocates nothing in a step: for one thread at a time.
 */
final class BoxStep {
    /** More rounds of the active set than this were found to bring little. */
    private static final int ROUNDS = 3;

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
     * Scratch memory for inputs of a size.
     *
     * @param capacity the most pairs of an input
     * @param size the values of an input
     * @param mixes whether their metric mixes pixels, so that none of them makes up for others
     */
    BoxStep(int capacity, int size, boolean mixes) {
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
     * Moves a point.
     *
     * @param pairs what is known of the Jacobian at the point
     * @param residual r
     * @param ridge of the newest pair; above 0
     * @param damping d, at least 0
     * @param cap the most length of the step
     * @param pull the share of the way back to the seed that is wished
     * @param way back to the seed; becomes the wish b, and is shortened with the step
     * @param point in [0,1], before and afterwards
     */
    void move(
            SecantPairs pairs,
            float[] residual,
            double ridge,
            double damping,
            double cap,
            double pull,
            float[] way,
            float[] point) {
        for (int pair = 0; pair < pairs.count(); pair++) {
            wanted[pair] = -pairs.alongCotangent(pair, residual) - pull * pairs.alongWay(pair);
        }
        Vectors.scale(way, (float) pull);
        stoppedCount = 0;
        if (!solve(pairs, ridge, damping, way)) {
            return; // values that are not finite: the point stays where it is
        }
        shorten(cap, pairs.count(), way);
        for (int round = 1; !mixes && stopAtBox(point, way) && round < ROUNDS; round++) {
            if (!solve(pairs, ridge, damping, way)) {
                return;
            }
        }
        apply(cap, point);
    }

    /** Writes the step of all pixels, to which those that stop have to give way. */
    private boolean solve(SecantPairs pairs, double ridge, double damping, float[] wish) {
        pairs.products(matrix);
        System.arraycopy(wanted, 0, coefficients, 0, pairs.count());
        for (int pair = 0; pair < pairs.count(); pair++) {
            matrix[pair * capacity + pair] += pairs.ridge(pair, ridge);
            int row = pair * stoppedCount;
            pairs.gatherGradient(pair, stopped, stoppedCount, gathered, row);
            coefficients[pair] -= Vectors.dot(gathered, row, excess, 0, stoppedCount);
            for (int other = 0; other <= pair; other++) {
                matrix[pair * capacity + other] +=
                        damping * pairs.overlap(pair, other)
                                - Vectors.dot(
                                        gathered,
                                        row,
                                        gathered,
                                        other * stoppedCount,
                                        stoppedCount);
            }
        }
        if (!system.factor(matrix, pairs.count())) {
            return false;
        }
        system.solve(coefficients);
        pairs.combineDirections(coefficients, step);
        Vectors.addMultiple(1, wish, step);
        return true;
    }

    /** Shortens the whole step, and with it what the later rounds want to reach. */
    private void shorten(double cap, int count, float[] wish) {
        double length = Math.sqrt(Vectors.dot(step, step));
        if (length > cap) {
            double scale = cap / length;
            Vectors.scale(step, (float) scale);
            Vectors.scale(wish, (float) scale);
            for (int pair = 0; pair < count; pair++) {
                wanted[pair] *= scale;
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

    private void apply(double cap, float[] point) {
        double length = Math.sqrt(Vectors.dot(step, step));
        float scale = length > cap ? (float) (cap / length) : 1;
        Vectors.addMultiple(scale, step, point);
        Box.clamp(point); // in a metric, and after the last round, some are outside
    }
}
