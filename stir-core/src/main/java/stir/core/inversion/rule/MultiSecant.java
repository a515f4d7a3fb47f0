package stir.core.inversion.rule;

import org.jspecify.annotations.Nullable;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.core.inversion.Optimizer;
import stir.core.linalg.Vectors;
import stir.core.network.pass.Box;

import java.util.List;

/**
 * Multi-secant Gauss-Newton steps, the rule of {@link Optimizer#FAST}. Each pass pulls back the
 * preconditioned residual, which gives one more row of the input's Jacobian; the step is the
 * least-squares one of the last rows ({@link BoxStep}), each as far as it foretold what came
 * ({@link SecantPairs}), damped by what they foretold wrongly together. The cap falls: large steps
 * find the region, and small ones settle between the kinks of the network, where the rows that are
 * remembered hold.
 *
 * <p>Where the rows leave it free a point is pulled back to its seed. The pull falls to nothing, so
 * that the last steps settle on a point that agrees: one that is near the seed.
 *
 * <p>An input knows nothing but its own way. Its first cap is the length of the step that its first
 * row asks for. At wide layers the residual is its own cotangent, since most of its directions are
 * not known, or lead nowhere. There steps for large images are taken in the {@link PixelMetric},
 * the cap is a share of the box's diagonal then, the pull stays, and in place of the damping the
 * ridge is larger at first.
 */
final class MultiSecant implements UpdateRule<MultiSecant.Secants> {
    /** The ridge of the newest pair, against g'P g = 1; in the metric at last. */
    private static final double RIDGE = 0.01;

    /** In the metric the first ridge is larger: most directions are not known there. */
    private static final double FIRST_METRIC_RIDGE = 0.1;

    /** The share of the pairs' misfit that steps are damped with, unless they are in the metric. */
    private static final double DAMPING = 0.03;

    /** The share with few iterations, at most: larger ones hold small networks back. */
    private static final double MOST_DAMPING = 0.1;

    /** The share of the way back to the seed that the first step goes, unless in the metric. */
    private static final double PULL = 0.1;

    /** What is left of the first cap at the end, before it falls to 0 altogether. */
    private static final double LAST_CAP = 0.2;

    /**
     * The iterations that damping, pull and last cap are for. With fewer there is less time to
     * settle: steps are damped more, pulled less and larger at the end.
     */
    private static final double SETTLING_ITERATIONS = 100;

    /**
     * The most units at which fewer iterations change pull and last cap in full. With more of them
     * less of what a step changes is known, and points settle by small steps.
     */
    private static final double FEW_UNITS = 128;

    /** In the metric the first cap is so much of the box's diagonal, over the iterations. */
    private static final double METRIC_WAY = 4;

    /** More iterations than this leave that as it is. */
    private static final int METRIC_ITERATIONS = 150;

    /** The share of the way back to the seed that each step in the metric goes, at most. */
    private static final double METRIC_PULL = 0.075;

    /** Over more iterations than this all steps together go as far back. */
    private static final double PULLING_ITERATIONS = 100;

    /** A smaller share lets points drift along what is free. */
    private static final double LEAST_METRIC_PULL = 0.0125;

    /** A wider representation is more than the pairs can tell of. */
    static final int MOST_WIDTH = 512;

    /** So is a Jacobian of more values. */
    private static final long MOST_VALUES = 1 << 24;

    private final boolean isWide;
    private final boolean takesMetric;
    private final PixelMetric metric;
    private final SecantMemory memory;
    private final double firstRidge;
    private final double lastCap;
    private final double damping;
    private final double pull;
    private final int iterations;
    private final int width;
    private final int size;
    private final float[] target;
    private final float[] direction;
    private final float[] way;
    private final Misfit misfit;
    private final Preconditioner preconditioner;
    private final BoxStep boxStep;

    /**
     * A rule.
     *
     * @param iterations the steps of an input
     * @param width the size of a representation
     * @param shape of an input
     */
    MultiSecant(int iterations, int width, Shape shape) {
        this.size = shape.size();
        this.isWide = isWide(width, shape);
        this.takesMetric = takesMetric(width, shape);
        this.metric = takesMetric ? PixelMetric.of(shape) : PixelMetric.identity();
        this.memory = memory(iterations, width, shape);
        this.firstRidge = takesMetric ? FIRST_METRIC_RIDGE : RIDGE;
        double share = isWide ? 1 : Math.min(1, iterations / SETTLING_ITERATIONS);
        double settlingShare = Math.min(1, share * Math.max(1, width / FEW_UNITS));
        this.lastCap = Math.pow(LAST_CAP, settlingShare);
        this.damping = takesMetric ? 0 : Math.min(MOST_DAMPING, DAMPING / share);
        this.pull =
                takesMetric
                        ? Math.max(
                                LEAST_METRIC_PULL,
                                METRIC_PULL * Math.min(1, PULLING_ITERATIONS / iterations))
                        : PULL * settlingShare;
        this.iterations = iterations;
        this.width = width;
        this.target = new float[width];
        this.direction = new float[size];
        this.way = new float[size];
        this.misfit = new Misfit(memory.pairs());
        this.preconditioner = new Preconditioner(memory.pairs());
        this.boxStep = new BoxStep(memory.pairs(), size, takesMetric);
    }

    /** Whether steps are taken in the metric, of a representation's size and an input's shape. */
    static boolean takesMetric(int width, Shape shape) {
        return isWide(width, shape) && PixelMetric.suits(shape);
    }

    private static boolean isWide(int width, Shape shape) {
        return width > MOST_WIDTH || (long) width * shape.size() > MOST_VALUES;
    }

