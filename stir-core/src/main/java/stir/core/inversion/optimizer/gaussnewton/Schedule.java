package stir.core.inversion.optimizer.gaussnewton;

import stir.api.FakeRelu;
import stir.api.Shape;

/**
 * The numbers of {@link MultiSecant} and {@link RestartedSearch}: the constants that were chosen,
 * each with what happens without it, and the values that follow from them for one search. {@code
 * distribution/docs/design/optimizer.md} derives the method in the same order and lists what was
 * measured.
 *
 * @param iterations the steps of the schedule
 * @param isWide whether the representation is too wide for the sketch to precondition a cotangent
 * @param isPhoto whether steps are taken in the metric of {@link PyramidPreconditioner}
 * @param rows the most rows of the Jacobian that are remembered
 * @param ageing the factor of a row's ridge per newer row
 * @param firstRidge the ridge of the newest row at the first step
 * @param damping the share of the prediction error that damps a step
 * @param lastRadius the trust radius at the last step as a share of the first, before it falls to 0
 * @param attraction the share of the distance from the seed that a step tries to go back
 */
record Schedule(
        int iterations,
        boolean isWide,
        boolean isPhoto,
        int rows,
        double ageing,
        double firstRidge,
        double damping,
        double lastRadius,
        double attraction) {
    /**
     * The units above which the residual is its own cotangent. Without a limit the preconditioner
     * suppresses the few known directions of wide layers: layer1 of resnet0 keeps 0.43, not 0.0005.
     */
    static final int MOST_WIDTH = 512;

    /** The values of a Jacobian above which a layer is wide, too: 512 units of photos. */
    static final long MOST_VALUES = 1 << 24;

    /** The rows at narrow layers. With 40 smooth networks keep less residual and others more. */
    static final int ROWS = 25;

    /** The rows at wide layers. With {@link #ROWS} cnn_bn finds half of its inputs, with 40 all. */
    static final int MANY_ROWS = 40;

    /** The ridge of the oldest row over the newest's; without it noise alone ages a row. */
    static final double OLDEST = 40;

    /** The ridge of the newest row with {@code g'P g = 1}; without it systems are singular. */
    static final double RIDGE = 0.01;

    /** The share of the prediction error that damps. Without it vit0 keeps twice the residual. */
    static final double DAMPING = 0.03;

    /** The attraction to the seed. Without it inputs move up to 1.7 times as far. */
    static final double ATTRACTION = 0.1;

    /** The share of the trust radius that is left at the end, before it falls to 0. */
    static final double LAST_RADIUS = 0.2;

    /**
     * The steps of a short schedule, which damps more, attracts less and ends with longer steps, or
     * it keeps a fifth to a third more after 15 to 30 steps. The ReLU of short searches of photos
     * leaks, or Lite0 keeps 1.4 to 1.5 times the residual after 30 steps.
     */
    static final int SHORT = 100;

    /** The rounds of the active set. With two, resnet0 keeps 1.8 times the residual. */
    static final int ROUNDS = 3;

    /** The identity's weight in the cotangent's preconditioner; without it small values blow up. */
    static final double SHIFT = 3;

    /** The iterations of a cycle. With 100 fewer inputs are found. */
    static final int CYCLE = 150;

    /** The trust radius of a cycle against the cycle before; 0.5 and 0.85 are not better. */
    static final double SHRINK = 0.7;

    /** The damping, and before an input is found the attraction, against the cycle before. */
    static final double EASE = 0.25;

    /** The share of the residual that is left where a cycle gains; above it an input is stuck. */
    static final double GAIN = 0.9;

    /** The share of the distance that is left where a cycle comes nearer; above it cycles end. */
    static final double NEARER = 0.98;

    /** The share of the distance that renewed multipliers leave at most, or a descent ends. */
    static final double SETTLED = 0.999;

    /** The first penalty. With a tenth fewer inputs are found, with 3 times vit0 moves farther. */
    static final double PENALTY = 3000;

    /** The factor of the penalty where multipliers leave more than its inverse of the residual. */
    static final double RAISE = 3;

    /** The ball's radius in tolerances; at 1 the descent converges to the edge from outside. */
    static final double INSIDE = 0.99;

    /** The most steps with the same multipliers. With 15 fewer inputs are found. */
    static final int INNER = 30;

    /** The gradient's length, in distances from the seed, at which multipliers are renewed. */
    static final double FLAT = 0.1;

    /** The passes that look for the bound; with 12 bounds are lower, with 40 hardly higher. */
    static final int BOUND_PASSES = 20;

    /** The difference quotient's step, as a share of the distance; with 0.01 bounds are lower. */
    static final float BOUND_STEP = 3e-4f;

    /** The least side of a photo in pixels. Without it photos move two to three times as far. */
    static final int PHOTO_SIDE = 64;

    /** The steps above which a search of photos remembers more rows, or it keeps half more. */
    static final int LONG = 500;

    /** The rows of long searches with extended units. With {@link #MANY_ROWS} they gain nothing. */
    static final int EXTENDED_ROWS = 80;

    /** The ageing of these rows. */
    static final double EXTENDED_AGEING = 1.04;

    /** The attraction with these rows, or photos move 1.3 times as far. */
    static final double EXTENDED_ATTRACTION = 0.025;

    /** The rows of photos but in long searches, each of which costs the memory of a photo. */
    static final int PHOTO_ROWS = 20;

    /** The first ridge of photos, in place of damping: most directions are unknown there. */
    static final double PHOTO_RIDGE = 0.1;

    /** The attraction of photos, up to {@link #SHORT} steps; longer searches attract less. */
    static final double PHOTO_ATTRACTION = 0.075;

    /** The least attraction of photos. Below it points drift along what the rows leave free. */
    static final double LEAST_ATTRACTION = 0.0125;

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
     * @param extended whether units that are off at all positions are extended
     */
    static Schedule of(int iterations, int width, Shape shape, boolean extended) {
        boolean isWide = width > MOST_WIDTH || (long) width * shape.size() > MOST_VALUES;
        double share = Math.min(1, iterations / (double) SHORT);
        if (isWide && isPhoto(shape)) {
            double settled = Math.min(1, SHORT / (double) iterations);
            boolean isLong = iterations > LONG;
            boolean many = isLong && extended;
            int rows = many ? EXTENDED_ROWS : isLong ? MANY_ROWS : PHOTO_ROWS;
            double least = many ? EXTENDED_ATTRACTION : LEAST_ATTRACTION;
            return new Schedule(
                    iterations,
                    true,
                    true,
                    rows,
                    many ? EXTENDED_AGEING : ageing(rows),
                    PHOTO_RIDGE,
                    0,
                    LAST_RADIUS,
                    Math.max(least, PHOTO_ATTRACTION * settled));
        }
        int rows = isWide ? MANY_ROWS : ROWS;
        return new Schedule(
                iterations,
                isWide,
                false,
                rows,
                ageing(rows),
                RIDGE,
                DAMPING / share,
                Math.pow(LAST_RADIUS, share),
                ATTRACTION * share);
    }

    private static boolean isPhoto(Shape shape) {
        return shape.rank() == 3 && Math.min(shape.dimension(1), shape.dimension(2)) >= PHOTO_SIDE;
    }

    /** Returns the fake ReLU that a search of inputs of a shape gains from. */
    static FakeRelu fakeRelu(int iterations, Shape shape) {
        return !isPhoto(shape)
                ? FakeRelu.OF_LAYER
                : iterations <= SHORT ? FakeRelu.LEAKY : FakeRelu.EXTENDED;
    }

    private static double ageing(int rows) {
        return Math.pow(OLDEST, 1.0 / rows);
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
     * @param isFound whether one of these found the input
     * @param firstRadius the trust radius at the start
     * @param predictionError what {@link JacobianSketch#predictionError} returns
     */
    Limits limits(
            double done, int cycles, boolean isFound, double firstRadius, double predictionError) {
        double ease = Math.pow(EASE, cycles);
        double radius = Math.pow(SHRINK, cycles) * firstRadius * (1 - done);
        double falling = isPhoto ? attraction : attraction * (1 - done) * (isFound ? 1 : ease);
        return new Limits(
                firstRidge * Math.pow(RIDGE / firstRidge, done),
                ease * damping * predictionError,
                radius * Math.pow(lastRadius, done),
                falling);
    }
}
