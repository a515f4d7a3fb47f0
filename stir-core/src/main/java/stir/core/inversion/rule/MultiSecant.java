package stir.core.inversion.rule;

import org.jspecify.annotations.Nullable;

import stir.api.Batch;
import stir.api.Shape;
import stir.core.inversion.Optimizer;
import stir.core.linalg.Vectors;
import stir.core.network.pass.Box;

import java.util.List;

/**
 * Multi-secant Gauss-Newton steps, the rule of {@link Optimizer#FAST}. Each pass pulls back the
 * preconditioned residual, which gives one more row of the input's Jacobian; the step is the
 * least-squares one of the last rows and of those of the mean Jacobian ({@link BoxStep}). The ridge
 * falls and so does the cap: large steps find the region, and small ones settle between the kinks
 * of the network, where the rows that are remembered hold.
 *
 * <p>Where the rows leave it free a point is pulled back to its seed. The pull falls to nothing, so
 * that the last steps settle on a point that agrees: one that is near the seed.
 *
 * <p>Where the Jacobians of large images do not {@linkplain Calibration#fits fit} nothing is known
 * before: the residual is its own cotangent, the cap is a share of the box's diagonal, and steps
 * are taken in the {@link PixelMetric}.
 */
final class MultiSecant implements UpdateRule<MultiSecant.Secants> {
    /**
     * The first cap is at least so much of the box's diagonal, over the number of iterations: few
     * steps have to be long to get anywhere.
     */
    private static final double LEAST_WAY = 6;

    /** What is left of the first cap at the end, before it falls to 0 altogether. */
    private static final double LAST_CAP = 0.2;

    private static final double FIRST_RIDGE = 0.1;
    private static final double LAST_RIDGE = 0.03;

    /** In the metric the first cap is so much of the box's diagonal, over the iterations. */
    private static final double METRIC_WAY = 3;

    /** More iterations than this leave the first cap as it is. */
    private static final int METRIC_ITERATIONS = 150;

    private static final double LAST_METRIC_RIDGE = 0.01;

    /** The first share of the way back to the seed that a step goes where it is free to. */
    private static final double PULL = 0.1;

    private final Calibration calibration;
    private final boolean takesMetric;
    private final PixelMetric metric;
    private final SecantMemory memory;
    private final double firstCap;
    private final int iterations;
    private final int width;
    private final int size;
    private final float[] target;
    private final float[] direction;
    private final BoxStep boxStep;

    /**
     * A rule.
     *
     * @param calibration what is known of the reference. Without the metric the first cap is its
     *     length, within the box's diagonal
     * @param memory how much is remembered
     * @param iterations the steps of an input
     * @param width the size of a representation
     * @param shape of an input
     */
    MultiSecant(
            Calibration calibration, SecantMemory memory, int iterations, int width, Shape shape) {
        this.size = shape.size();
        this.calibration = calibration;
        this.takesMetric = takesMetric(width, shape);
        this.metric = takesMetric ? PixelMetric.of(shape) : PixelMetric.identity();
        this.memory = memory;
        double diagonal = Math.sqrt(size);
        this.firstCap =
                takesMetric
                        ? METRIC_WAY / Math.min(iterations, METRIC_ITERATIONS) * diagonal
                        : Math.min(
                                diagonal,
                                Math.max(calibration.length(), LEAST_WAY / iterations * diagonal));
        this.iterations = iterations;
        this.width = width;
        this.target = new float[width];
        this.direction = new float[size];
        this.boxStep = new BoxStep(calibration.mean().count() + memory.pairs(), size, takesMetric);
    }

    /** Whether steps are taken in the metric, of which a calibration knows nothing. */
    static boolean takesMetric(int width, Shape shape) {
        return !Calibration.fits(width, shape.size()) && PixelMetric.suits(shape);
    }

    /** Whether steps are taken in the metric. */
    boolean isInMetric() {
        return takesMetric;
    }

    /** Starts inside the box, where all steps stay. */
    @Override
    public Secants begin(int input, float[] seed) {
        for (int i = 0; i < seed.length; i++) {
            seed[i] = Box.clamp(seed[i]);
        }
        return new Secants(seed);
    }

