package stir.core.inversion.search;

import stir.api.Batch;
import stir.api.DataException;
import stir.core.inputs.Rows;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.rule.InputSteps;
import stir.core.inversion.rule.Pass;
import stir.core.inversion.rule.UpdateRule;
import stir.core.network.pass.Box;
import stir.core.network.pass.Evaluator;
import stir.core.store.Course;
import stir.core.store.FoundRows;
import stir.core.store.Milestones;
import stir.core.store.RowOutcome;
import stir.core.work.SearchProgress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * One search for invariant inputs, shared by its workers: which inputs wait, and what was found.
 * Workers take waiting inputs one by one; an input's way depends on nothing but itself.
 */
final class Search {
    private final InversionSettings settings;
    private final WaitingInputs waiting;
    private final Rows seeds;
    private final Optional<Rows> starts;
    private final FoundRows found;
    private final SearchProgress progress;
    private final Milestones milestones;

    /**
     * A search that has not begun.
     *
     * @param settings how to search
     * @param waiting what is searched for
     * @param seeds what is changed into invariant inputs
     * @param starts where the ways of inputs begin, if not at their seeds; in [0,1]
     * @param found receives what was found
     * @param progress is told what was done
     */
    Search(
            InversionSettings settings,
            WaitingInputs waiting,
            Rows seeds,
            Optional<Rows> starts,
            FoundRows found,
            SearchProgress progress) {
        this.settings = settings;
        this.waiting = waiting;
        this.seeds = seeds;
        this.starts = starts;
        this.found = found;
        this.progress = progress;
        this.milestones = Milestones.of(settings);
    }

    /**
     * Searches with one evaluator until no input waits. Several threads may do so, each with its
     * own evaluator and rule.
     *
     * @param slots how many inputs are searched at a time; whole passes
     */
    <S extends InputSteps> void work(Evaluator evaluator, UpdateRule<S> rule, int slots) {
        new Worker<>(evaluator, rule, slots).run();
    }

    /** An input on its way. */
    private static final class Climb<S extends InputSteps> {
        private final WaitingInputs.Taken input;
        private final S steps;
        private final float[] point;
        private final float[] best;
        private final float[] course;
        private double bestValue = Double.POSITIVE_INFINITY;
        private double bestResidual = Double.POSITIVE_INFINITY;
        private int passes;

        Climb(WaitingInputs.Taken input, float[] point, S steps, int milestones) {
            this.input = input;
            this.point = point;
            this.steps = steps;
            this.best = new float[point.length];
            this.course = new float[milestones];
        }
    }

    /**
     * The inputs that are being searched at a time. Their points go through passes in rows of
     * batches, in the order of the list.
     */
    private final class Worker<S extends InputSteps> {
        private final Evaluator evaluator;
        private final UpdateRule<S> rule;
        private final int slots;
        private final List<Climb<S>> climbs = new ArrayList<>();
        private final Batch points;
        private final Batch targets;
        private final Batch gradients;
        private final double[] distances;
        private final float[] gradient;
        private final Batch one;

        Worker(Evaluator evaluator, UpdateRule<S> rule, int slots) {
            this.evaluator = evaluator;
            this.rule = rule;
            this.slots = slots;
            points = Batch.allocate(slots, waiting.pixels());
            gradients = Batch.allocate(slots, waiting.pixels());
            targets = Batch.allocate(slots, waiting.representation());
            distances = new double[slots];
            gradient = new float[points.rowSize()];
            one = Batch.allocate(1, waiting.pixels());
        }

        void run() {
            for (var next = take(); next.isPresent(); next = take()) {
                climbs.add(next.get());
            }
            while (!climbs.isEmpty()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("The search was interrupted");
                }
                pass();
            }
        }

        /** The next waiting input at its seed, if one waits and there is room. */
        private Optional<Climb<S>> take() {
            return climbs.size() < slots
                    ? waiting.take(evaluator).map(this::begin)
                    : Optional.empty();
        }

