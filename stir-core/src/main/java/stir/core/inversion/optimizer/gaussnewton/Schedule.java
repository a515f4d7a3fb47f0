package stir.core.inversion.optimizer.gaussnewton;

import stir.api.Shape;

/**
 * All numbers of {@link MultiSecant} and {@link RestartedSearch}: the constants that were chosen,
 * each with what happens without it, and the values that follow from them for one search. {@code
 * distribution/docs/design/optimizer.md} derives the method in the same order and lists what was
 * measured.
 *
 * @param iterations the steps of the schedule
 * @param isWide whether the representation is too wide for the sketch to precondition a cotangent
 * @param isPhoto whether steps are taken in the metric of {@link PyramidPreconditioner}
 * @param rows the most rows of the Jacobian that are remembered
 * @param ageing the factor by which a row's ridge grows with each newer row, above 1
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
    // Regimes.

    /**
     * The units above which the residual is its own cotangent. Without a limit the preconditioner
     * suppresses the few known directions of wide layers: layer1 of resnet0 keeps 0.43, not 0.0005.
     */
    static final int MOST_WIDTH = 512;

    /**
     * The values of a Jacobian above which a layer is wide, too; without it 512 units of photos.
     */
    static final long MOST_VALUES = 1 << 24;

    /**
     * The least side of a photo in pixels. At 28 x 28 the metric leaves two to three times the
     * residual; without it photos move two to three times as far.
     */
    static final int PHOTO_SIDE = 64;

    /** The levels of the metric; with one more or fewer photos keep 2 to 5 % more residual. */
    static final int PYRAMID_LEVELS = 4;

    // Remembered rows.

    /** The rows at narrow layers. With 40 smooth networks keep less residual and others more. */
    static final int ROWS = 25;

    /**
     * The rows at wide layers, and of photos in more than {@link #MANY_ITERATIONS}. With {@link
     * #ROWS} cnn_bn finds half of its inputs at a wide layer, with 40 all.
     */
    static final int MANY_ROWS = 40;

    /** The rows of photos, each of which costs the memory of a photo. */
    static final int PHOTO_ROWS = 20;

    /** The growth of a ridge per newer row. Without it only noise variances age a row. */
    static final double AGEING = 1.15;

    /** The growth of a ridge in photos, whose steps are long. */
    static final double PHOTO_AGEING = 1.2;

    /** The growth of a ridge in long searches of photos, whose steps are short. */
    static final double LONG_PHOTO_AGEING = 1.1;

    /** The iterations above which a search of photos is long; without it it keeps half more. */
    static final int MANY_ITERATIONS = 500;

    // Damped least-squares steps.

    /**
     * The ridge of the newest row with {@code g'P g = 1}, and of cotangents in {@link
     * PredictionError}. Without it nearly parallel rows make the system singular.
     */
    static final double RIDGE = 0.01;

    /** The first ridge of photos, in place of damping: most directions are unknown there. */
    static final double PHOTO_FIRST_RIDGE = 0.1;

    /** The share of the prediction error that damps. Without it vit0 keeps twice the residual. */
    static final double DAMPING = 0.03;

    /** The largest such share of short schedules. Larger ones slow small networks down. */
    static final double MOST_DAMPING = 0.1;

    /** The attraction to the seed. Without it inputs move up to 1.7 times as far. */
    static final double ATTRACTION = 0.1;

    /** The attraction in photos, up to {@link #SETTLING} iterations. */
    static final double PHOTO_ATTRACTION = 0.075;

    /** The least attraction in photos. Below it points drift along what the rows leave free. */
    static final double LEAST_PHOTO_ATTRACTION = 0.0125;

    /**
     * The share of the trust radius that is left at the end of a schedule, before it falls to 0.
     */
    static final double LAST_RADIUS = 0.2;

    /** The first trust radius of photos times the iterations, as a share of the box's diagonal. */
    static final double PHOTO_RADIUS = 4;

    /**
     * The iterations from which a schedule has its full length: shorter ones damp more, attract
     * less and end with longer steps, or they keep a fifth to a third more after 15 to 30 steps.
     */
    static final int SETTLING = 100;

    /** The units above which short schedules attract and shrink more than their length implies. */
    static final double FEW_UNITS = 128;

    /**
     * The most iterations of photos with a ReLU that leaks. Without it Lite0 keeps 1.4 to 1.5 times
     * the residual after 30 steps; with it, a fifth more after 400.
     */
    static final int LEAKY_ITERATIONS = 100;

    /** The rounds of the active set. With two, resnet0 keeps 1.8 times the residual. */
    static final int ACTIVE_SET_ROUNDS = 3;

    /** The identity's weight in the cotangent's preconditioner; without it small values blow up. */
    static final double PRECONDITIONER_SHIFT = 3;

    /** The ridge of cotangents of length 1 there, which may be nearly parallel. */
    static final double PRECONDITIONER_RIDGE = 1e-3;

    // Cycles.

    /**
     * The iterations of a cycle; a descent is checked after one, and is to gain within two. With
     * 100 fewer inputs are found.
     */
    static final int CYCLE = 150;

    /** The trust radius of a cycle against the cycle before; 0.5 and 0.85 are not better. */
    static final double SHRINK = 0.7;

    /**
     * The damping, and before an input is found the attraction, against the cycle before. Without
     * it 58 % are found on resnet1 in place of 65 %.
     */
    static final double EASE = 0.25;

    /** The share of the residual that is left where a cycle gains; above it an input is stuck. */
    static final double GAIN = 0.9;

    /** The share of the distance that is left where a cycle comes nearer; above it cycles end. */
    static final double NEARER = 0.98;

    // Descent of the augmented Lagrangian.

    /** The first penalty. With a tenth of it fewer inputs are found. */
    static final double PENALTY = 3000;

    /** The factor of the penalty where renewed multipliers leave more than {@link #ENOUGH}. */
    static final double RAISE = 3;

    /** The share of the residual that good multipliers leave at most. */
    static final double ENOUGH = 0.3;

    /** The ball's radius in tolerances; at 1 the descent converges to the edge from outside. */
    static final double INSIDE = 0.95;

    /** The most steps with the same multipliers. With 15 fewer inputs are found. */
    static final int INNER = 30;

    /** The gradient's length, in distances from the seed, at which multipliers are renewed. */
    static final double FLAT = 0.1;

    /** The share of the distance that renewed multipliers have to leave at most to go on. */
    static final double MULTIPLIER_GAIN = 0.998;

    /** The tolerances above which a descent ends after {@link #CYCLE} steps. */
    static final double FAR = 5;

    /** The pairs of L-BFGS (m); 3 to 20 are usual. */
    static final int LBFGS_PAIRS = 10;

    /** The sufficient decrease of Armijo's condition (c1), as usual. */
    static final double ARMIJO = 1e-4;

    /** The least factor by which a line search shortens a step, as usual. */
    static final double LEAST_BACKTRACK = 0.1;

    /** The most factor by which a line search shortens a step, as usual. */
    static final double MOST_BACKTRACK = 0.5;

    /** The least cosine of s and y of a pair that is kept, as usual. */
    static final double CURVATURE = 1e-8;

    /** The shortest step of a line search; without it one does not end at a kink. */
    static final double SHORTEST_STEP = 1e-6;

    // The bound of the distance.

    /** The passes that look for a cotangent; with 12 bounds are lower, with 40 hardly higher. */
    static final int BOUND_PASSES = 20;

    /** The fewest passes while there is another direction: the first ones may gain nothing. */
    static final int FEWEST_BOUND_PASSES = 4;

    /** The relative gain of a pass below which it is the last, and the shortest part of a step. */
    static final double BOUND_GAIN = 0.001;

    /** The difference quotient's step, as a share of the distance; with 0.01 bounds are lower. */
    static final float BOUND_STEP = 3e-4f;

    /** The share of the bound that a Newton step has to promise. */
    static final double BOUND_PROMISE = 1e-5;

    /** The ridge of pulled back cotangents of length 1, which may be nearly parallel. */
    static final double BOUND_RIDGE = 1e-6;

    /**
     * The factors of a cycle.
     *
     * @param radius of the trust radius
     * @param damping of the damping
     * @param attraction of the attraction to the seed
     */
    record Scale(double radius, double damping, double attraction) {
        /** The scale of a first cycle. */
        static final Scale ALL = new Scale(1, 1, 1);

        /** Returns the scale of the cycle after this one, which attracts in full once found. */
        Scale next(boolean isFound) {
            double eased = EASE * damping;
            return new Scale(SHRINK * radius, eased, isFound ? 1 : eased);
        }
    }

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
        boolean isWide = width > MOST_WIDTH || (long) width * shape.size() > MOST_VALUES;
        if (isWide && isPhoto(shape)) {
            return ofPhotos(iterations);
        }
        double share = isWide ? 1 : Math.min(1, iterations / (double) SETTLING);
        double settled = Math.min(1, share * Math.max(1, width / FEW_UNITS));
        return new Schedule(
                iterations,
                isWide,
                false,
                isWide ? MANY_ROWS : ROWS,
                AGEING,
                RIDGE,
                Math.min(MOST_DAMPING, DAMPING / share),
                Math.pow(LAST_RADIUS, settled),
                ATTRACTION * settled);
    }

    private static boolean isPhoto(Shape shape) {
        return shape.rank() == 3 && Math.min(shape.dimension(1), shape.dimension(2)) >= PHOTO_SIDE;
    }

    /** Returns whether a search of inputs of a shape gains from a ReLU that leaks. */
    static boolean leaks(int iterations, Shape shape) {
        return iterations <= LEAKY_ITERATIONS && isPhoto(shape);
    }

    private static Schedule ofPhotos(int iterations) {
        boolean isLong = iterations > MANY_ITERATIONS;
        double attraction = PHOTO_ATTRACTION * Math.min(1, (double) SETTLING / iterations);
        return new Schedule(
                iterations,
                true,
                true,
                isLong ? MANY_ROWS : PHOTO_ROWS,
                isLong ? LONG_PHOTO_AGEING : PHOTO_AGEING,
                PHOTO_FIRST_RIDGE,
                0,
                LAST_RADIUS,
                Math.max(LEAST_PHOTO_ATTRACTION, attraction));
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
     * @param scale of its cycle
     * @param firstRadius the trust radius at the start
     * @param predictionError what {@link JacobianSketch#predictionError} returns
     */
    Limits limits(double done, Scale scale, double firstRadius, double predictionError) {
        return new Limits(
                firstRidge * Math.pow(RIDGE / firstRidge, done),
                scale.damping() * damping * predictionError,
                scale.radius() * firstRadius * (1 - done) * Math.pow(lastRadius, done),
                isPhoto ? attraction : scale.attraction() * attraction * (1 - done));
    }
}
