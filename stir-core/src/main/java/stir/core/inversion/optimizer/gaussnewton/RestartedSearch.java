package stir.core.inversion.optimizer.gaussnewton;

import org.jspecify.annotations.Nullable;

import stir.api.Batch;
import stir.api.Shape;
import stir.core.inversion.GaussNewton;
import stir.core.inversion.Optimizer;
import stir.core.inversion.optimizer.DelegatingSteps;
import stir.core.inversion.optimizer.Pass;
import stir.core.inversion.optimizer.UpdateRule;
import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

import java.util.List;

/**
 * The rule of {@link Optimizer#THOROUGH}. Each input passes through phases:
 *
 * <ol>
 *   <li>a cycle of {@link MultiSecant}'s schedule, which arrives near an invariant input;
 *   <li>a descent of the {@link AugmentedLagrangian} by {@link ProjectedLbfgs}, which comes nearer
 *       to the seed where the network is smooth;
 *   <li>further cycles with a smaller trust radius and less damping where the descent gains
 *       nothing, from the nearest point once the input is found and from the best one before;
 *   <li>a start from another seed where an input is stuck;
 *   <li>the {@link DistanceBound} of an input that is found.
 * </ol>
 *
 * <p>Of the points within the tolerance the nearest to the seed is kept. Photos take one cycle of
 * all iterations, since L-BFGS does not work in the metric of {@link PyramidPreconditioner}.
 */
public final class RestartedSearch implements UpdateRule<RestartedSearch.State> {
    private final MultiSecant steps;
    private final Schedule schedule;
    private final Seeds seeds;
    private final int cycle;
    private final int iterations;
    private final double tolerance;
    private final Batch seed;
    private final float[] here;

    /** A source of further seeds of an input. */
    @FunctionalInterface
    public interface Seeds {
        /**
         * Writes another seed of an input.
         *
         * @param index the input
         * @param restart the number of the seed, from 1
         */
        void write(int index, int restart, Batch into, int row);
    }

    /**
     * Creates the rule of a search.
     *
     * @param steps the steps of a cycle
     * @param seeds where stuck inputs begin again
     * @param method the most steps of an input, all phases together, and the tolerance
     * @param seed room for one input
     */
    public RestartedSearch(MultiSecant steps, Seeds seeds, GaussNewton method, Batch seed) {
        this.steps = steps;
        this.schedule = steps.schedule();
        this.seeds = seeds;
        this.iterations = method.iterations();
        this.cycle = schedule.isPhoto() ? iterations : Schedule.CYCLE;
        this.tolerance = method.tolerance();
        this.seed = seed;
        this.here = new float[seed.rowSize()];
    }

    /**
     * Returns the number of values that a search keeps per input in addition to {@link
     * MultiSecant}'s.
     */
    public static long valuesPerInput(int iterations, int width, Shape shape) {
        int size = shape.size();
        long last =
                Math.max(
                        ProjectedLbfgs.valuesPerInput(size),
                        DistanceBound.valuesPerInput(width, size));
        return 2L * size + (Schedule.of(iterations, width, shape, false).isPhoto() ? 0 : last);
    }

    @Override
    public State begin(int input, float[] start) {
        return new State(input, steps.begin(input, start));
    }

    @Override
    public void differentiate(Pass pass, List<State> inputs) {
        steps.differentiate(pass, DelegatingSteps.delegates(inputs));
        for (int row = 0; row < inputs.size(); row++) {
            pass.points().buffer().get(row * here.length, here);
            inputs.get(row).measure();
        }
    }

    /** The point of the smallest value so far. */
    private static final class Incumbent {
        private final float[] point;
        private double value = Double.POSITIVE_INFINITY;
        private double valueBefore = Double.POSITIVE_INFINITY;

        Incumbent(int size) {
            this.point = new float[size];
        }

        void clear() {
            value = Double.POSITIVE_INFINITY;
            valueBefore = Double.POSITIVE_INFINITY;
        }

        void offer(double other, float[] at) {
            if (other < value) {
                value = other;
                System.arraycopy(at, 0, point, 0, point.length);
            }
        }

        /**
         * Returns whether the value fell to a share of the one before, and compares with it next.
         */
        boolean fell(double share) {
            boolean fell = value < Double.POSITIVE_INFINITY && value <= share * valueBefore;
            valueBefore = fell ? value : valueBefore;
            return fell;
        }
    }

