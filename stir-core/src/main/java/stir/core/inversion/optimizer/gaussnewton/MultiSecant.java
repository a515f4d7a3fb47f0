package stir.core.inversion.optimizer.gaussnewton;

import java.util.List;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.FakeRelu;
import stir.api.Shape;
import stir.core.inversion.Optimizer;
import stir.core.inversion.optimizer.Pass;
import stir.core.inversion.optimizer.UpdateRule;
import stir.core.inversion.optimizer.UpdateState;
import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

/**
 * Damped Gauss-Newton steps with remembered rows of the Jacobian, the rule of {@link
 * Optimizer#FAST}. Each pass pulls back the preconditioned residual, which gives one row; the step
 * solves the least-squares problem of the last rows ({@link JacobianSketch}) within the box and a
 * trust radius. Radius and attraction to the seed fall over the {@link Schedule}, so that the last
 * steps settle on a point near the seed. Inputs do not influence each other.
 */
public final class MultiSecant implements UpdateRule<MultiSecant.State> {
    private final Schedule schedule;
    private final PyramidPreconditioner metric;
    private final int width;
    private final int size;
    private final boolean keepsSeeds;
    private final boolean extended;
    private final float[] target;
    private final float[] toSeed;

    /** The vectors that the passes of an input pull back: one of three, by its phase. */
    @FunctionalInterface
    interface Cotangents {
        /** Writes the cotangent of a pass with a residual, the representation minus the target. */
        void write(float[] residual, float[] cotangent);
    }

    /**
     * Creates the rule of a search.
     *
     * @param iterations the steps of an input
     * @param width the size of a representation
     * @param shape of an input
     * @param keepsSeeds whether seeds attract from outside the box; else their nearest points in it
     *     do
     * @param extended whether passes extend units that are off at all positions
     */
    public MultiSecant(int iterations, int width, Shape shape, boolean keepsSeeds, boolean extended) {
        this.keepsSeeds = keepsSeeds;
        this.extended = extended;
        this.schedule = Schedule.of(iterations, width, shape);
        this.metric = schedule.isPhoto() ? PyramidPreconditioner.of(shape) : PyramidPreconditioner.identity();
        this.width = width;
        this.size = shape.size();
        this.target = new float[width];
        this.toSeed = new float[size];
    }

    /** Returns the numbers of the steps. */
    Schedule schedule() {
        return schedule;
    }

    /** Returns the number of values that a search of given iterations keeps per input. */
    public static long valuesPerInput(int iterations, int width, Shape shape) {
        var schedule = Schedule.of(iterations, width, shape);
        return JacobianSketch.values(schedule.rows(), width, shape.size(), schedule.isPhoto())
                + ResidualChanges.values(schedule.changes(), width);
    }

    /** Returns the fake ReLU that a search of one reference gains from. */
    public static FakeRelu fakeRelu(int iterations, Shape shape) {
        boolean isShort = iterations <= Schedule.SHORT;
        return !Schedule.hasSidesOfPhotos(shape) ? FakeRelu.OF_LAYER : isShort ? FakeRelu.LEAKY : FakeRelu.EXTENDED;
    }

    /** Begins inside the box, where all steps stay. */
    @Override
    public State begin(int input, float[] seed) {
        var attracting = seed.clone();
        Box.clamp(seed);
        return new State(input, keepsSeeds ? attracting : seed.clone());
    }

    @Override
    public void differentiate(Pass pass, List<State> inputs) {
        pass.evaluator()
                .pullback(
                        pass.points(),
                        pass.inputs(),
                        (from, representations, pulledBack) -> {
                            for (int row = 0; row < representations.rows(); row++) {
                                int at = from + row;
                                if (at < inputs.size()) {
                                    pass.targets().buffer().get(at * width, target);
                                    var state = inputs.get(at);
                                    pass.distances()[at] = state.differentiate(representations, row, pulledBack);
                                } else {
                                    pulledBack.buffer().put(row * width, new float[width]);
                                }
                            }
                        },
                        pass.gradients());
    }

    /** The state of one input. */
    public final class State implements UpdateState {
        private final JacobianSketch sketch;
        private final ResidualChanges changes;
        private final int input;
        private final float[] seed;
        private final float[] residual = new float[width];
        private final float[] cotangent = new float[width];
        private final float[] pointBefore = new float[size];
        private final float[] residualBefore = new float[width];
        private Cotangents cotangents;
        private double targetNorm;
        private double firstRadius;

