package stir.core.inversion.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import stir.api.Batch;
import stir.api.DataException;
import stir.core.inputs.Rows;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.optimizer.Pass;
import stir.core.inversion.optimizer.UpdateRule;
import stir.core.inversion.optimizer.UpdateState;
import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;
import stir.core.network.pass.Evaluator;
import stir.core.network.pass.PassWatch;
import stir.core.runtime.work.SearchProgress;

/**
 * One search for invariant inputs, shared by its workers: the queue and the results. Workers take
 * inputs from the queue one by one; the result of an input depends on that input alone.
 */
final class Search {
    private final InversionSettings settings;
    private final InputQueue queue;
    private final Rows seeds;
    private final Optional<Rows> starts;
    private final FinishedRows store;
    private final SearchProgress progress;
    private final CheckpointSchedule checkpoints;

    /**
     * Creates a search that has not begun.
     *
     * @param settings the settings of the search
     * @param queue the inputs to be searched
     * @param seeds the seeds of the inputs
     * @param starts the first points of the inputs, if not their seeds; in [0,1]
     * @param store the store that receives the results
     * @param progress the progress of the search, which is updated
     */
    Search(
            InversionSettings settings,
            InputQueue queue,
            Rows seeds,
            Optional<Rows> starts,
            FinishedRows store,
            SearchProgress progress) {
        this.settings = settings;
        this.queue = queue;
        this.seeds = seeds;
        this.starts = starts;
        this.store = store;
        this.progress = progress;
        this.checkpoints = CheckpointSchedule.of(settings);
    }

    /**
     * Searches with one evaluator until no input waits. Several threads may call it, each with its
     * own evaluator and rule.
     *
     * @param slots the inputs that are searched at a time; whole passes
     */
    <S extends UpdateState> void work(Evaluator evaluator, UpdateRule<S> rule, int slots) {
        new Worker<>(evaluator, rule, slots).run();
    }

    /** The state of an input during its search. */
    private static final class InputState<S extends UpdateState> {
        private final InputQueue.Taken input;
        private final S steps;
        private final float[] point;
        private final float[] best;
        private final float[] trace;
        private double bestValue = Double.POSITIVE_INFINITY;
        private double bestResidual = Double.POSITIVE_INFINITY;
        private int passes;

        InputState(InputQueue.Taken input, float[] point, S steps, int checkpoints) {
            this.input = input;
            this.point = point;
            this.steps = steps;
            this.best = new float[point.length];
            this.trace = new float[checkpoints];
        }
    }

    /**
     * A worker with the inputs that it searches at a time, whose points are the rows of its passes
     * in the order of the list.
     */
    private final class Worker<S extends UpdateState> {
        private final Evaluator evaluator;
        private final UpdateRule<S> rule;
        private final int slots;
        private final List<InputState<S>> states = new ArrayList<>();
        private final Batch points;
        private final Batch targets;
        private final Batch gradients;
        private final double[] distances;
        private final float[] gradient;
        private final Batch one;
        private final Batch given;

        Worker(Evaluator evaluator, UpdateRule<S> rule, int slots) {
            this.evaluator = evaluator;
            this.rule = rule;
            this.slots = slots;
            points = Batch.allocate(slots, queue.pixels());
            gradients = Batch.allocate(slots, queue.pixels());
            targets = Batch.allocate(slots, queue.representation());
            distances = new double[slots];
            gradient = new float[points.rowSize()];
            one = Batch.allocate(1, queue.pixels());
            given = Batch.allocate(1, queue.pixels());
        }