    /** The state of one input. */
    public final class State extends DelegatingSteps<MultiSecant.State> {
        private final int input;
        private final Incumbent best = new Incumbent(seed.rowSize());
        private final Incumbent nearest = new Incumbent(seed.rowSize());
        private @Nullable AugmentedLagrangian descent;
        private @Nullable DistanceBound bound;
        private boolean descends = !schedule.isPhoto();
        private boolean isFinished;
        private int start;
        private int length = cycle;
        private int cycles;
        private int restarts;
        private double residualBefore;
        private double nearestBefore;
        private double moved;
        private double movedAtLeast = Double.NaN;

        private State(int input, MultiSecant.State delegate) {
            super(delegate);
            this.input = input;
        }

        private void measure() {
            moved = Math.sqrt(Vectors.squaredDistance(here, delegate.seed()));
        }

        private boolean isFound() {
            return nearest.value < Double.POSITIVE_INFINITY;
        }

        @Override
        public int restarts() {
            return restarts;
        }

        /**
         * Returns the smallest values for points that are found, and of them for the nearest to the
         * seed; infinity for points of the bound's passes, which are not to be kept.
         */
        @Override
        public double value(double residual, boolean found) {
            if (bound != null) {
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
            return isFinished;
        }

        @Override
        public void step(int step, double residual, float[] point, float[] gradient) {
            if (bound != null) {
                if (!isFinished && !bound.next(gradient, point)) {
                    isFinished = true;
                    movedAtLeast = Math.min(nearest.value, bound.bound()); // but for rounding
                }
                return;
            }
            best.offer(residual, point);
            if (residual <= tolerance) {
                nearest.offer(moved, point);
            }
            if (isFound() && isLastForBound(step)) {
                beginBound(point);
            } else if (descent != null) {
                descend(descent, step, point, gradient);
            } else {
                cycle(step, residual, point, gradient);
            }
        }

        /** Returns whether the passes that are left are those that the bound takes. */
        private boolean isLastForBound(int step) {
            return !schedule.isPhoto()
                    && iterations >= Schedule.CYCLE
                    && step >= iterations - DistanceBound.PASSES;
        }

        /** Makes a Gauss-Newton step of a cycle, or begins what follows the cycle. */
        private void cycle(int step, double residual, float[] point, float[] gradient) {
            int most = Math.min(isFound() ? cycle : length, iterations - start);
            if (step - start < most) {
                double done = (step - start) / (double) most;
                delegate.step(done, cycles, isFound(), residual, point, gradient);
            } else if (descends) {
                double norm = delegate.targetNorm();
                descent =
                        new AugmentedLagrangian(
                                delegate.seed(), delegate.residualSize(), norm, tolerance * norm);
                delegate.pullBack(descent);
                residualBefore = best.value;
                nearestBefore = nearest.value;
            } else {
                goOn(step, point);
            }
        }

        /** Makes a step of the descent, or ends it. */
        private void descend(
                AugmentedLagrangian lagrangian, int step, float[] point, float[] gradient) {
            if (lagrangian.next(nearest.value, point, gradient)) {
                return;
            }
            descends =
                    isFound()
                            ? nearest.value < nearestBefore
                            : best.value <= Schedule.GAIN * residualBefore;
            descent = null;
            delegate.pullBack(null);
            goOn(step, point);
        }

        /**
         * Chooses what follows a cycle and its descent, and writes where it begins. At wide layers
         * a further cycle that has not found its input takes all iterations that are left but those
         * of a descent: shorter cycles with larger steps lose what the last steps gained there.
         */
        private void goOn(int step, float[] point) {
            start = step;
            length = cycle;
            cycles++;
            boolean gained =
                    isFound()
                            ? !descends && nearest.fell(Schedule.NEARER)
                            : best.fell(Schedule.GAIN);
            if (gained) {
                System.arraycopy((isFound() ? nearest : best).point, 0, point, 0, point.length);
                if (schedule.isWide() && !isFound()) {
                    length = Math.max(cycle, iterations - step - Schedule.CYCLE);
                    delegate.clear();
                }
            } else if (isFound()) {
                beginBound(point);
            } else {
                restart(point);
            }
        }

        private void restart(float[] point) {
            restarts++;
            seeds.write(input, restarts, seed, 0);
            Box.clamp(seed, 0);
            seed.buffer().get(0, point);
            delegate.clear();
            best.clear();
            cycles = 0;
        }

        private void beginBound(float[] point) {
            System.arraycopy(nearest.point, 0, point, 0, point.length);
            bound =
                    new DistanceBound(
                            delegate.seed(),
                            nearest.point,
                            delegate.residualSize(),
                            tolerance * delegate.targetNorm());
            delegate.pullBack(bound);
        }
    }
}
