package stir.core.inversion.optimizer.gaussnewton;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import stir.core.math.linalg.Cholesky;
import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

/**
 * The remembered rows of one input's Jacobian, and the systems of equations of the order of their
 * number. The rows are cotangents u with their pullbacks {@code g = J'u}, scaled to {@code g'P g =
 * 1} in a metric P of the pixels. Each is as it was at the point of its pass. After each move dx,
 * by which the residual changed by dr, a row's error is {@code u'dr - g'dx}; the squares of its
 * errors over those of the moves add up to its noise variance, with which its ridge in a system
 * grows, so that wrong rows count less.
 *
 * <p>The products of all rows are kept up to date, so that a new row costs one row of them. Rows
 * are numbered from 0 in no order; the newest one replaces the oldest. Not thread-safe.
 */
final class JacobianSketch {
    private final int capacity;
    private final PyramidPreconditioner metric;
    private final float[][] cotangents;
    private final float[][] gradients;
    private final double[] products;
    private final double[] overlaps;
    private final double[] noise;
    private final double[] towardsSeed;
    private int count;
    private int newest;
    private double predictionError;

    private final Cholesky system;
    private final double[] matrix;
    private final double[] wanted;
    private final double[] coefficients;
    private final float[] step;

    /** The newest gradient, before it takes the place of the oldest row. */
    private float[] latest;

    /** The direction of the newest gradient, and its part per round: the factors of all rows. */
    private final float[][] directions;

    /** The same, and a move. */
    private final float[][] directionsAndMove;

    private final double[][] dots;
    private final double[][] own;

    /** The rounds of the active set after the first; none where pixels are mixed. */
    private final StoppedPixels[] rounds;

    /**
     * Creates an empty sketch.
     *
     * @param capacity the most rows
     * @param metric P
     * @param width the size of a representation
     * @param size the values of an input
     */
    JacobianSketch(int capacity, PyramidPreconditioner metric, int width, int size) {
        this.capacity = capacity;
        this.metric = metric;
        this.cotangents = new float[capacity][width];
        this.gradients = new float[capacity][size];
        this.products = new double[capacity * capacity];
        this.overlaps = new double[capacity * capacity];
        this.noise = new double[capacity];
        this.towardsSeed = new double[capacity];
        this.system = new Cholesky(capacity);
        this.matrix = new double[capacity * capacity];
        this.wanted = new double[capacity];
        this.coefficients = new double[capacity];
        this.step = new float[size];
        this.rounds = new StoppedPixels[metric.mixes() ? 0 : Schedule.ROUNDS - 1];
        var scratch = new float[metric.mixes() ? 0 : capacity][size];
        Arrays.setAll(rounds, round -> new StoppedPixels(system, capacity, size, scratch));
        this.latest = new float[size];
        this.directions = new float[1 + rounds.length][];
        directions[0] = step;
        for (int round = 0; round < rounds.length; round++) {
            directions[1 + round] = rounds[round].masked();
        }
        this.directionsAndMove = Arrays.copyOf(directions, directions.length + 1);
        this.dots = new double[directionsAndMove.length][capacity];
        this.own = new double[directions.length][1];
        clear();
    }

    /**
     * Returns the memory of a search with such rows, in floats.
     *
     * @param mixes whether the metric mixes pixels
     */
    static long values(int capacity, int width, int size, boolean mixes) {
        long stopped = mixes ? 0 : (Schedule.ROUNDS - 1) * StoppedPixels.values(capacity, size);
        return (capacity + 4L) * width + (capacity * (mixes ? 1L : 2L) + 3) * size + 8L * capacity * capacity + stopped;
    }

    /** Removes all rows. */
    void clear() {
        count = 0;
        newest = capacity - 1;
        predictionError = 0;
    }

    /** Returns the number of rows. */
    int count() {
        return count;
    }

