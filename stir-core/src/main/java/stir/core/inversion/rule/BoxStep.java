package stir.core.inversion.rule;

import stir.core.linalg.Cholesky;
import stir.core.linalg.Vectors;

/**
 * The least-squares step of the known linear model, inside the box [0,1].
 *
 * <p>The pairs (u, g) of an input say how its residual r changes along each u: {@code u'(r + J dx)
 * = u'r + g'dx}. The step is the shortest dx that makes these zero, damped by each pair's ridge:
 * {@code dx = G'y} with {@code (G G' + ridge) y = -U r}. It is shortened to a cap. Pixels that it
 * would take out of the box stop there, and the others make up for them, in a few rounds of an
 * active set.
 *
 * <p>Holds scratch memory, and allocates nothing in a step: for one thread at a time.
 */
final class BoxStep {
    /** More rounds of the active set than this were found to bring little. */
    private static final int ROUNDS = 3;

    private final int capacity;
    private final Cholesky system;
    private final double[] matrix;
    private final double[] wanted;
    private final double[] coefficients;
    private final float[] step;
    private final int[] stopped;
    private final float[] stoppedSteps;
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
        this.system = new Cholesky(capacity);
        this.matrix = new double[capacity * capacity];
        this.wanted = new double[capacity];
        this.coefficients = new double[capacity];
        this.step = new float[size];
        int most = mixes ? 0 : size;
        this.stopped = new int[most];
        this.stoppedSteps = new float[most];
        this.gathered = new float[capacity * most];
    }

    /**
     * Moves a point.
     *
     * @param pairs what is known of the Jacobian at the point
     * @param residual r
     * @param ridge of the newest pair; above 0
     * @param cap the most length of the step
     * @param point in [0,1], before and afterwards
     */
    void move(SecantPairs pairs, float[] residual, double ridge, double cap, float[] point) {
        prepare(pairs, residual, ridge);
        for (int round = 0; round < ROUNDS; round++) {
            if (!solve(pairs)) {
                return;
            }
            if (round == 0) {
                shorten(cap, pairs.count());
            }
            int before = stoppedCount;
            stopAtBox(point);
            if (stoppedCount == before) {
                break;
            }
            if (round < ROUNDS - 1) {
                leaveToOthers(pairs, before);
            }
        }
        apply(cap, point);
    }

    /**
     * Moves a point in the pairs' metric P, which mixes pixels, so that none can make up for those
     * that stop at the box; and as far along a wanted move b as the pairs leave free: {@code dx = P
     * G'y + b} with {@code (G P G' + ridge) y = -U r - G b}.
     *
     * @param pairs what is known of the Jacobian at the point
     * @param residual r
     * @param ridge of the newest pair; above 0
     * @param cap the most length of the step
     * @param wish b
     * @param point in [0,1], before and afterwards
     */
    void move(
            SecantPairs pairs,
            float[] residual,
            double ridge,
            double cap,
            float[] wish,
            float[] point) {
        prepare(pairs, residual, ridge);
        for (int pair = 0; pair < pairs.count(); pair++) {
            wanted[pair] -= pairs.alongGradient(pair, wish);
        }
        if (solve(pairs)) {
            Vectors.addMultiple(1, wish, step);
            apply(cap, point);
        }
    }

    private void prepare(SecantPairs pairs, float[] residual, double ridge) {
        pairs.products(matrix);
        for (int pair = 0; pair < pairs.count(); pair++) {
            matrix[pair * capacity + pair] += pairs.ridge(pair, ridge);
            wanted[pair] = -pairs.alongCotangent(pair, residual);
        }
        stoppedCount = 0;
    }

    /** Writes the step that the free pixels make, and that of those which were stopped. */
    private boolean solve(SecantPairs pairs) {
        if (!system.factor(matrix, pairs.count())) {
            return false; // values that are not finite: the point stays where it is
        }
        System.arraycopy(wanted, 0, coefficients, 0, pairs.count());
        system.solve(coefficients);
        pairs.combineDirections(coefficients, step);
        for (int i = 0; i < stoppedCount; i++) {
            step[stopped[i]] = stoppedSteps[i];
        }
        return true;
    }

    /** Shortens the whole step, and with it what the later rounds want to reach. */
    private void shorten(double cap, int count) {
        double length = Math.sqrt(Vectors.dot(step, step));
        if (length > cap) {
            double scale = cap / length;
            Vectors.scale(step, (float) scale);
            for (int pair = 0; pair < count; pair++) {
                wanted[pair] *= scale;
            }
        }
    }

    private void stopAtBox(float[] point) {
        for (int i = 0; i < point.length; i++) {
            float reached = point[i] + step[i];
            if (reached < 0 || reached > 1) {
                float inside = (reached < 0 ? 0f : 1f) - point[i];
                step[i] = inside;
                stopped[stoppedCount] = i;
                stoppedSteps[stoppedCount++] = inside;
            }
        }
    }

    /** Takes the pixels that were stopped last out of the system. */
    private void leaveToOthers(SecantPairs pairs, int before) {
        int size = stoppedCount - before;
        for (int pair = 0; pair < pairs.count(); pair++) {
            int row = pair * size;
            pairs.gatherGradient(pair, stopped, before, stoppedCount, gathered, row);
            wanted[pair] -= Vectors.dot(gathered, row, stoppedSteps, before, size);
            for (int other = 0; other <= pair; other++) {
                matrix[pair * capacity + other] -=
                        Vectors.dot(gathered, row, gathered, other * size, size);
            }
        }
    }

    private void apply(double cap, float[] point) {
        double length = Math.sqrt(Vectors.dot(step, step));
        float scale = length > cap ? (float) (cap / length) : 1;
        for (int i = 0; i < point.length; i++) {
            float reached = point[i] + scale * step[i];
            point[i] = reached < 0 ? 0 : reached > 1 ? 1 : reached; // rounding may take it out
        }
    }
}
