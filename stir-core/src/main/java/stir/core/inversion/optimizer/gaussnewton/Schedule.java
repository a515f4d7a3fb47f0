package stir.core.inversion.optimizer.gaussnewton;

import stir.api.Shape;

/**
 * The numbers of this package, each with what happens without it, and the values that follow from
 * them for one search. {@code distribution/docs/design/optimizer.md} derives the method in the same
 * order and lists what was measured.
 *
 * @param iterations the steps of the schedule
 * @param isWide whether a second cycle takes all iterations that are left, and four times the
 *     changes of the residual are remembered
 * @param isPhoto whether steps are taken in the metric of {@link PyramidPreconditioner}
 * @param rows the most rows of the Jacobian that are remembered
 * @param attraction the share of the distance from the seed that a step tries to go back
 */
record Schedule(int iterations, boolean isWide, boolean isPhoto, int rows, double attraction) {
    /**
     * The number of units above which a layer is wide: its second cycle is a long one. With short
     * ones a third of the inputs of such layers is found. A layer is also wide if its Jacobian has
     * more values than that of this number of units and of the smallest colour photo.
     */
    static final int MOST_WIDTH = 512;

    /**
     * The rows that are remembered. With 25 half of the inputs of wide layers are found. Twice as
     * many changes of the residual precondition cotangents, at wide layers eight times: with a
     * preconditioner from rows vit0 keeps three times the residual, and so does Lite0.
     */
    static final int ROWS = 40;

    /**
     * The ridge of the newest row with {@code g'P g = 1}, twice as much for photos, by which ridges
     * grow with each newer row; without it a row that is old and right by chance counts fully.
     */
    static final double RIDGE = 0.005;

    /** The share of the prediction error that damps. Without it vit0 keeps twice the residual. */
    static final double DAMPING = 0.02;

    /** The attraction to the seed. Without it inputs move up to 1.7 times as far. */
    static final double ATTRACTION = 0.1;

    /**
     * The steps of a short schedule, which damps more, attracts less and ends with longer steps, or
     * it keeps a fifth to a third more after 15 to 30 steps. The ReLU of short searches of photos
     * leaks, or Lite0 keeps 1.4 to 1.5 times the residual after 30 steps.
     */
    static final int SHORT = 100;

    /** The rounds of the active set. With two, resnet0 keeps 1.8 times the residual. */
    static final int ROUNDS = 3;

    /** The iterations of a cycle. With 100 fewer inputs are found. */
    static final int CYCLE = 150;

    /** The trust radius of a cycle against the cycle before; 0.5 and 0.85 are not better. */
    static final double SHRINK = 0.7;

    /**
     * The damping, and before an input is found the attraction, against the cycle before. Over a
     * cycle the trust radius falls by this factor, besides its fall to 0.
     */
    static final double EASE = 0.25;

    /**
     * The share of the residual that is left where a cycle gains; above it an input is stuck. A
     * gradient shorter than 1 minus this times the distance from the seed renews multipliers:
     * without that descents take up to a sixth more passes.
     */
    static final double GAIN = 0.9;

    /**
     * The share of the distance that is left where a cycle comes nearer; above it cycles end. Also
     * the radius of the ball of the multipliers, in tolerances: at 1 the descent converges to the
     * edge from outside.
     */
    static final double NEARER = 0.98;

    /** The first penalty. With a tenth fewer inputs are found, with 3 times vit0 moves farther. */
    static final double PENALTY = 3000;

    /** The factor of the penalty where multipliers leave more than its inverse of the residual. */
    static final double RAISE = 3;

    /**
     * The most steps with the same multipliers, as many pairs of L-BFGS, and the passes that look
     * for the bound. With 15 steps fewer inputs are found, with 10 pairs vit0 moves 2 % farther,
     * with 12 passes bounds are lower.
     */
    static final int INNER = 30;

    /**
     * The share that a gain leaves at most: of the distance by renewed multipliers, or a descent
     * ends, and of the bound by a pass.
     */
    static final double SETTLED = 0.999;

    /** The guard against rounding: the bound's ridge, and the shortest step of a line search. */
    static final double ROUNDING = 1e-6;

    /** The least side of a photo in pixels. Without it photos move two to three times as far. */
    static final int PHOTO_SIDE = 64;

    /**
     * The attraction of photos, up to {@link #SHORT} steps; beyond these it falls with their
     * inverse root.
     */
    static final double PHOTO_ATTRACTION = 0.085;

    /** The first trust radius of photos times the iterations, as a share of the box's diagonal. */
    static final double PHOTO_RADIUS = 4;

    /**
     * The limits of one step.
     *
     * @param ridge of the newest row, above 0
     * @param damping the weight of the step's squared length in the residual's units, at least 0
     * @param radius the most length of the step
     * @param attraction the share of the distance from the seed that the step tries to go back
     */
    record Limits(double ridge, double damping, double radius, double attraction) {}

    /**
     * Returns the schedule of a search.
     *
     * @param iterations the steps of an input
     * @param width the size of a representation
     * @param shape of an input
     */
    static Schedule of(int iterations, int width, Shape shape) {
        long most = 3L * PHOTO_SIDE * PHOTO_SIDE * MOST_WIDTH;
        boolean isWide = width > MOST_WIDTH || (long) width * shape.size() > most;
        double steps = iterations / (double) SHORT;
        if (!isWide || !hasSidesOfPhotos(shape)) {
            return new Schedule(iterations, isWide, false, ROWS, ATTRACTION * Math.min(1, steps));
        }
        double more = Math.sqrt(Math.max(1, steps));
        int rows = (int) Math.min(2 * ROWS, ROWS / 2 * more);
        return new Schedule(iterations, true, true, rows, PHOTO_ATTRACTION / more);
    }

    /** Returns the most changes of the residual that are remembered. */
    int changes() {
        return isWide ? 8 * ROWS : 2 * ROWS;
    }

    /** Returns whether inputs have the shape of photos. */
    static boolean hasSidesOfPhotos(Shape shape) {
        return shape.rank() == 3 && Math.min(shape.dimension(1), shape.dimension(2)) >= PHOTO_SIDE;
    }

    /**
     * Returns the longest trust radius.
     *
     * @param firstStep the length of the step that a first row asks for
     * @param diagonal of the box
     */
    double firstRadius(double firstStep, double diagonal) {
        if (isPhoto) {
            return PHOTO_RADIUS / Math.min(iterations, CYCLE) * diagonal;
        }
        return firstStep > 0 && firstStep < diagonal ? firstStep : diagonal; // at a flat spot, too
    }

    /**
     * Returns the limits of a step.
     *
     * @param done the share of the schedule that precedes it, from 0 to 1
     * @param cycles the number of schedules that precede it, from the same seed
     * @param converged whether one of these converged
     * @param firstRadius the trust radius at the start
     * @param predictionError what {@link JacobianSketch#predictionError} returns
     */
    Limits limits(double done, int cycles, boolean converged, double firstRadius, double predictionError) {
        double steps = isPhoto ? 1 : Math.min(1, iterations / (double) SHORT);
        double ease = Math.pow(EASE, cycles);
        double radius = Math.pow(SHRINK, cycles) * firstRadius * (1 - done);
        double falling = isPhoto ? attraction : attraction * (1 - done) * (converged ? 1 : ease);
        return new Limits(
                isPhoto ? 2 * RIDGE : RIDGE,
                isPhoto ? 0 : ease * DAMPING / steps * predictionError,
                radius * Math.pow(EASE, done * steps),
                falling);
    }
}
