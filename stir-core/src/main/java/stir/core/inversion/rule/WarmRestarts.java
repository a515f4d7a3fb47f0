package stir.core.inversion.rule;

import stir.api.Batch;
import stir.core.inversion.Optimizer;
import stir.core.network.pass.Box;

/**
 * The rule of {@link Optimizer#THOROUGH}: cycles of {@link MultiSecant}'s schedule. A cycle begins
 * at the best point so far, with a smaller cap than the one before, and with what that one
 * remembered. An input whose cycle gained little is stuck and begins again from another seed, with
 * the first cap and no memory. The cycles are those of Loshchilov and Hutter (SGDR, ICLR 2017).
 */
final class WarmRestarts extends RuleInFront {
    /** The steps of a cycle. With 100 fewer inputs were found, and with 200 no more. */
    static final int CYCLE = 150;

    /** The share of the residual that a cycle has to leave at most; more, and it is stuck. */
    private static final double GAIN = 0.9;

    /** A cycle's cap in terms of the cap before. */
    private static final double SHRINK = 0.7;

    private final MultiSecant steps;
    private final Seeds seeds;
    private final int iterations;
    private final Batch seed;
    private final int[] inputs;
    private final int[] cycleStarts;
    private final int[] restarts;
    private final double[] scales;
    private final double[] bestResiduals;
    private final double[] residualsBefore;
    private final float[][] bestPoints;

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
     * A rule for one worker.
     *
     * @param steps the steps of a cycle
     * @param seeds where stuck inputs begin again
     * @param iterations the most steps of an input, all cycles together
     * @param slots the slots of the working batch
     * @param seed room for one input
     */
    WarmRestarts(MultiSecant steps, Seeds seeds, int iterations, int slots, Batch seed) {
        super(steps);
        this.steps = steps;
        this.seeds = seeds;
        this.iterations = iterations;
        this.seed = seed;
        this.inputs = new int[slots];
        this.cycleStarts = new int[slots];
        this.restarts = new int[slots];
        this.scales = new double[slots];
        this.bestResiduals = new double[slots];
        this.residualsBefore = new double[slots];
        this.bestPoints = new float[slots][seed.rowSize()];
    }

    @Override
    public void begin(int slot, int input, Batch points) {
        super.begin(slot, input, points);
        inputs[slot] = input;
        restarts[slot] = 0;
        beginCycles(slot, 0);
    }

    private void beginCycles(int slot, int step) {
        cycleStarts[slot] = step;
        scales[slot] = 1;
        bestResiduals[slot] = Double.POSITIVE_INFINITY;
        residualsBefore[slot] = Double.POSITIVE_INFINITY;
    }

    @Override
    public void move(int from, int to) {
        super.move(from, to);
        inputs[to] = inputs[from];
        cycleStarts[to] = cycleStarts[from];
        restarts[to] = restarts[from];
        scales[to] = scales[from];
        bestResiduals[to] = bestResiduals[from];
        residualsBefore[to] = residualsBefore[from];
        var freed = bestPoints[to];
        bestPoints[to] = bestPoints[from];
        bestPoints[from] = freed;
    }

    @Override
    public int restarts(int slot) {
        return restarts[slot];
    }

    @Override
    public void step(int slot, int step, double residual, float[] point, float[] gradient) {
        if (residual < bestResiduals[slot]) {
            bestResiduals[slot] = residual;
            System.arraycopy(point, 0, bestPoints[slot], 0, point.length);
        }
        int cycleStart = cycleStarts[slot];
        int length = Math.min(CYCLE, iterations - cycleStart);
        if (step - cycleStart < length) {
            double done = (step - cycleStart) / (double) length;
            steps.step(slot, done, scales[slot], residual, point, gradient);
        } else if (bestResiduals[slot] <= GAIN * residualsBefore[slot]) {
            residualsBefore[slot] = bestResiduals[slot];
            cycleStarts[slot] = step;
            scales[slot] *= SHRINK;
            System.arraycopy(bestPoints[slot], 0, point, 0, point.length);
        } else {
            beginAgain(slot, step, point);
        }
    }

    private void beginAgain(int slot, int step, float[] point) {
        seeds.write(inputs[slot], ++restarts[slot], seed, 0);
        Box.clamp(seed, 0);
        seed.buffer().get(0, point);
        steps.forget(slot);
        beginCycles(slot, step);
    }
}
