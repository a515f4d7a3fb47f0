package stir.core.inversion.optimizer.gaussnewton;

import stir.core.math.linalg.Cholesky;
import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

import java.util.Arrays;

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
    private final float[][] cotangents;
    private final float[][] gradients;
    private final double[] products;
    private final double[] overlaps;
    private final double[] noise;
    private final double[] towardsSeed;
    private final int capacity;
    private final double ageing;
    private final PyramidPreconditioner metric;
    private final Scratch scratch;
    private int count;
    private int newest;
    private double predictionError;

    /** Memory of the systems, for the sketches of one thread. */
    static final class Scratch {
        private final Cholesky system;
        private final Cholesky overlapSystem;
        private final double[] matrix;
        private final double[] wanted;
        private final double[] coefficients;
        private final float[] step;
        private final int[] stopped;
        private final float[] excess;
        private final float[] gathered;
        private int stoppedCount;

        /**
         * Allocates the memory.
         *
         * @param capacity the most rows of an input
         * @param size the values of an input
         * @param metric P
         */
        Scratch(int capacity, int size, PyramidPreconditioner metric) {
            int most = metric.mixes() ? 0 : size;
            this.system = new Cholesky(capacity);
            this.overlapSystem = new Cholesky(capacity);
            this.matrix = new double[capacity * capacity];
            this.wanted = new double[capacity];
            this.coefficients = new double[capacity];
            this.step = new float[size];
            this.stopped = new int[most];
            this.excess = new float[most];
            this.gathered = new float[capacity * most];
        }
    }

    /**
     * Creates an empty sketch.
     *
     * @param capacity the most rows
     * @param ageing the factor of a row's ridge per newer row
     * @param metric P
     * @param scratch for as many rows
     * @param width the size of a representation
     */
    JacobianSketch(
            int capacity, double ageing, PyramidPreconditioner metric, Scratch scratch, int width) {
        this.capacity = capacity;
        this.ageing = ageing;
        this.metric = metric;
        this.scratch = scratch;
        this.products = new double[capacity * capacity];
        this.overlaps = new double[capacity * capacity];
        this.noise = new double[capacity];
        this.towardsSeed = new double[capacity];
        this.cotangents = new float[capacity][width];
        this.gradients = new float[capacity][scratch.step.length];
        clear();
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
        var direction = scratch.step;
        System.arraycopy(gradient, 0, direction, 0, gradient.length);
        metric.apply(direction);
        float scale = (float) (1 / Math.sqrt(Vectors.dot(gradient, direction)));
        if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
            return;
        }
        newest = (newest + 1) % capacity;
        count = Math.min(capacity, count + 1);
        System.arraycopy(cotangent, 0, cotangents[newest], 0, cotangent.length);
        Vectors.scale(cotangents[newest], scale);
        System.arraycopy(gradient, 0, gradients[newest], 0, gradient.length);
        Vectors.scale(gradients[newest], scale);
        noise[newest] = 0;
        towardsSeed[newest] = Vectors.dot(gradients[newest], toSeed);
        Vectors.scale(direction, scale);
        Vectors.dots(gradients, count, direction, scratch.coefficients);
        for (int other = 0; other < count; other++) {
            set(products, other, scratch.coefficients[other]);
            set(overlaps, other, Vectors.dot(cotangents[other], cotangents[newest]));
        }
    }

    private void set(double[] ofAll, int other, double value) {
        ofAll[newest * capacity + other] = value;
        ofAll[other * capacity + newest] = value;
    }

    /**
     * Measures the errors of all rows at a move. A move of length 0 changes nothing.
     *
     * @param move dx, of the pixels
     * @param change dr, of the residual
     */
    void compare(float[] move, float[] change) {
        double squares = Vectors.dot(move, move);
        if (!(squares > 0)) {
            return;
        }
        var errors = scratch.wanted;
        Vectors.dots(gradients, count, move, errors);
        for (int row = 0; row < count; row++) {
            towardsSeed[row] -= errors[row];
            errors[row] = Vectors.dot(cotangents[row], change) - errors[row];
            noise[row] += errors[row] * errors[row] / squares;
        }
        double found = squaredLength(errors) / squares;
        predictionError = predictionError > 0 ? (predictionError + found) / 2 : found;
    }

    /**
     * Returns the squared length of what all rows together predicted wrongly of the residual,
     * {@code e' (U U' + N)^-1 e} for their errors e and noise variances N, over that of the move: a
     * mean over the last moves, in which each counts half of the next.
     */
    double predictionError() {
        return predictionError;
    }

    private double squaredLength(double[] errors) {
        if (!factorOverlaps()) {
            return 0;
        }
        System.arraycopy(errors, 0, scratch.coefficients, 0, count);
        scratch.overlapSystem.solve(scratch.coefficients);
        double squares = 0;
        for (int row = 0; row < count; row++) {
            squares += errors[row] * scratch.coefficients[row];
        }
        return squares;
    }

    /** Writes and factors {@code U U' + N}. */
    private boolean factorOverlaps() {
        System.arraycopy(overlaps, 0, scratch.matrix, 0, overlaps.length);
        for (int row = 0; row < count; row++) {
            scratch.matrix[row * capacity + row] *= 1 + Schedule.RIDGE + noise[row];
        }
        return scratch.overlapSystem.factor(scratch.matrix, count);
    }

    /**
     * Writes the preconditioned residual {@code u = mu (C / c + mu I)^-1 r}, and 0 where r is 0: a
     * unit that is off in both inputs after a ReLU stays off. The few large singular directions of
     * a network's Jacobian J hide the others; this evens them out, so that passes measure the
     * others, too.
     *
     * <p>{@code C = J J'} is known between the cotangents U of the rows, {@code U C U' = G G'}. It
     * is taken for 0 across them, and c is the mean of its diagonal:
     *
     * <pre>u = r + U'(mu b - a),   (U U' + N) a = U r,   (G G' / c + mu (U U' + N)) b = U r</pre>
     */
    void precondition(float[] residual, float[] cotangent) {
        System.arraycopy(residual, 0, cotangent, 0, residual.length);
        if (count == 0 || !factorOverlaps()) {
            return;
        }
        double mean = 0;
        for (int row = 0; row < count; row++) {
            System.arraycopy(products, row * capacity, scratch.coefficients, 0, count);
            scratch.overlapSystem.solve(scratch.coefficients);
            mean += scratch.coefficients[row] / residual.length;
        }
        for (int i = 0; i < products.length; i++) {
            scratch.matrix[i] = products[i] / mean + Schedule.SHIFT * scratch.matrix[i];
        }
        if (!scratch.system.factor(scratch.matrix, count)) {
            return;
        }
        for (int row = 0; row < count; row++) {
            scratch.wanted[row] = Vectors.dot(cotangents[row], residual);
            scratch.coefficients[row] = scratch.wanted[row];
        }
        scratch.overlapSystem.solve(scratch.wanted);
        scratch.system.solve(scratch.coefficients);
        for (int row = 0; row < count; row++) {
            scratch.coefficients[row] *= Schedule.SHIFT;
            scratch.coefficients[row] -= scratch.wanted[row];
        }
        addCotangents(cotangent);
        for (int i = 0; i < residual.length; i++) {
            cotangent[i] = residual[i] == 0 ? 0 : cotangent[i];
        }
    }

    /** Adds {@code U'y} for the solution y of the last system. */
    void addCotangents(float[] into) {
        Vectors.addMultiples(scratch.coefficients, cotangents, count, into);
    }

    /** Writes {@code P G'y} for the solution y of the last system. */
    void combineDirections(float[] into) {
        Arrays.fill(into, 0);
        Vectors.addMultiples(scratch.coefficients, gradients, count, into);
        metric.apply(into);
    }

    /**
     * Moves a point by the damped least-squares step. The rows predict the residual r along each
     * cotangent: {@code u'(r + J dx) = u'r + g'dx}. The step makes these zero, damped by each row's
     * ridge, and follows a step b towards the seed where the rows leave it free: {@code dx = P G'y
     * + b} with {@code (G P G' + d U U' + N) y = -U r - G b}. Pixels that it would take out of the
     * box [0,1] stop there, and the others make up for them, in a few rounds of an active set
     * (Hintermueller, Ito and Kunisch: The primal-dual active set strategy as a semismooth Newton
     * method, 2003). A metric that mixes pixels has no active set: points are clamped.
     *
     * @param residual r
     * @param toSeed s - x; becomes b, and is shortened with the step
     * @param point in [0,1], before and afterwards; stays where it is without a finite solution
     */
    void move(float[] residual, Schedule.Limits limits, float[] toSeed, float[] point) {
        for (int row = 0; row < count; row++) {
            double back = limits.attraction() * towardsSeed[row];
            scratch.wanted[row] = -Vectors.dot(cotangents[row], residual) - back;
        }
        Vectors.scale(toSeed, (float) limits.attraction());
        scratch.stoppedCount = 0;
        boolean changed = true;
        for (int round = 0; changed && round < Schedule.ROUNDS; round++) {
            if (!solve(limits, toSeed)) {
                return;
            }
            if (round == 0) {
                shorten(limits.radius(), toSeed);
            }
            changed = !metric.mixes() && stopAtBox(point, toSeed);
        }
        double length = Math.sqrt(Vectors.dot(scratch.step, scratch.step));
        float scale = length > limits.radius() ? (float) (limits.radius() / length) : 1;
        Vectors.addMultiple(scale, scratch.step, point);
        Box.clamp(point); // in a metric, and after the last round, some pixels are outside
    }

    /** Writes the step of all pixels, given those that stop. */
    private boolean solve(Schedule.Limits limits, float[] wish) {
        int stops = scratch.stoppedCount;
        var gathered = scratch.gathered;
        System.arraycopy(scratch.wanted, 0, scratch.coefficients, 0, count);
        for (int row = 0; row < count; row++) {
            int at = row * stops;
            for (int i = 0; i < stops; i++) {
                gathered[at + i] = gradients[row][scratch.stopped[i]];
            }
            scratch.coefficients[row] -= Vectors.dot(gathered, at, scratch.excess, 0, stops);
            for (int other = 0; other <= row; other++) {
                int entry = row * capacity + other;
                scratch.matrix[entry] =
                        products[entry]
                                + limits.damping() * overlaps[entry]
                                - Vectors.dot(gathered, at, gathered, other * stops, stops);
            }
            int age = (newest - row + capacity) % capacity;
            scratch.matrix[row * capacity + row] +=
                    limits.ridge() * Math.pow(ageing, age) + noise[row];
        }
        if (!scratch.system.factor(scratch.matrix, count)) {
            return false;
        }
        scratch.system.solve(scratch.coefficients);
        combineDirections(scratch.step);
        Vectors.addMultiple(1, wish, scratch.step);
        return true;
    }

    /** Shortens the whole step, and with it what the later rounds want to reach. */
    private void shorten(double radius, float[] wish) {
        double length = Math.sqrt(Vectors.dot(scratch.step, scratch.step));
        if (length > radius) {
            double scale = radius / length;
            Vectors.scale(scratch.step, (float) scale);
            Vectors.scale(wish, (float) scale);
            for (int row = 0; row < count; row++) {
                scratch.wanted[row] *= scale;
            }
        }
    }

    /**
     * Stops the pixels that the step would take out of the box.
     *
     * @return whether they are others than in the round before
     */
    private boolean stopAtBox(float[] point, float[] wish) {
        int before = scratch.stoppedCount;
        boolean changed = false;
        int stops = 0;
        for (int i = 0; i < point.length; i++) {
            float reached = point[i] + scratch.step[i];
            if (reached < 0 || reached > 1) {
                float inside = (reached < 0 ? 0f : 1f) - point[i];
                changed |= stops >= before || scratch.stopped[stops] != i;
                scratch.stopped[stops] = i;
                scratch.excess[stops++] = inside - wish[i];
                scratch.step[i] = inside;
            }
        }
        scratch.stoppedCount = stops;
        return changed || stops < before;
    }
}
