package stir.core.internal;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One search for invariant inputs, shared by its workers: which inputs wait, and what was found.
 * Workers take waiting inputs one by one; an input's way depends on nothing but itself.
 */
final class Search {
    private final InversionSettings settings;
    private final Batch targets;
    private final double[] targetNorms;
    private final Rows seeds;
    private final SearchProgress progress;
    private final AtomicInteger waiting = new AtomicInteger();

    private final Batch found;
    private final double[] residuals;
    private final int[] passes;
    private final double[] moved;

    /**
     * A search that has not begun.
     *
     * @param settings how to search
     * @param pixels the shape of an input
     * @param targets the reference's representation of each input
     */
    Search(
            InversionSettings settings,
            Shape pixels,
            Batch targets,
            Rows seeds,
            SearchProgress progress) {
        this.settings = settings;
        this.targets = targets;
        this.seeds = seeds;
        this.progress = progress;
        int count = targets.rows();
        this.targetNorms = new double[count];
        settings.norm().norms(targets, targetNorms);
        for (int i = 0; i < count; i++) {
            if (!(targetNorms[i] > 0) || Double.isInfinite(targetNorms[i])) {
                throw new DataException(
                        "The reference's representation of input %d (counting from 0) is %s, so no relative distance to it is defined: leave that input out, or measure another layer."
                                .formatted(i, targetNorms[i] == 0 ? "zero" : "not finite"));
            }
        }
        this.found = Batch.allocate(count, pixels);
        this.residuals = new double[count];
        this.passes = new int[count];
        this.moved = new double[count];
    }

    /**
     * Searches with one evaluator until no input waits. Several threads may do so, each with its
     * own evaluator and rule.
     */
    void work(Evaluator evaluator, UpdateRule rule, int slots) {
        new Worker(evaluator, rule, slots).run();
    }

    /** What was found, once all workers are done. */
    Inversion result(boolean fakeRelu) {
        return result(fakeRelu, 0);
    }

    /**
     * What was found, once all workers are done.
     *
     * @param calibrationPasses the row passes that were made before the search
     */
    Inversion result(boolean fakeRelu, int calibrationPasses) {
        return new Inversion(found, residuals, passes, moved, fakeRelu, calibrationPasses);
    }

    /**
     * A working batch: slots that hold the inputs that are being searched, the first {@code active}
     * of them.
     */
    private final class Worker {
        private final Evaluator evaluator;
        private final UpdateRule rule;
        private final Batch points;
        private final Batch best;
        private final Batch slotTargets;
        private final Batch gradients;
        private final double[] distances;
        private final double[] bestDistances;
        private final int[] inputs;
        private final int[] steps;
        private final float[] point;
        private final float[] gradient;
        private final Batch seed;
        private int active;

        Worker(Evaluator evaluator, UpdateRule rule, int slots) {
            this.evaluator = evaluator;
            this.rule = rule;
            points = Batch.allocate(slots, found.rowShape());
            best = Batch.allocate(slots, found.rowShape());
            gradients = Batch.allocate(slots, found.rowShape());
            slotTargets = Batch.allocate(slots, targets.rowShape());
            distances = new double[slots];
            bestDistances = new double[slots];
            inputs = new int[slots];
            steps = new int[slots];
            point = new float[found.rowSize()];
            gradient = new float[found.rowSize()];
            seed = Batch.allocate(1, found.rowShape());
        }

        void run() {
            while (active < inputs.length && take(active)) {
                active++;
            }
            while (active > 0) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("The search was interrupted");
                }
                pass();
            }
        }

        /** Puts the next waiting input into a slot, if one waits. */
        private boolean take(int slot) {
            int input = waiting.getAndIncrement();
            if (input >= targets.rows()) {
                return false;
            }
            inputs[slot] = input;
            steps[slot] = 0;
            bestDistances[slot] = Double.POSITIVE_INFINITY;
            seeds.read(input, points, slot);
            slotTargets.copyRow(targets, input, slot);
            rule.begin(slot, points);
            return true;
        }

        private void pass() {
            int passed = active;
            int passRows = evaluator.passRows();
            int rows =
                    (active + passRows - 1)
                            / passRows
                            * passRows; // slots that are not active pad the last pass
            rule.differentiate(
                    evaluator,
                    points.slice(0, rows),
                    slotTargets.slice(0, rows),
                    settings.norm(),
                    distances,
                    gradients.slice(0, rows));
            double sum = 0;
            for (int slot = active - 1;
                    slot >= 0;
                    slot--) { // downwards: a slot that is given up is filled from above
                double distance = distances[slot] / targetNorms[inputs[slot]];
                passes[inputs[slot]]++;
                if (distance < bestDistances[slot]) {
                    bestDistances[slot] = distance;
                    best.copyRow(points, slot, slot);
                }
                sum += bestDistances[slot];
                if (steps[slot] == settings.iterations() || distance <= settings.tolerance()) {
                    finish(slot);
                } else {
                    move(slot, distance);
                }
            }
            progress.passed(passed, sum / passed);
        }

        private void move(int slot, double distance) {
            points.buffer().get(slot * point.length, point);
            gradients.buffer().get(slot * point.length, gradient);
            rule.step(slot, steps[slot]++, distance, point, gradient);
            points.buffer().put(slot * point.length, point);
        }

        /**
         * Keeps what was found for a slot's input, and gives the slot to a waiting input or to the
         * last active one.
         */
        private void finish(int slot) {
            int input = inputs[slot];
            if (!(bestDistances[slot] < Double.POSITIVE_INFINITY)) {
                throw new DataException(
                        "The reference's representation became NaN or infinite for input %d (counting from 0): its weights may hold NaN, or its preprocessing may not fit."
                                .formatted(input));
            }
            residuals[input] = bestDistances[slot];
            seeds.read(input, seed, 0);
            double squares = 0;
            for (int i = 0; i < point.length; i++) {
                float value = clamp(best.get(slot, i));
                found.set(input, i, value);
                double step = (double) value - clamp(seed.get(0, i));
                squares += step * step;
            }
            moved[input] = Math.sqrt(squares);
            progress.finished(residuals[input], settings.iterations() - steps[slot]);
            if (!take(slot)) {
                active--;
                if (slot != active) {
                    relocate(active, slot);
                }
            }
        }

        private void relocate(int from, int to) {
            inputs[to] = inputs[from];
            steps[to] = steps[from];
            bestDistances[to] = bestDistances[from];
            points.copyRow(points, from, to);
            best.copyRow(best, from, to);
            slotTargets.copyRow(slotTargets, from, to);
            rule.move(from, to);
        }
    }

    private static float clamp(float value) {
        return Math.min(1f, Math.max(0f, value));
    }
}