        private Climb<S> begin(WaitingInputs.Taken input) {
            var point = row(seeds, input.index());
            var steps = rule.begin(input.index(), point);
            return new Climb<>(
                    input,
                    starts.map(rows -> row(rows, input.index())).orElse(point),
                    steps,
                    milestones.count());
        }

        private float[] row(Rows rows, int input) {
            var row = new float[one.rowSize()];
            rows.read(input, one, 0);
            one.buffer().get(0, row);
            return row;
        }

        private void pass() {
            int passRows = evaluator.passRows();
            int passed = climbs.size();
            int rows = (passed + passRows - 1) / passRows * passRows;
            for (int row = 0; row < passed; row++) {
                var climb = climbs.get(row);
                points.buffer().put(row * climb.point.length, climb.point);
                targets.buffer().put(row * climb.input.target().length, climb.input.target());
            }
            rule.differentiate(
                    new Pass(
                            evaluator,
                            points.slice(0, rows),
                            targets.slice(0, rows),
                            settings.norm(),
                            distances,
                            gradients.slice(0, rows)),
                    climbs.stream().map(climb -> climb.steps).toList());
            double sum = 0;
            for (int row = passed - 1; row >= 0; row--) { // downwards: finished ones are replaced
                sum += advance(row);
            }
            found.checkpoint();
            progress.passed(passed, sum / passed);
        }

        /**
         * Notes what the pass told of an input, and moves it or ends its search.
         *
         * @return its best residual so far
         */
        private double advance(int row) {
            var climb = climbs.get(row);
            double residual = climb.steps.residual(distances[row] / climb.input.norm());
            boolean reached = residual <= settings.tolerance();
            double value = climb.steps.value(residual, reached);
            int stepsMade = climb.passes++;
            if (value < climb.bestValue) {
                climb.bestValue = value;
                climb.bestResidual = residual;
                System.arraycopy(climb.point, 0, climb.best, 0, climb.point.length);
            }
            Arrays.fill(
                    climb.course,
                    milestones.from(climb.passes),
                    climb.course.length,
                    (float) climb.bestResidual);
            double told = Math.min(residual, climb.bestResidual);
            boolean ended = stepsMade == settings.iterations() || climb.steps.ends(reached);
            if (!ended) {
                gradients.buffer().get(row * gradient.length, gradient);
                climb.steps.step(stepsMade, residual, climb.point, gradient);
                ended = climb.steps.ends(reached);
            }
            if (ended) {
                keep(climb, stepsMade);
                replace(row);
            }
            return told;
        }

        /** Gives a row to a waiting input or to the last one. */
        private void replace(int row) {
            var last = climbs.remove(climbs.size() - 1);
            var next = take();
            if (next.isPresent()) {
                climbs.add(last);
                climbs.set(row, next.get());
            } else if (row < climbs.size()) {
                climbs.set(row, last);
            }
        }

        /** Keeps what was found for an input. */
        private void keep(Climb<S> climb, int stepsMade) {
            int input = climb.input.index();
            if (!(climb.bestResidual < Double.POSITIVE_INFINITY)) {
                throw new DataException(
                        "The reference's representation became NaN or infinite for input %d (counting from 0): its weights may hold NaN, or its preprocessing may not fit."
                                .formatted(input));
            }
            var seed = row(seeds, input);
            double squares = 0;
            for (int i = 0; i < seed.length; i++) {
                float value = Box.clamp(climb.best[i]);
                one.set(0, i, value);
                double step = (double) value - Box.clamp(seed[i]);
                squares += step * step;
            }
            found.add(
                    input,
                    one,
                    0,
                    new RowOutcome(
                            climb.bestResidual,
                            climb.passes,
                            Math.sqrt(squares),
                            climb.steps.movedAtLeast(),
                            climb.steps.restarts(),
                            Course.of(climb.course)));
            progress.finished(climb.bestResidual, settings.iterations() - stepsMade);
        }
    }
}
