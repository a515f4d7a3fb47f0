package stir.core.inversion.optimizer.gaussnewton;

import java.util.List;
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

/**
 * The rule of {@link Optimizer#THOROUGH}. Each input passes through phases:
 *
 * <ol>
 *   <li>a cycle of {@link MultiSecant}'s schedule, which arrives near an invariant input;
 *   <li>a descent of the {@link AugmentedLagrangian}, which comes nearer to the seed where the
 *       network is smooth;
 *   <li>further cycles where the descent gains nothing, from the nearest point once the input is
 *       found and from the best one before;
 *   <li>a start from another seed where an input is stuck;
 *   <li>the {@link DistanceBound} of an input that is found.
 * </ol>
 *
 * <p>Photos take one cycle of all iterations, since L-BFGS does not work in the metric of {@link
 * PyramidPreconditioner}.
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

    /** Returns the number of values that a search keeps per input besides {@link MultiSecant}'s. */
    public static long valuesPerInput(int iterations, int width, Shape shape) {
        int size = shape.size();
        boolean isPhoto = Schedule.of(iterations, width, shape).isPhoto();
        long descent = ProjectedLbfgs.valuesPerInput(size);
        long bound = DistanceBound.valuesPerInput(width, size);
        return size + (isPhoto ? 0 : Math.max(descent, bound));
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

    /** The state of one input. */
    public final class State extends DelegatingSteps<MultiSecant.State> {
        private final int input;

        /** The point of the least residual since a seed; once found, the nearest one. */
        private final float[] best = new float[here.length];

        /** The residual of the best point; once found, its distance from the seed. */
        private double least = Double.POSITIVE_INFINITY;

        private double leastBefore = Double.POSITIVE_INFINITY;
        private double leastBeforeDescent;
        private @Nullable AugmentedLagrangian descent;
        private @Nullable DistanceBound bound;
        private boolean hasConverged;
        private boolean descends = !schedule.isPhoto();
        private boolean isFinished;
        private int start;
        private int cycles;
        private int restarts;
        private double moved;
        private double movedAtLeast = Double.NaN;

        private State(int input, MultiSecant.State delegate) {
            super(delegate);
            this.input = input;
        }

        private void measure() {
            moved = Math.sqrt(Vectors.squaredDistance(here, delegate.seed()));
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
        public double value(double residual, boolean converged) {
            if (bound != null) {
                return Double.POSITIVE_INFINITY;
            }
            return converged ? -1 / (1 + moved) : residual;
        }

        @Override
        public double movedAtLeast() {
            return movedAtLeast;
        }

        @Override
        public boolean ends(boolean converged) {
            return isFinished;
        }

        @Override
        public void step(int step, double residual, float[] point, float[] gradient) {
            if (bound != null) {
                if (!isFinished && !bound.next(gradient, point)) {
                    isFinished = true;
                    movedAtLeast = Math.min(least, bound.bound()); // but for rounding
                }
                return;
            }
            offer(residual, point);
            if (hasConverged && isLastForBound(step)) {
                beginBound(point);
            } else if (descent != null) {
                descend(descent, step, point, gradient);
            } else if (step - start < length()) {
                double done = (step - start) / (double) length();
                delegate.step(done, cycles, hasConverged, residual, point, gradient);
            } else if (descends) {
                leastBeforeDescent = least;
                descent = delegate.beginDescent(tolerance);
            } else {
                goOn(step, point);
            }
        }

        private void offer(double residual, float[] point) {
            boolean converged = residual <= tolerance;
            if (converged && !hasConverged) {
                hasConverged = true;
                forgetBest();
            }
            double value = hasConverged ? moved : residual;
            if (converged == hasConverged && value < least) {
                least = value;
                System.arraycopy(point, 0, best, 0, best.length);
            }
        }

        private void forgetBest() {
            least = Double.POSITIVE_INFINITY;
            leastBefore = Double.POSITIVE_INFINITY;
            leastBeforeDescent = Double.POSITIVE_INFINITY;
        }

        /** Returns whether the passes that are left are those that the bound takes. */
        private boolean isLastForBound(int step) {
            return !schedule.isPhoto() && iterations >= Schedule.CYCLE && step >= iterations - DistanceBound.PASSES;
        }

        /**
         * Returns the steps of this cycle. At wide layers a further cycle that has not found its
         * input takes all iterations that are left but those of a descent: shorter cycles with
         * larger steps lose what the last steps gained there.
         */
        private int length() {
            boolean isLong = schedule.isWide() && cycles > 0 && !hasConverged;
            int most = isLong ? iterations - start - Schedule.CYCLE : cycle;
            return Math.min(Math.max(cycle, most), iterations - start);
        }

        /** Makes a step of the descent, or ends it. */
        private void descend(AugmentedLagrangian lagrangian, int step, float[] point, float[] gradient) {
            double nearest = hasConverged ? least : Double.POSITIVE_INFINITY;
            if (!lagrangian.next(nearest, point, gradient)) {
                descends = fell(hasConverged ? 1 : Schedule.GAIN, leastBeforeDescent);
                descent = null;
                delegate.endDescent();
                goOn(step, point);
            }
        }

        /** Chooses what follows a cycle and its descent, and writes where it begins. */
        private void goOn(int step, float[] point) {
            start = step;
            cycles++;
            if (fell(hasConverged ? Schedule.NEARER : Schedule.GAIN, leastBefore) && !(hasConverged && descends)) {
                leastBefore = least;
                System.arraycopy(best, 0, point, 0, point.length);
                if (schedule.isWide() && !hasConverged) {
                    delegate.clear();
                }
            } else if (hasConverged) {
                beginBound(point);
            } else {
                restart(point);
            }
        }

        private boolean fell(double share, double before) {
            return least < before && least <= share * before;
        }

        private void restart(float[] point) {
            restarts++;
            seeds.write(input, restarts, seed, 0);
            Box.clamp(seed, 0);
            seed.buffer().get(0, point);
            delegate.clear();
            forgetBest();
            cycles = 0;
        }

        private void beginBound(float[] point) {
            System.arraycopy(best, 0, point, 0, point.length);
            descent = null;
            bound = delegate.beginBound(best, tolerance);
        }
    }
}
