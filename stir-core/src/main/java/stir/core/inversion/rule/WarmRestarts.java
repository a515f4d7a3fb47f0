package stir.core.inversion.rule;

import org.jspecify.annotations.Nullable;

import stir.api.Batch;
import stir.api.Shape;
import stir.core.inversion.GaussNewton;
import stir.core.inversion.Optimizer;
import stir.core.network.pass.Box;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * The rule of {@link Optimizer#THOROUGH}: cycles of {@link MultiSecant}'s schedule, each with a
 * smaller cap and less damping than the one before, and with what that one remembered. The cycles
 * are those of Loshchilov and Hutter (SGDR, ICLR 2017).
 *
 * <p>From the end of a cycle {@link QuasiNewton} steps go down an augmented Lagrangian, half the
 * squared way from the seed and {@link Multipliers} of the residual, to where an input is found and
 * comes no nearer. Where they gain (the map is smooth) its search ends there. Where they do not (at
 * a kink) cycles go on without them, until another start if they gained before: from the best point
 * until an input is found, and then from the nearest point, as long as a cycle, which pulls to the
 * seed, shortens the way. An input that is not found, and to which both together brought little, is
 * stuck and begins again elsewhere, with the first cap and no memory. Of one that is found {@link
 * LeastWay} tells in the end how near it could lie.
 *
 * <p>At wide layers an input that the first cycle and descent do not find goes on from its best
 * point in one cycle, until it is found: of all iterations that are left but {@link #LAST}, and at
 * least as long as others. Its cap, and that of those after it, is at most what is asked for where
 * it begins. With shorter cycles, and larger steps, which lost what the last ones brought, more was
 * left there.
 *
 * <p>{@link QuasiNewton} steps know nothing of the {@link PixelMetric}. Where that is taken they
 * are left out, and all iterations are one cycle.
 */
final class WarmRestarts implements UpdateRule<WarmRestarts.Cycles> {
    /**
     * The steps of a cycle, but of the long one. With 100 fewer inputs were found, and with 200 no
     * more.
     */
    static final int CYCLE = 150;

    /** The share of the residual that what gains leaves at most; with more, it is stuck. */
    private static final double GAIN = 0.9;

    /**
     * The share of the way that a cycle which shortens it leaves at most; with more, it is the
     * last.
     */
    private static final double SHORTER = 0.98;

    /** The steps of a descent before it is asked whether it gains. */
    private static final int DESCENT = 300;

    /** The steps of a descent after which it ends where an input is far from found. */
    private static final int HALF = 150;

    /** The iterations that the long cycle leaves for a descent. */
    private static final int LAST = HALF;

    /** How many tolerances are far from found. */
    private static final double FAR = 5;

    /** The steps after which it is asked again. */
    private static final int MORE = 100;

    /** The most steps with the same multipliers. */
    private static final int INNER = 30;

    /** Multipliers are renewed where the gradient is so much shorter than the way. */
    private static final double FLAT = 0.1;

    /** What renewed multipliers leave of the way at most, or the descent ends. */
    private static final double NEARER = 0.998;

    /** A cycle's cap in terms of the cap before. */
    private static final double SHRINK = 0.7;

    /**
     * A cycle's damping in terms of the damping before, which holds back the last steps between the
     * kinks of a network; and its pull, as long as the input is not found. Where they stayed fewer
     * inputs were found.
     */
    private static final double EASE = 0.25;

    private final MultiSecant steps;
    private final Seeds seeds;
    private final int cycle;
    private final int iterations;
    private final double tolerance;
    private final Batch seed;
    private final float[] here;

    /** Seeds of an input to begin again from. */
    @FunctionalInterface
    interface Seeds {
        /**
         * Writes another seed of an input.
         *
         * @param index the input
         * @param restart the number of the seed, from 1
         */
        void write(int index, int restart, Batch into, int row);
    }

    /**
     * A rule.
     *
     * @param steps the steps of a cycle
     * @param seeds where stuck inputs begin again
     * @param method how long it goes on: the most steps of an input, all cycles together, and when
     *     it is found
     * @param seed room for one input
     */
    WarmRestarts(MultiSecant steps, Seeds seeds, GaussNewton method, Batch seed) {
        this.steps = steps;
        this.seeds = seeds;
        this.iterations = method.iterations();
        this.cycle = steps.isInMetric() ? iterations : CYCLE;
        this.tolerance = method.tolerance();
        this.seed = seed;
        this.here = new float[seed.rowSize()];
    }

    /** How many values are remembered of an input beside those of {@link MultiSecant}. */
    static long valuesOfAnInput(int width, Shape shape) {
        int size = shape.size();
        long last =
                Math.max(QuasiNewton.valuesOfAnInput(size), LeastWay.valuesOfAnInput(width, size));
        return 2L * size + (MultiSecant.takesMetric(width, shape) ? 0 : last);
    }

    @Override
    public Cycles begin(int input, float[] start) {
        return new Cycles(input, steps.begin(input, start));
    }

    @Override
    public void differentiate(Pass pass, List<Cycles> inputs) {
        steps.differentiate(pass, StepsBehind.behind(inputs));
        var points = pass.points().buffer();
        for (int row = 0; row < inputs.size(); row++) {
            inputs.get(row).look(points, row);
        }
    }

    /** Where an input is in its cycles. */
    final class Cycles extends StepsBehind<MultiSecant.Secants> {
        private final int input;
        private final float[] bestPoint = new float[seed.rowSize()];
        private final float[] nearestPoint = new float[seed.rowSize()];
        private int cycleStart;
        private int cycleLength;
        private int restarts;
        private MultiSecant.Shares shares;
        private double bestResidual;
        private double residualBefore;
        private double moved;
        private double nearest = Double.POSITIVE_INFINITY;
        private double nearestBefore = Double.POSITIVE_INFINITY;
        private @Nullable Descent descent;
        private @Nullable LeastWay leastWay;
        private double movedAtLeast = Double.NaN;
        private boolean done;
        private boolean descends = !steps.isInMetric();
        private boolean smooth;

        private Cycles(int input, MultiSecant.Secants behind) {
            super(behind);
            this.input = input;
            beginAt(0);
        }

        /** Sees where the input is. */
        private void look(FloatBuffer points, int row) {
            points.get(row * here.length, here);
            moved = behind.moved(here);
        }

        private void beginAt(int step) {
            cycleStart = step;
            cycleLength = cycle;
            shares = MultiSecant.Shares.ALL;
            bestResidual = Double.POSITIVE_INFINITY;
            residualBefore = Double.POSITIVE_INFINITY;
        }

        @Override
        public int restarts() {
            return restarts;
        }

        /**
         * Found points have the smallest values, and of them the nearest to the seed. Those that
         * tell of another are not to be kept.
         */
        @Override
        public double value(double residual, boolean found) {
            if (leastWay != null) {
                return Double.POSITIVE_INFINITY;
            }
            return found ? -1 / (1 + moved) : residual;
        }

        @Override
        public double movedAtLeast() {
            return movedAtLeast;
        }

        @Override
        public boolean ends(boolean found) {
            return done;
        }

        @Override
        public void step(int step, double residual, float[] point, float[] gradient) {
            if (leastWay != null) {
                if (!leastWay.next(gradient, point)) {
                    movedAtLeast = Math.min(nearest, leastWay.bound()); // rounding may exceed it
                    leastWay = null;
                    behind.take(null);
                    done = true;
                }
                return;
            }
            boolean found = residual <= tolerance;
            if (found && moved < nearest) {
                nearest = moved;
                System.arraycopy(point, 0, nearestPoint, 0, point.length);
            }
            if (residual < bestResidual) {
                bestResidual = residual;
                System.arraycopy(point, 0, bestPoint, 0, point.length);
            }
            if (isFound() && endsSoon(step)) {
                bound(point);
                return;
            }
            if (descent != null) {
                if (!descent.next(residual, point, gradient)) {
                    descends = descent.gained();
                    smooth |= descends;
                    descent = null;
                    behind.take(null);
                    goOn(step, point);
                }
                return;
            }
            int length = Math.min(isFound() ? cycle : cycleLength, iterations - cycleStart);
            if (step - cycleStart < length) {
                double share = (step - cycleStart) / (double) length;
                behind.step(share, shares, residual, point, gradient);
            } else if (!descends) {
                goOn(step, point);
            } else {
                descent = new Descent();
            }
        }

        /** Whether the passes that are left are those that tell of the bound. */
        private boolean endsSoon(int step) {
            return !steps.isInMetric()
                    && iterations >= CYCLE
                    && step >= iterations - LeastWay.PASSES;
        }

        private boolean isFound() {
            return nearest < Double.POSITIVE_INFINITY;
        }

        private boolean isShortened() {
            return isFound() && nearest <= SHORTER * nearestBefore;
        }

        /** Goes on at the best point or elsewhere, unless the last cycle was enough. */
        private void goOn(int step, float[] point) {
            if (isFound()) {
                if (descends || !isShortened()) {
                    bound(point);
                    return;
                }
                nearestBefore = nearest;
                beginCycle(step, nearestPoint, point);
            } else if (bestResidual < Double.POSITIVE_INFINITY
                    && bestResidual <= GAIN * residualBefore) {
                residualBefore = bestResidual;
                beginCycle(step, bestPoint, point);
            } else {
                beginAgain(step, point);
            }
        }

        /** Asks how much nearer the input could be, with which its search ends. */
        private void bound(float[] point) {
            descent = null;
            leastWay = behind.leastWay(nearestPoint, tolerance);
            behind.take(leastWay);
            System.arraycopy(nearestPoint, 0, point, 0, point.length);
        }

        private void beginCycle(int step, float[] from, float[] point) {
            cycleStart = step;
            cycleLength = cycle;
            if (steps.isWide() && !isFound()) {
                cycleLength = Math.max(cycle, iterations - step - LAST);
                behind.capAgain();
            }
            double eased = EASE * shares.damping();
            shares = new MultiSecant.Shares(SHRINK * shares.cap(), eased, isFound() ? 1 : eased);
            System.arraycopy(from, 0, point, 0, point.length);
        }

        private void beginAgain(int step, float[] point) {
            restarts++;
            seeds.write(input, restarts, seed, 0);
            Box.clamp(seed, 0);
            seed.buffer().get(0, point);
            behind.beginAgain();
            descends = smooth;
            beginAt(step);
        }

        /** Quasi-Newton steps on an augmented Lagrangian, from the end of a cycle. */
        private final class Descent {
            private final QuasiNewton steps = new QuasiNewton(bestPoint.length);
            private final Multipliers multipliers;
            private final double residualBegun = bestResidual;
            private final double nearestBegun = nearest;
            private double residualAsked = bestResidual;
            private double nearestRenewed = nearest;
            private int asked = DESCENT;
            private int passes;
            private int since;

            Descent() {
                multipliers = behind.multipliers(tolerance);
                behind.take(multipliers);
            }

            /** Goes on, unless the last steps gained little. */
            boolean next(double residual, float[] point, float[] gradient) {
                if (++passes > asked) {
                    if (isFound() || bestResidual > GAIN * residualAsked) {
                        return false;
                    }
                    residualAsked = bestResidual;
                    asked += MORE;
                }
                if (passes == HALF && !(residual <= FAR * tolerance)) {
                    return false;
                }
                behind.addWay(point, gradient);
                double value = moved * moved / 2 + behind.value(multipliers);
                boolean falls = steps.next(value, point, gradient);
                if (!falls || ++since == INNER || steps.steepness() < FLAT * moved) {
                    if (residual <= tolerance && nearest > NEARER * nearestRenewed) {
                        return false;
                    }
                    nearestRenewed = nearest;
                    since = 0;
                    steps.beginAgain(point);
                    multipliers.renew();
                }
                return true;
            }

            boolean gained() {
                return isFound() ? nearest < nearestBegun : bestResidual <= GAIN * residualBegun;
            }
        }
    }
}
