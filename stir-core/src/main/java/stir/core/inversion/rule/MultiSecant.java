package stir.core.inversion.rule;

import stir.api.Batch;
import stir.api.Norm;
import stir.core.inversion.Optimizer;
import stir.core.network.pass.Box;
import stir.core.network.pass.Evaluator;

/**
 * Multi-secant Gauss-Newton steps, the rule of {@link Optimizer#FAST}. Each pass pulls back the
 * preconditioned residual, which gives one more row of the input's Jacobian; the step is the
 * least-squares one of the last rows and of those of the mean Jacobian ({@link BoxStep}). The ridge
 * falls and so does the cap: large steps find the region, and small ones settle between the kinks
 * of the network, where the rows that are remembered hold.
 */
final class MultiSecant implements UpdateRule {
    /**
     * The first cap is at least so much of the box's diagonal, over the number of iterations: few
     * steps have to be long to get anywhere.
     */
    private static final double LEAST_WAY = 6;

    /** What is left of the first cap at the end, before it falls to 0 altogether. */
    private static final double LAST_CAP = 0.2;

    private static final double FIRST_RIDGE = 0.1;
    private static final double LAST_RIDGE = 0.03;
    private final Preconditioner preconditioner;
    private final double firstCap;
    private final int iterations;
    private final SecantPairs[] pairs;
    private final float[][] residuals;
    private final float[][] cotangents;
    private final float[] target;
    private final BoxStep boxStep;

    /**
     * A rule for one worker.
     *
     * @param calibration what is known of the reference. The first cap is its length, within the
     *     box's diagonal
     * @param memory how much is remembered
     * @param iterations the steps of an input
     * @param slots the slots of the working batch
     * @param width the size of a representation
     * @param size the size of an input
     */
    MultiSecant(
            Calibration calibration,
            SecantMemory memory,
            int iterations,
            int slots,
            int width,
            int size) {
        this.preconditioner = calibration.preconditioner();
        double diagonal = Math.sqrt(size);
        this.firstCap =
                Math.min(
                        diagonal,
                        Math.max(calibration.length(), LEAST_WAY / iterations * diagonal));
        this.iterations = iterations;
        this.pairs = new SecantPairs[slots];
        for (int i = 0; i < slots; i++) {
            pairs[i] = new SecantPairs(calibration.mean(), memory, width, size);
        }
        this.residuals = new float[slots][width];
        this.cotangents = new float[slots][width];
        this.target = new float[width];
        this.boxStep = new BoxStep(calibration.mean().count() + memory.pairs(), size);
    }

    /** Starts inside the box, where all steps stay. */
    @Override
    public void begin(int slot, int input, Batch points) {
        pairs[slot].clear();
        Box.clamp(points, slot);
    }

    /** Forgets the way of a slot's input, which goes on elsewhere. */
    void forget(int slot) {
        pairs[slot].clear();
    }

    @Override
    public void move(int from, int to) {
        var freed = pairs[to];
        pairs[to] = pairs[from];
        pairs[from] = freed;
    }

    @Override
    public void differentiate(
            Evaluator evaluator,
            Batch points,
            Batch targets,
            Norm norm,
            double[] distances,
            Batch gradients) {
        evaluator.pullback(
                points,
                (from, representations, pulledBack) -> {
                    int width = target.length;
                    for (int row = 0; row < representations.rows(); row++) {
                        int slot = from + row;
                        representations.buffer().get(row * width, residuals[slot]);
                        targets.buffer().get(slot * width, target);
                        distances[slot] = differentiate(slot);
                        pulledBack.buffer().put(row * width, cotangents[slot]);
                    }
                },
                gradients);
    }

    /**
     * Turns a slot's representation into its residual, and this into its cotangent. The step does
     * not depend on their scale.
     *
     * @return the distance from the target
     */
    private double differentiate(int slot) {
        double squares = 0;
        var residual = residuals[slot];
        for (int i = 0; i < residual.length; i++) {
            float difference = residual[i] - target[i];
            residual[i] = difference;
            squares += (double) difference * difference;
        }
        preconditioner.apply(residual, cotangents[slot]);
        return Math.sqrt(squares);
    }

    @Override
    public void step(int slot, int step, double distance, float[] point, float[] gradient) {
        step(slot, step / (double) iterations, 1, distance, point, gradient);
    }

    /**
     * Moves the input in a slot one step.
     *
     * @param done the share of the schedule that is behind it, from 0 to 1
     * @param scale of the cap, from 0 to 1
     */
    void step(
            int slot, double done, double scale, double distance, float[] point, float[] gradient) {
        if (!(distance < Double.POSITIVE_INFINITY)) {
            return; // there is no way on from NaN
        }
        pairs[slot].add(cotangents[slot], gradient);
        double ridge = FIRST_RIDGE * Math.pow(LAST_RIDGE / FIRST_RIDGE, done);
        double cap = scale * firstCap * Math.pow(LAST_CAP, done) * (1 - done);
        boxStep.move(pairs[slot], residuals[slot], ridge, cap, point);
    }
}