    /** Whether steps are taken in the metric. */
    boolean isInMetric() {
        return takesMetric;
    }

    /** Whether a representation, or a Jacobian, is larger than what the pairs can tell of. */
    boolean isWide() {
        return isWide;
    }

    /** How much a search of so many iterations remembers of an input. */
    static SecantMemory memory(int iterations, int width, Shape shape) {
        return SecantMemory.of(isWide(width, shape), takesMetric(width, shape), iterations);
    }

    /** How many values are remembered of an input. */
    static long valuesOfAnInput(int iterations, int width, Shape shape) {
        var memory = memory(iterations, width, shape);
        return (memory.pairs() + 3L) * (width + shape.size());
    }

    /** Starts inside the box, where all steps stay. */
    @Override
    public Secants begin(int input, float[] seed) {
        Box.clamp(seed);
        return new Secants(input, seed);
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

    /** What cap, damping and pull are multiplied by in a cycle of steps, each from 0 to 1. */
    record Shares(double cap, double damping, double pull) {
        /** Those of the first cycle. */
        static final Shares ALL = new Shares(1, 1, 1);
    }

    /** What is remembered of an input. */
    final class Secants implements InputSteps {
        private final SecantPairs pairs = new SecantPairs(memory, metric, direction, width);
        private final int input;
        private final float[] seed;
        private final float[] residual = new float[width];
        private final float[] cotangent = new float[width];
        private final float[] pointBefore = new float[size];
        private final float[] residualBefore = new float[width];
        private @Nullable Cotangents cotangents;
        private double norm;
        private double firstCap;
        private boolean capsAgain;

        private Secants(int input, float[] seed) {
            this.input = input;
            this.seed = seed.clone();
            beginAgain();
        }

        /** Forgets the way of the input, which goes on from elsewhere. */
        void beginAgain() {
            pairs.clear();
        }

        /** Lowers the first cap to the step that the next row asks for, as the first row does. */
        void capAgain() {
            capsAgain = true;
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
            if (cotangents == null) {
                direct();
            } else {
                cotangents.write(residual, Math.sqrt(squares), cotangent);
            }
            pulledBack.buffer().put(row * width, cotangent);
            return Math.sqrt(squares);
        }

        private void direct() {
            if (isWide) {
                System.arraycopy(residual, 0, cotangent, 0, width);
            } else {
                preconditioner.apply(pairs, residual, cotangent);
            }
        }

        @Override
        public void step(int step, double distance, float[] point, float[] gradient) {
            step(step / (double) iterations, Shares.ALL, distance, point, gradient);
        }

        /** Pulls these back from the next pass on, or the residual, preconditioned. */
        void take(@Nullable Cotangents other) {
            cotangents = other;
        }

        /** Multipliers of 0, which bring points within a relative distance. */
        Multipliers multipliers(double tolerance) {
            return new Multipliers(width, norm, tolerance * norm);
        }

        /** How near to the seed the network allows a point to lie, to first order around one. */
        LeastWay leastWay(float[] found, double tolerance) {
            return new LeastWay(seed, found, width, tolerance * norm);
        }

        /** What the multipliers that are taken hold against the residual. */
        double value(Multipliers taken) {
            return taken.value(cotangent);
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
         * @param shares of cap, damping and pull
         */
        void step(double done, Shares shares, double distance, float[] point, float[] gradient) {
            if (!(distance < Double.POSITIVE_INFINITY)) {
                return; // there is no way on from NaN
            }
            for (int i = 0; i < size; i++) {
                way[i] = seed[i] - point[i];
            }
            learn(point, gradient);
            boxStep.move(
                    pairs,
                    residual,
                    firstRidge * Math.pow(RIDGE / firstRidge, done),
                    shares.damping() * damping * pairs.misfit(),
                    shares.cap() * firstCap * (1 - done) * Math.pow(lastCap, done),
                    takesMetric ? pull : shares.pull() * pull * (1 - done),
                    way,
                    point);
        }

        private void learn(float[] point, float[] gradient) {
            if (pairs.count() == 0) {
                check(gradient);
                firstCap = firstCap(gradient);
            } else {
                if (capsAgain) {
                    firstCap = Math.min(firstCap, firstCap(gradient));
                }
                subtract(point, pointBefore);
                subtract(residual, residualBefore);
                pairs.compare(pointBefore, residualBefore, misfit);
            }
            capsAgain = false;
            System.arraycopy(point, 0, pointBefore, 0, size);
            System.arraycopy(residual, 0, residualBefore, 0, width);
            pairs.add(cotangent, gradient, way);
        }

        /** Refuses a first gradient that leads nowhere; later ones are passed over. */
        private void check(float[] gradient) {
            for (float value : gradient) {
                if (!Float.isFinite(value)) {
                    throw new DataException(
                            "The reference's gradient is NaN or infinite where the search for input %d (counting from 0) begins: its weights may hold NaN, its preprocessing may not fit, or it has no slope there, so that other seeds are needed."
                                    .formatted(input));
                }
            }
        }

        /** The length of the step that a first row asks for, within the box's diagonal. */
        private double firstCap(float[] gradient) {
            double diagonal = Math.sqrt(size);
            if (takesMetric) {
                return METRIC_WAY / Math.min(iterations, METRIC_ITERATIONS) * diagonal;
            }
            double length =
                    Vectors.dot(residual, cotangent) / Math.sqrt(Vectors.dot(gradient, gradient));
            return length > 0 && length < diagonal ? length : diagonal; // at a flat spot, too
        }
    }

    /** Replaces what was before by the change since. */
    private static void subtract(float[] now, float[] before) {
        for (int i = 0; i < now.length; i++) {
            before[i] = now[i] - before[i];
        }
    }
}