        private State(int input, float[] seed) {
            this.input = input;
            this.seed = seed;
            this.sketch = new JacobianSketch(schedule.rows(), metric, width, size);
            double damping = 2.0 * Schedule.ROWS / schedule.changes();
            this.changes = new ResidualChanges(schedule.changes(), damping, width);
            this.cotangents = changes;
        }

        /**
         * Clears the rows; the trust radius will be the length of the step that the next asks for.
         */
        void clear() {
            sketch.clear();
            changes.clear();
        }

        /** Returns the seed; not to be written. */
        float[] seed() {
            return seed;
        }

        /** Begins a descent, whose cotangents the passes pull back from now on. */
        AugmentedLagrangian beginDescent(double tolerance) {
            var descent = new AugmentedLagrangian(seed, width, targetNorm, tolerance * targetNorm);
            cotangents = descent;
            return descent;
        }

        /** Ends a descent: passes pull back the preconditioned residual again. */
        void endDescent() {
            cotangents = changes;
        }

        /** Begins the bound of a point, whose cotangents the passes pull back from now on. */
        DistanceBound beginBound(float[] invariant, double tolerance) {
            var bound = new DistanceBound(seed, invariant, width, tolerance * targetNorm);
            cotangents = bound;
            return bound;
        }

        /**
         * Turns the representation into its residual, and this into its cotangent. The step does
         * not depend on their scale. A unit that is off at all positions has its extended value in
         * the residual if it is to rise, and otherwise 0, the network's own.
         *
         * @return the distance of the network's own representation from the target
         */
        private double differentiate(Batch representations, int row, Batch pulledBack) {
            representations.buffer().get(row * width, residual);
            targetNorm = Math.sqrt(Vectors.dot(target, target));
            double squares = 0;
            for (int i = 0; i < residual.length; i++) {
                float own = extended ? Math.max(0, residual[i]) : residual[i];
                float difference = own - target[i];
                squares += (double) difference * difference;
                residual[i] = (target[i] > 0 ? residual[i] : own) - target[i];
            }
            cotangents.write(residual, cotangent);
            pulledBack.buffer().put(row * width, cotangent);
            return Math.sqrt(squares);
        }

        @Override
        public void step(int step, double distance, float[] point, float[] gradient) {
            double done = step / (double) schedule.iterations();
            step(done, 0, false, distance, point, gradient);
        }

        /**
         * Moves the input one step. A distance that is not finite leaves it where it is.
         *
         * @param done the share of the schedule that precedes the step, from 0 to 1
         * @param cycles the number of schedules that precede it, from the same seed
         * @param converged whether one of these converged
         */
        void step(double done, int cycles, boolean converged, double distance, float[] point, float[] gradient) {
            if (!(distance < Double.POSITIVE_INFINITY)) {
                return;
            }
            for (int i = 0; i < size; i++) {
                toSeed[i] = seed[i] - point[i];
            }
            remember(point, gradient);
            double error = sketch.predictionError();
            var limits = schedule.limits(done, cycles, converged, firstRadius, error);
            sketch.move(residual, limits, toSeed, point);
        }

        private void remember(float[] point, float[] gradient) {
            if (sketch.count() == 0) {
                check(gradient);
                double slope = Math.sqrt(Vectors.dot(gradient, gradient));
                double firstStep = Vectors.dot(residual, cotangent) / slope;
                firstRadius = schedule.firstRadius(firstStep, Math.sqrt(size));
                sketch.add(cotangent, gradient, toSeed);
            } else {
                Vectors.scale(pointBefore, -1);
                Vectors.addMultiple(1, point, pointBefore);
                Vectors.scale(residualBefore, -1);
                Vectors.addMultiple(1, residual, residualBefore);
                sketch.compareAndAdd(pointBefore, residualBefore, cotangent, gradient, toSeed);
            }
            System.arraycopy(point, 0, pointBefore, 0, size);
            System.arraycopy(residual, 0, residualBefore, 0, width);
        }

        /** Refuses a first gradient that is not finite; later ones are not remembered. */
        private void check(float[] gradient) {
            for (float value : gradient) {
                if (!Float.isFinite(value)) {
                    throw new DataException(
                            "The reference's gradient is NaN or infinite at the start of the search for input %d (counting from 0): its weights may contain NaN, its preprocessing may not fit, or it has no slope at the seed, so use other seeds."
                                    .formatted(input));
                }
            }
        }
    }
}
