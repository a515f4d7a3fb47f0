package stir.core.inversion.optimizer.gaussnewton;

import stir.api.Batch;
import stir.api.Shape;
import stir.core.inversion.GaussNewton;
import stir.core.inversion.Optimizer;
import stir.core.inversion.optimizer.DelegatingSteps;
import stir.core.inversion.optimizer.Pass;
import stir.core.inversion.optimizer.UpdateRule;
import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

import java.nio.FloatBuffer;
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
        return 2L * size + (Schedule.of(iterations, width, shape).isPhoto() ? 0 : last);
    }

    @Override
    public State begin(int input, float[] start) {
        return new State(input, steps.begin(input, start));
    }

    @Override
    public void differentiate(Pass pass, List<State> inputs) {
        steps.differentiate(pass, DelegatingSteps.delegates(inputs));
        var points = pass.points().buffer();
        for (int row = 0; row < inputs.size(); row++) {
            inputs.get(row).measure(points, row);
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

        boolean isKnown() {
            return value < Double.POSITIVE_INFINITY;
        }

        /**
         * Returns whether the value fell to a share of the one before, and compares with it next.
         */
        boolean fell(double share) {
            boolean fell = isKnown() && value <= share * valueBefore;
            valueBefore = fell ? value : valueBefore;
            return fell;
        }
    }

    /** A part of the search of one input. */
    private sealed interface Phase {
        /**
         * Moves the point on from a pass.
         *
         * @return the phase of the next pass
         */
        Phase next(int step, double residual, float[] point, float[] gradient);
    }

    /** The end of a search. */
    private record Finished() implements Phase {
        @Override
        public Phase next(int step, double residual, float[] point, float[] gradient) {
            return this;
        }
    }

    /** The state of one input. */
    public final class State extends DelegatingSteps<MultiSecant.State> {
        private final int input;
        private final Incumbent best = new Incumbent(seed.rowSize());
        private final Incumbent nearest = new Incumbent(seed.rowSize());
        private Phase phase = new Cycle(0, cycle, Schedule.Scale.ALL);
        private boolean descends = !schedule.isPhoto();
        private boolean isSmooth;
        private int restarts;
        private double moved;
        private double movedAtLeast = Double.NaN;

        private State(int input, MultiSecant.State delegate) {
            super(delegate);
            this.input = input;
        }

        private void measure(FloatBuffer points, int row) {
            points.get(row * here.length, here);
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
        public double value(double residual, boolean found) {
            if (phase instanceof Bound) {
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
            return phase instanceof Finished;
        }

        @Override
        public void step(int step, double residual, float[] point, float[] gradient) {
            if (!(phase instanceof Bound)) {
                if (residual <= tolerance) {
                    nearest.offer(moved, point);
                }
                best.offer(residual, point);
                if (nearest.isKnown() && isLastForBound(step)) {
                    phase = bound(point);
                    return;
                }
            }
            phase = phase.next(step, residual, point, gradient);
        }

        /** Returns whether the passes that are left are those that the bound takes. */
        private boolean isLastForBound(int step) {
            return !schedule.isPhoto()
                    && iterations >= Schedule.CYCLE
                    && step >= iterations - DistanceBound.PASSES;
        }

        private Phase bound(float[] point) {
            System.arraycopy(nearest.point, 0, point, 0, point.length);
            return new Bound();
        }

        /** Chooses the phase after a cycle and its descent, and writes where it begins. */
        private Phase after(Cycle last, int step, float[] point) {
            if (nearest.isKnown()) {
                return descends || !nearest.fell(Schedule.NEARER)
                        ? bound(point)
                        : last.next(step, nearest, point);
            }
            return best.fell(Schedule.GAIN) ? last.next(step, best, point) : restart(step, point);
        }

        private Phase restart(int step, float[] point) {
            restarts++;
            seeds.write(input, restarts, seed, 0);
            Box.clamp(seed, 0);
            seed.buffer().get(0, point);
            delegate.clear();
            best.clear();
            descends = isSmooth;
            return new Cycle(step, cycle, Schedule.Scale.ALL);
        }

        /** Gauss-Newton steps over one schedule. */
        private final class Cycle implements Phase {
            private final int start;
            private final int length;
            private final Schedule.Scale scale;

            Cycle(int start, int length, Schedule.Scale scale) {
                this.start = start;
                this.length = length;
                this.scale = scale;
            }

            @Override
            public Phase next(int step, double residual, float[] point, float[] gradient) {
                int most = Math.min(nearest.isKnown() ? cycle : length, iterations - start);
                if (step - start < most) {
                    double done = (step - start) / (double) most;
                    delegate.step(done, scale, residual, point, gradient);
                    return this;
                }
                return descends ? new Descent(this) : after(this, step, point);
            }

            /**
             * Returns the cycle after this one. At wide layers one that has not found its input
             * takes all iterations that are left but those of a descent: shorter cycles with larger
             * steps lose what the last steps gained there.
             */
            Cycle next(int step, Incumbent from, float[] point) {
                System.arraycopy(from.point, 0, point, 0, point.length);
                boolean isFound = nearest.isKnown();
                int most = cycle;
                if (schedule.isWide() && !isFound) {
                    most = Math.max(cycle, iterations - step - Schedule.CYCLE);
                    delegate.lowerRadius();
                }
                return new Cycle(step, most, scale.next(isFound));
            }
        }

        /** L-BFGS steps on an augmented Lagrangian, from the end of a cycle. */
        private final class Descent implements Phase {
            private final Cycle before;
            private final ProjectedLbfgs lbfgs = new ProjectedLbfgs(here.length);
            private final AugmentedLagrangian lagrangian;
            private final double firstResidual = best.value;
            private final double firstDistance = nearest.value;
            private double checkedResidual = best.value;
            private double renewedDistance = nearest.value;
            private int passesToCheck = 2 * Schedule.CYCLE;
            private int passes;
            private int passesSinceRenewal;

            Descent(Cycle before) {
                this.before = before;
                double norm = delegate.targetNorm();
                this.lagrangian =
                        new AugmentedLagrangian(delegate.residualSize(), norm, tolerance * norm);
                delegate.pullBack(lagrangian);
            }

            @Override
            public Phase next(int step, double residual, float[] point, float[] gradient) {
                if (goesOn(residual, point, gradient)) {
                    return this;
                }
                descends = gained();
                isSmooth |= descends;
                delegate.pullBack(null);
                return after(before, step, point);
            }

            private boolean goesOn(double residual, float[] point, float[] gradient) {
                if (++passes > passesToCheck) {
                    if (nearest.isKnown() || best.value > Schedule.GAIN * checkedResidual) {
                        return false;
                    }
                    checkedResidual = best.value;
                    passesToCheck += Schedule.SETTLING;
                }
                if (passes == Schedule.CYCLE && !(residual <= Schedule.FAR * tolerance)) {
                    return false;
                }
                var start = delegate.seed();
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] += point[i] - start[i];
                }
                double value = moved * moved / 2 + lagrangian.value();
                boolean falls = lbfgs.next(value, point, gradient);
                if (!falls
                        || ++passesSinceRenewal == Schedule.INNER
                        || lbfgs.steepness() < Schedule.FLAT * moved) {
                    if (residual <= tolerance
                            && nearest.value > Schedule.MULTIPLIER_GAIN * renewedDistance) {
                        return false;
                    }
                    renewedDistance = nearest.value;
                    passesSinceRenewal = 0;
                    lbfgs.restart(point);
                    lagrangian.renew();
                }
                return true;
            }

            private boolean gained() {
                return nearest.isKnown()
                        ? nearest.value < firstDistance
                        : best.value <= Schedule.GAIN * firstResidual;
            }
        }

        /** Passes for the bound of how near the input could lie, with which its search ends. */
        private final class Bound implements Phase {
            private final DistanceBound bound =
                    new DistanceBound(
                            delegate.seed(),
                            nearest.point,
                            delegate.residualSize(),
                            tolerance * delegate.targetNorm());

            Bound() {
                delegate.pullBack(bound);
            }

            @Override
            public Phase next(int step, double residual, float[] point, float[] gradient) {
                if (bound.next(gradient, point)) {
                    return this;
                }
                movedAtLeast = Math.min(nearest.value, bound.bound()); // rounding may exceed it
                return new Finished();
            }
        }
    }
}
