package stir.core.inversion.rule;

import org.jspecify.annotations.Nullable;

import stir.api.Batch;
import stir.core.inversion.Optimizer;
import stir.core.network.pass.Box;

import java.util.List;

/**
 * The rule of {@link Optimizer#THOROUGH}: cycles of {@link MultiSecant}'s schedule. A cycle begins
 * at the best point so far, with a smaller cap than the one before, and with what that one
 * remembered. From the best point of a cycle {@link QuasiNewton} steps go on as long as they gain;
 * where they did not (at a kink), later cycles go without them, until another seed if they gained
 * before. An input that both together brought little is stuck and begins again from another seed,
 * with the first cap and no memory. The cycles are those of Loshchilov and Hutter (SGDR, ICLR
 * 2017).
 */
final class WarmRestarts implements UpdateRule<WarmRestarts.Cycles> {
    /** The steps of a cycle. With 100 fewer inputs were found, and with 200 no more. */
    static final int CYCLE = 150;

    /** The quasi-Newton steps that have to gain, or no more of them are taken. */
    private static final int DESCENT = 50;

    /** The share of the residual that what gains leaves at most; with more, it is stuck. */
    private static final double GAIN = 0.9;

    /** A cycle's cap in terms of the cap before. */
    private static final double SHRINK = 0.7;

    private final MultiSecant steps;
    private final Seeds seeds;
    private final int iterations;
    private final Batch seed;

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
     * @param iterations the most steps of an input, all cycles together
     * @param seed room for one input
     */
    WarmRestarts(MultiSecant steps, Seeds seeds, int iterations, Batch seed) {
        this.steps = steps;
        this.seeds = seeds;
        this.iterations = iterations;
        this.seed = seed;
    }

    @Override
    public Cycles begin(int input, float[] start) {
        return new Cycles(input, steps.begin(input, start));
    }

    @Override
    public void differentiate(Pass pass, List<Cycles> inputs) {
        steps.differentiate(pass, StepsBehind.behind(inputs));
    }

    /** Where an input is in its cycles. */
    final class Cycles extends StepsBehind<MultiSecant.Secants> {
        private final int input;
        private final float[] bestPoint = new float[seed.rowSize()];
        private int cycleStart;
        private int restarts;
        private double scale;
        private double bestResidual;
        private double residualBefore;
        private @Nullable Descent descent;
        private boolean descends = true;
        private boolean smooth;

        private Cycles(int input, MultiSecant.Secants behind) {
            super(behind);
            this.input = input;
            beginAt(0);
        }

        private void beginAt(int step) {
            cycleStart = step;
            scale = 1;
            bestResidual = Double.POSITIVE_INFINITY;
            residualBefore = Double.POSITIVE_INFINITY;
        }

        @Override
        public int restarts() {
            return restarts;
        }

        @Override
        public void step(int step, double residual, float[] point, float[] gradient) {
            if (residual < bestResidual) {
                bestResidual = residual;
                System.arraycopy(point, 0, bestPoint, 0, point.length);
            }
            if (descent != null) {
                if (!descent.next(step, point, gradient)) {
                    descends = descent.gained();
                    smooth |= descends;
                    descent = null;
                    goOn(step, point);
                }
                return;
            }
            int length = Math.min(CYCLE, iterations - cycleStart);
            if (step - cycleStart < length) {
                double done = (step - cycleStart) / (double) length;
                behind.step(done, scale, residual, point, gradient);
            } else if (!descends) {
                goOn(step, point);
            } else {
                descent = new Descent(step);
                System.arraycopy(bestPoint, 0, point, 0, point.length);
            }
        }

        /** Begins the next cycle at the best point, or at another seed. */
        private void goOn(int step, float[] point) {
            if (bestResidual <= GAIN * residualBefore) {
                residualBefore = bestResidual;
                cycleStart = step;
                scale *= SHRINK;
                System.arraycopy(bestPoint, 0, point, 0, point.length);
            } else {
                beginAgain(step, point);
            }
        }

        private void beginAgain(int step, float[] point) {
            restarts++;
            seeds.write(input, restarts, seed, 0);
            Box.clamp(seed, 0);
            seed.buffer().get(0, point);
            behind.beginAgain(point);
            descends = smooth;
            beginAt(step);
        }

        /** Quasi-Newton steps from the best point of a cycle. */
        private final class Descent {
            private final QuasiNewton steps = new QuasiNewton(bestPoint.length);
            private final double begun = bestResidual;
            private double before = bestResidual;
            private int since;

            Descent(int step) {
                since = step;
            }

            /** Goes on, unless there is no better point or the last steps gained little. */
            boolean next(int step, float[] point, float[] gradient) {
                if (step - since >= DESCENT) {
                    if (bestResidual > GAIN * before) {
                        return false;
                    }
                    since = step;
                    before = bestResidual;
                }
                return steps.next(behind.value(), point, gradient);
            }

            boolean gained() {
                return bestResidual <= GAIN * begun;
            }
        }
    }
}