        void run() {
            for (var next = take(); next.isPresent(); next = take()) {
                states.add(next.get());
            }
            var watches = evaluator.watches();
            while (!states.isEmpty() && watches.stream().noneMatch(PassWatch::isBroken)) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("The search was interrupted");
                }
                pass();
            }
        }

        /** Takes the next input, if one waits and there is room. */
        private Optional<InputState<S>> take() {
            return states.size() < slots ? queue.take(evaluator).map(this::begin) : Optional.empty();
        }

        private InputState<S> begin(InputQueue.Taken input) {
            var point = row(seeds, input.index());
            var steps = rule.begin(input.index(), point);
            return new InputState<>(
                    input, starts.map(rows -> row(rows, input.index())).orElse(point), steps, checkpoints.count());
        }

        private float[] row(Rows rows, int input) {
            var row = new float[one.rowSize()];
            rows.read(input, one, 0);
            one.buffer().get(0, row);
            return row;
        }

        private void pass() {
            int passRows = evaluator.passRows();
            int passed = states.size();
            int rows = (passed + passRows - 1) / passRows * passRows;
            var inputs = new int[rows];
            for (int row = 0; row < passed; row++) {
                var state = states.get(row);
                inputs[row] = state.input.index();
                points.buffer().put(row * state.point.length, state.point);
                targets.buffer().put(row * state.input.target().length, state.input.target());
            }
            rule.differentiate(
                    new Pass(
                            evaluator,
                            points.slice(0, rows),
                            inputs,
                            targets.slice(0, rows),
                            settings.norm(),
                            distances,
                            gradients.slice(0, rows)),
                    states.stream().map(state -> state.steps).toList());
            double sum = 0;
            for (int row = passed - 1; row >= 0; row--) { // downwards: finished ones are replaced
                sum += advance(row);
            }
            store.checkpoint();
            progress.passed(passed, sum / passed);
        }

        /**
         * Records the pass of an input, and moves the input or ends its search.
         *
         * @return its best residual so far
         */
        private double advance(int row) {
            var state = states.get(row);
            double residual = state.steps.residual(distances[row] / state.input.norm());
            boolean reached = residual <= settings.tolerance();
            double value = state.steps.value(residual, reached);
            int stepsMade = state.passes++;
            if (value < state.bestValue) {
                state.bestValue = value;
                state.bestResidual = residual;
                System.arraycopy(state.point, 0, state.best, 0, state.point.length);
            }
            Arrays.fill(state.trace, checkpoints.from(state.passes), state.trace.length, (float) state.bestResidual);
            double shown = Math.min(residual, state.bestResidual);
            boolean ended = stepsMade == settings.iterations() || state.steps.ends(reached);
            if (!ended) {
                gradients.buffer().get(row * gradient.length, gradient);
                state.steps.step(stepsMade, residual, state.point, gradient);
                ended = state.steps.ends(reached);
            }
            if (ended) {
                keep(state, stepsMade);
                replace(row);
            }
            return shown;
        }

        /** Gives a row to the next input of the queue or to the last one. */
        private void replace(int row) {
            var last = states.remove(states.size() - 1);
            var next = take();
            if (next.isPresent()) {
                states.add(last);
                states.set(row, next.get());
            } else if (row < states.size()) {
                states.set(row, last);
            }
        }

        /** Stores the result of an input. */
        private void keep(InputState<S> state, int stepsMade) {
            int input = state.input.index();
            if (!(state.bestResidual < Double.POSITIVE_INFINITY)) {
                throw new DataException(
                        "The reference's representation became NaN or infinite for input %d (counting from 0): its weights may contain NaN, its preprocessing may not fit, or half precision may overflow."
                                .formatted(input));
            }
            var seed = row(seeds, input);
            if (!settings.seed().isOutside()) {
                Box.clamp(seed);
            }
            Box.clamp(state.best);
            one.buffer().put(0, state.best);
            store.add(
                    input,
                    one,
                    0,
                    new RowOutcome(
                            new Inversion.Row(
                                    state.bestResidual,
                                    state.passes,
                                    Math.sqrt(Vectors.squaredDistance(state.best, seed)),
                                    state.steps.movedAtLeast(),
                                    state.steps.restarts(),
                                    queue.distance(input, one, given)),
                            ConvergenceTrace.of(state.trace)));
            progress.finished(state.bestResidual, settings.iterations() - stepsMade);
        }
    }
}