    /**
     * Remembers a row, unless its gradient is zero or not finite.
     *
     * @param cotangent u
     * @param gradient g
     * @param toSeed s - x
     */
    void add(float[] cotangent, float[] gradient, float[] toSeed) {
        float scale = direct(gradient);
        Vectors.dots(gradients, count, directions, step.length, dots);
        insert(cotangent, scale, toSeed);
    }

    /**
     * Measures the errors e of all rows at a move, and then adds a row as {@link #add(float[],
     * float[], float[])} does; reads the rows once for both. With {@code N = diag((ridge + noise)
     * |u|^2)}, {@code e' (U U' + N)^-1 e} is the squared length of what all rows together predicted
     * wrongly of the residual. A move of length 0 has no errors.
     *
     * @param move dx, of the pixels
     * @param change dr, of the residual
     * @param cotangent u
     * @param gradient g
     * @param toSeed s - x
     */
    void compareAndAdd(float[] move, float[] change, float[] cotangent, float[] gradient, float[] toSeed) {
        float scale = direct(gradient);
        directionsAndMove[directions.length] = move;
        Vectors.dots(gradients, count, directionsAndMove, step.length, dots);
        compare(move, change, dots[directions.length]);
        insert(cotangent, scale, toSeed);
    }

    /** Writes the row of a gradient and its directions; returns their scale. */
    private float direct(float[] gradient) {
        System.arraycopy(gradient, 0, latest, 0, gradient.length);
        System.arraycopy(gradient, 0, step, 0, gradient.length);
        metric.apply(step);
        float scale = (float) (1 / Math.sqrt(Vectors.dot(gradient, step)));
        Vectors.scale(latest, scale);
        Vectors.scale(step, scale);
        for (var stopped : rounds) {
            stopped.mask(latest);
        }
        return scale;
    }