    @Override
    public void differentiate(Pass pass, List<Secants> inputs) {
        pass.evaluator()
                .pullback(
                        pass.points(),
                        (from, representations, pulledBack) -> {
                            for (int row = 0; row < representations.rows(); row++) {
                                if (from + row < inputs.size()) {
                                    pass.targets().buffer().get((from + row) * width, target);
                                    pass.distances()[from + row] =
                                            inputs.get(from + row)
                                                    .differentiate(
                                                            representations, row, pulledBack);
                                } else {
                                    clear(pulledBack, row);
                                }
                            }
                        },
                        pass.gradients());
    }

    private static void clear(Batch batch, int row) {
        for (int i = 0; i < batch.rowSize(); i++) {
            batch.set(row, i, 0);
        }
    }

    /** What is remembered of an input. */
    final class Secants implements InputSteps {
        private final SecantPairs pairs =
                new SecantPairs(calibration.mean(), memory, metric, direction, width);
        private final float[] seed;
        private final float[] residual = new float[width];
        private final float[] cotangent = new float[width];
        private @Nullable Multipliers multipliers;
        private double norm;

        private Secants(float[] seed) {
            this.seed = seed.clone();
            beginAgain();
        }

        /** Forgets the way of the input, which goes on from elsewhere. */
        void beginAgain() {
            pairs.clear();
        }

        /** How far a point lies from the seed. */
        double moved(float[] point) {
            return Math.sqrt(Vectors.squaredDistance(point, seed));
        }

        /**
         * Turns the representation into its residual, and this into its cotangent. The step does
         * not depend on their scale.
         *
         * @return the distance from the target
         */
        private double differentiate(Batch representations, int row, Batch pulledBack) {
            representations.buffer().get(row * width, residual);
            norm = Math.sqrt(Vectors.dot(target, target));
            double squares = 0;
            for (int i = 0; i < residual.length; i++) {
                float difference = residual[i] - target[i];
                residual[i] = difference;
                squares += (double) difference * difference;
            }
            if (multipliers == null) {
                calibration.preconditioner().apply(residual, cotangent);
            } else {
                multipliers.apply(residual, Math.sqrt(squares), cotangent);
            }
            pulledBack.buffer().put(row * width, cotangent);
            return Math.sqrt(squares);
        }

        @Override
        public void step(int step, double distance, float[] point, float[] gradient) {
            step(step / (double) iterations, 1, distance, point, gradient);
        }

        /** Takes cotangents of a Lagrangian from the next pass on, or of the residual alone. */
        void take(@Nullable Multipliers other) {
            multipliers = other;
        }

        /** Multipliers of 0, which bring points within a relative distance. */
        Multipliers multipliers(double tolerance) {
            return new Multipliers(width, norm, tolerance * norm);
        }

        /** What the multipliers that are taken hold against the residual. */
        double value(Multipliers taken) {
            return taken.value(residual, cotangent);
        }

        /** Adds the gradient of half the squared way from the seed. */
        void addWay(float[] point, float[] gradient) {
            for (int i = 0; i < size; i++) {
                gradient[i] += point[i] - seed[i];
            }
        }

        /**
         * Moves the input one step.
         *
         * @param done the share of the schedule that is behind it, from 0 to 1
         * @param scale of the cap, from 0 to 1
         */
        void step(double done, double scale, double distance, float[] point, float[] gradient) {
            if (!(distance < Double.POSITIVE_INFINITY)) {
                return; // there is no way on from NaN
            }
            pairs.add(cotangent, gradient);
            double cap = scale * firstCap * (1 - done);
            double pull = PULL * (1 - done);
            double lastRidge = takesMetric ? LAST_METRIC_RIDGE : LAST_RIDGE;
            for (int i = 0; i < size; i++) {
                gradient[i] = (float) pull * (seed[i] - point[i]);
            }
            boxStep.move(
                    pairs,
                    residual,
                    FIRST_RIDGE * Math.pow(lastRidge / FIRST_RIDGE, done),
                    takesMetric ? cap : cap * Math.pow(LAST_CAP, done),
                    gradient,
                    point);
        }
    }
}
