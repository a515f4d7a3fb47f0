package stir.core.inversion.search;

import stir.api.Batch;
import stir.api.DataException;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.rule.UpdateRule;
import stir.core.network.pass.Box;
import stir.core.network.pass.Evaluator;
import stir.core.network.pass.Rows;
import stir.core.store.Course;
import stir.core.store.FoundRows;
import stir.core.store.Milestones;
import stir.core.store.RowOutcome;
import stir.core.work.SearchProgress;

import java.util.Arrays;
import java.util.concurrent.CancellationException;

/**
 * One search for invariant inputs, shared by its workers: which inputs wait, and what was found.
 * Workers take waiting inputs one by one; an input's way depends on nothing but itself.
 */
final class Search {
    private final InversionSettings settings;
    private final WaitingInputs waiting;
    private final Rows seeds;
    private final FoundRows found;
    private final SearchProgress progress;
    private final Milestones milestones;

    /**
     * A search that has not begun.
     *
     * @param settings how to search
     * @param waiting what is searched for
     * @param seeds where the search for an input begins
     * @param found receives what was found
     * @param progress is told what was done
     */
    Search(
            InversionSettings settings,
            WaitingInputs waiting,
            Rows seeds,
            FoundRows found,
            SearchProgress progress) {
        this.settings = settings;
        this.waiting = waiting;
        this.seeds = seeds;
        this.found = found;
        this.progress = progress;
        this.milestones = Milestones.of(settings);
    }

    /**
     * Searches with one evaluator until no input waits. Several threads may do so, each with its
     * own evaluator and rule.
     */
    void work(Evaluator evaluator, UpdateRule rule, int slots) {
        new Worker(evaluator, rule, slots).run();
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
        private final double[] bestValues;
        private final double[] bestResiduals;
        private final double[] targetNorms;
        private final int[] inputs;
        private final int[] steps;
        private final int[] passes;
        private final float[][] courses;
        private final float[] point;
        private final float[] gradient;
        private final Batch seed;
        private int active;

        Worker(Evaluator evaluator, UpdateRule rule, int slots) {
            this.evaluator = evaluator;
            this.rule = rule;
            points = Batch.allocate(slots, waiting.pixels());
            best = Batch.allocate(slots, waiting.pixels());
            gradients = Batch.allocate(slots, waiting.pixels());
            slotTargets = Batch.allocate(slots, waiting.representation());
            distances = new double[slots];
            bestValues = new double[slots];
            bestResiduals = new double[slots];
            targetNorms = new double[slots];
            inputs = new int[slots];
            steps = new int[slots];
            passes = new int[slots];
            courses = new float[slots][milestones.count()];
            point = new float[points.rowSize()];
            gradient = new float[points.rowSize()];
            seed = Batch.allocate(1, waiting.pixels());
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
            int input = waiting.take(evaluator, slotTargets, slot, targetNorms);
            if (input < 0) {
                return false;
            }
            inputs[slot] = input;
            steps[slot] = 0;
            passes[slot] = 0;
            bestValues[slot] = Double.POSITIVE_INFINITY;
            bestResiduals[slot] = Double.POSITIVE_INFINITY;
            seeds.read(input, points, slot);
            rule.begin(slot, input, points);
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
                double residual = rule.residual(slot, distances[slot] / targetNorms[slot]);
                double value = rule.value(slot, residual);
                boolean reached = residual <= settings.tolerance();
                passes[slot]++;
                if (value < bestValues[slot] || reached) {
                    bestValues[slot] = value;
                    bestResiduals[slot] = residual;
                    best.copyRow(points, slot, slot);
                }
                note(slot, passes[slot]);
                sum += Math.min(residual, bestResiduals[slot]);
                if (steps[slot] == settings.iterations() || reached) {
                    finish(slot);
                } else {
                    move(slot, residual);
                }
            }
            found.checkpoint();
            progress.passed(passed, sum / passed);
        }

        /** Notes the residual for the milestones from so many passes on. */
        private void note(int slot, int from) {
            var course = courses[slot];
            Arrays.fill(course, milestones.from(from), course.length, (float) bestResiduals[slot]);
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
            if (!(bestResiduals[slot] < Double.POSITIVE_INFINITY)) {
                throw new DataException(
                        "The reference's representation became NaN or infinite for input %d (counting from 0): its weights may hold NaN, or its preprocessing may not fit."
                                .formatted(input));
            }
            seeds.read(input, seed, 0);
            double squares = 0;
            for (int i = 0; i < point.length; i++) {
                float value = Box.clamp(best.get(slot, i));
                best.set(slot, i, value);
                double step = (double) value - Box.clamp(seed.get(0, i));
                squares += step * step;
            }
            found.add(
                    input,
                    best,
                    slot,
                    new RowOutcome(
                            bestResiduals[slot],
                            passes[slot],
                            Math.sqrt(squares),
                            rule.restarts(slot),
                            Course.of(courses[slot])));
            progress.finished(bestResiduals[slot], settings.iterations() - steps[slot]);
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
            passes[to] = passes[from];
            System.arraycopy(courses[from], 0, courses[to], 0, courses[to].length);
            targetNorms[to] = targetNorms[from];
            bestValues[to] = bestValues[from];
            bestResiduals[to] = bestResiduals[from];
            points.copyRow(points, from, to);
            best.copyRow(best, from, to);
            slotTargets.copyRow(slotTargets, from, to);
            rule.move(from, to);
        }
    }
}