    /** Puts the latest row in the place of the oldest, unless its gradient has no direction. */
    private void insert(float[] cotangent, float scale, float[] toSeed) {
        if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
            return;
        }
        newest = (newest + 1) % capacity;
        count = Math.min(capacity, count + 1);
        float[] oldest = gradients[newest];
        gradients[newest] = latest;
        System.arraycopy(cotangent, 0, cotangents[newest], 0, cotangent.length);
        Vectors.scale(cotangents[newest], scale);
        noise[newest] = 0;
        towardsSeed[newest] = Vectors.dot(latest, toSeed);
        Vectors.dots(new float[][] {latest}, 1, directions, step.length, own);
        for (int i = 0; i < own.length; i++) {
            dots[i][newest] = own[i][0];
        }
        latest = oldest;
        for (int other = 0; other < count; other++) {
            int entry = system.entry(newest, other);
            products[entry] = dots[0][other];
            overlaps[entry] = Vectors.dot(cotangents[other], cotangents[newest]);
        }
        for (int round = 0; round < rounds.length; round++) {
            rounds[round].add(newest, count, dots[1 + round]);
        }
    }

    /** Measures the errors of all rows, which predicted changes along their gradients. */
    private void compare(float[] move, float[] change, double[] predicted) {
        double squares = Vectors.dot(move, move);
        if (!(squares > 0)) {
            return;
        }
        for (int row = 0; row < count; row++) {
            towardsSeed[row] -= predicted[row];
            wanted[row] = Vectors.dot(cotangents[row], change) - predicted[row];
            noise[row] += wanted[row] * wanted[row] / squares;
        }
        double error = 0;
        if (factorOverlaps()) {
            System.arraycopy(wanted, 0, coefficients, 0, count);
            system.solve(coefficients);
            for (int row = 0; row < count; row++) {
                error += wanted[row] * coefficients[row] / squares;
            }
        }
        predictionError = predictionError > 0 ? (predictionError + error) / 2 : error;
    }

    /**
     * Returns the squared length of what was predicted wrongly over that of the move: a mean over
     * the last moves, in which each counts half of the next.
     */
    double predictionError() {
        return predictionError;
    }

    /** Writes and factors {@code U U' + N}. */
    private boolean factorOverlaps() {
        System.arraycopy(overlaps, 0, matrix, 0, overlaps.length);
        for (int row = 0; row < count; row++) {
            matrix[row * capacity + row] *= 1 + Schedule.RIDGE + noise[row];
        }
        return system.factor(matrix, count);
    }

    /** Adds {@code U'y} for the solution y of the last system. */
    void addCotangents(float[] into) {
        Vectors.addMultiples(coefficients, cotangents, count, into);
    }

    /** Writes {@code P G'y} for the solution y of the last system. */
    void combineDirections(float[] into) {
        Arrays.fill(into, 0);
        Vectors.addMultiples(coefficients, gradients, count, into);
        metric.apply(into);
    }

    /**
     * Moves a point by the damped step {@code dx = P G'y + b} with {@code (G P G' + d U U' +
     * diag(ridge (1 + age)) + N) y = -U r - G b}. It makes the residual that the rows predict zero,
     * and follows b towards the seed where they leave it free. Pixels that it would take out of the
     * box [0,1] stop there, and the others make up for them, in a few rounds of a primal-dual
     * active set. A metric that mixes pixels has none: points are clamped.
     *
     * @param residual r
     * @param toSeed s - x; becomes b, and is shortened with the step
     * @param point in [0,1], before and afterwards; stays where it is without a finite solution
     */
    void move(float[] residual, Schedule.Limits limits, float[] toSeed, float[] point) {
        for (int row = 0; row < count; row++) {
            double back = limits.attraction() * towardsSeed[row];
            wanted[row] = -Vectors.dot(cotangents[row], residual) - back;
        }
        Vectors.scale(toSeed, (float) limits.attraction());
        if (!solve(limits, toSeed, null)) {
            return;
        }
        double length = Math.sqrt(Vectors.dot(step, step));
        if (length > limits.radius()) {
            shorten((float) (limits.radius() / length), toSeed);
        }
        StoppedPixels before = null;
        for (var stopped : rounds) {
            stopped.update(point, step, toSeed, gradients, count);
            if (before == null ? stopped.isEmpty() : stopped.hasPixelsOf(before)) {
                break;
            }
            if (!solve(limits, toSeed, stopped)) {
                return;
            }
            before = stopped;
        }
        if (!metric.mixes()) {
            stopAtBox(point);
        }
        double reached = Math.sqrt(Vectors.dot(step, step));
        double share = reached > limits.radius() ? limits.radius() / reached : 1;
        Vectors.addMultiple((float) share, step, point);
        Box.clamp(point); // a metric takes pixels out of the box
    }

    /** Writes the step of all pixels, of which some are to stop at the box. */
    private boolean solve(Schedule.Limits limits, float[] wish, @Nullable StoppedPixels stopped) {
        System.arraycopy(wanted, 0, coefficients, 0, count);
        if (stopped != null) {
            stopped.subtractExcess(gradients, count, coefficients);
        }
        for (int row = 0; row < count; row++) {
            for (int other = 0; other <= row; other++) {
                int entry = row * capacity + other;
                double product = stopped == null ? 0 : stopped.product(row, other);
                matrix[entry] = products[entry] - product + limits.damping() * overlaps[entry];
            }
            int age = (newest - row + capacity) % capacity;
            matrix[row * capacity + row] += limits.ridge() * (1 + age) + noise[row];
        }
        if (!system.factor(matrix, count)) {
            return false;
        }
        system.solve(coefficients);
        for (int row = 0; row < count; row++) {
            if (!Float.isFinite((float) coefficients[row])) {
                return false;
            }
        }
        combineDirections(step);
        Vectors.addMultiple(1, wish, step);
        return true;
    }

    /** Shortens the whole step, and with it what the later rounds want to reach. */
    private void shorten(float share, float[] wish) {
        Vectors.scale(step, share);
        Vectors.scale(wish, share);
        for (int row = 0; row < count; row++) {
            wanted[row] *= share;
        }
    }

    /** Ends the step of each pixel at the box. */
    private void stopAtBox(float[] point) {
        for (int i = 0; i < point.length; i++) {
            step[i] = Box.clamp(point[i] + step[i]) - point[i];
        }
    }
}
