package stir.core.inversion.search;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Norm;
import stir.api.UsageException;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.inputs.Inputs;
import stir.core.inversion.CkaAttack;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.optimizer.UpdateRule;
import stir.core.inversion.optimizer.UpdateState;
import stir.core.network.pass.Box;
import stir.core.network.pass.CutNetwork;
import stir.core.network.pass.Evaluator;
import stir.core.runtime.progress.ProgressListener;
import stir.core.runtime.work.SearchProgress;
import stir.core.runtime.work.Workers;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A search for inputs on which the linear CKA of two networks is small: {@link CkaAttack}. All
 * inputs of a group move at once, and the step of the smallest CKA is kept for all of them. The
 * result of a group depends on its inputs alone.
 */
final class GroupAttack {
    private static final int FEWEST = 2;

    private final InversionSettings settings;
    private final CkaAttack method;
    private final SearchedNetworks networks;
    private final CutNetwork reference;
    private final CutNetwork other;
    private final Inputs inputs;
    private final TermCatalogue terms;
    private final SeedSource seeds;

    /**
     * Creates an attack that has not begun.
     *
     * @throws UsageException if there are too few inputs
     */
    GroupAttack(
            InversionSettings settings,
            CkaAttack method,
            SearchedNetworks networks,
            Inputs inputs,
            TermCatalogue terms,
            SeedSource seeds) {
        this.terms = terms;
        this.settings = settings;
        this.method = method;
        this.networks = networks;
        this.reference = networks.reference();
        this.other = networks.second().orElseThrow();
        this.inputs = inputs;
        this.seeds = seeds;
        if (inputs.count() < FEWEST) {
            throw new UsageException("A CKA attack needs at least 2 inputs: give more.");
        }
        if (!networks.moreLayers().isEmpty()) {
            throw new UsageException(
                    "A CKA attack compares one layer of each network: name one layer alone.");
        }
    }

    private int start(int group) {
        return CkaAttack.start(group, inputs.count());
    }

    /**
     * Attacks the groups of a range that have an input without a result.
     *
     * @param from the first input, where a group begins
     * @param to the end of the range, exclusive, where a group ends
     */
    void run(int from, int to, FoundRows found, ProgressListener listener) {
        var before = found.found();
        int first = group(from);
        int end = group(to);
        var progress =
                new SearchProgress(
                        "Attacking the CKA of %s and %s"
                                .formatted(reference.network().name(), other.network().name()),
                        (long) (to - from) * (method.iterations() + 1),
                        listener);
        var next = new AtomicInteger(first);
        Workers.run(
                Math.min(end - first, reference.evaluators().size()),
                worker -> {
                    for (int group = next.getAndIncrement();
                            group < end;
                            group = next.getAndIncrement()) {
                        int start = start(group);
                        int count = start(group + 1) - start;
                        if (before.nextClearBit(start) < start + count) {
                            new Group(worker, start, count, progress).attack(before, found);
                            found.checkpoint();
                        }
                    }
                });
    }

    /** Returns the index of each row's input in the passes of a group. */
    private static int[] indices(int from, int count, int rows) {
        var indices = new int[rows];
        for (int row = 0; row < rows; row++) {
            indices[row] = from + Math.min(row, count - 1); // the rest fills a pass
        }
        return indices;
    }

    /** Returns the group that begins at a border. */
    private int group(int border) {
        int group = 0;
        while (start(group) < border) {
            group++;
        }
        return group;
    }

    /** The CKA of the searched and the given inputs, for each network. */
    private final class KeptCka {
        private final CkaAttack.Kept which;
        private final Batch ofReference;
        private final Batch ofSecond;
        private final LinearCkaGradient withReference;
        private final LinearCkaGradient withSecond;

        KeptCka(CkaAttack.Kept which, Evaluator first, Evaluator second, int from, int count) {
            this.which = which;
            int passRows = first.passRows();
            int rows = (count + passRows - 1) / passRows * passRows;
            var given = Batch.allocate(rows, inputs.shape());
            inputs.read(from, count, given, 0);
            ofReference = Batch.allocate(rows, first.representation());
            ofSecond = Batch.allocate(rows, second.representation());
            var indices = indices(from, count, rows);
            first.represent(given, indices, ofReference);
            second.represent(given, indices, ofSecond);
            withReference =
                    new LinearCkaGradient(count, ofReference.rowSize(), ofReference.rowSize());
            withSecond = new LinearCkaGradient(count, ofSecond.rowSize(), ofSecond.rowSize());
        }

        double differentiate(Batch reference, Batch second) {
            return which.ofReference() * withReference.differentiate(reference, ofReference)
                    + which.ofSecond() * withSecond.differentiate(second, ofSecond);
        }

        void addReference(int start, Batch cotangents) {
            withReference.addFirst(start, which.ofReference(), cotangents);
        }

        void addSecond(int start, Batch cotangents) {
            withSecond.addFirst(start, which.ofSecond(), cotangents);
        }
    }

    /** A group of inputs that move together. */
    private final class Group {
        private final int from;
        private final int count;
        private final Evaluator first;
        private final Evaluator second;
        private final SearchProgress progress;
        private final UpdateRule<?> rule;
        private final List<UpdateState> steps = new ArrayList<>();
        private final int[] indices;
        private final Batch points;
        private final Batch best;
        private final Batch gradients;
        private final Batch ofSecond;
        private final Batch representations;
        private final Batch otherRepresentations;
        private final LinearCkaGradient cka;
        private final Optional<KeptCka> kept;
        private final float[] point;
        private final float[] gradient;

        Group(int worker, int from, int count, SearchProgress progress) {
            this.from = from;
            this.count = count;
            this.progress = progress;
            first = reference.evaluators().get(worker);
            second = other.evaluators().get(worker);
            int passRows = first.passRows();
            int rows = (count + passRows - 1) / passRows * passRows;
            rule =
                    new UpdateRules(settings, networks, inputs, terms, seeds)
                            .gradientSteps(method.steps(), method.ball());
            indices = indices(from, count, rows);
            points = Batch.allocate(rows, inputs.shape());
            best = Batch.allocate(rows, inputs.shape());
            gradients = Batch.allocate(rows, inputs.shape());
            ofSecond = Batch.allocate(rows, inputs.shape());
            representations = Batch.allocate(rows, first.representation());
            otherRepresentations = Batch.allocate(rows, second.representation());
            cka =
                    new LinearCkaGradient(
                            count, representations.rowSize(), otherRepresentations.rowSize());
            kept = method.kept().map(which -> new KeptCka(which, first, second, from, count));
            point = new float[points.rowSize()];
            gradient = new float[points.rowSize()];
        }

        void attack(BitSet before, FoundRows found) {
            var moved = new double[count];
            for (int row = 0; row < count; row++) {
                seeds.write(from + row, points, row);
                points.buffer().get(row * point.length, point);
                steps.add(rule.begin(from + row, point));
                points.buffer().put(row * point.length, point);
            }
            double smallest = Double.POSITIVE_INFINITY;
            for (int step = 0; step <= method.iterations(); step++) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("The search was interrupted");
                }
                double value = differentiate();
                if (value < smallest) {
                    smallest = value;
                    for (int row = 0; row < count; row++) {
                        best.copyRow(points, row, row);
                    }
                }
                if (step < method.iterations()) {
                    move(step, value);
                }
                progress.passed(count, Double.NaN);
            }
            if (!(smallest < Double.POSITIVE_INFINITY)) {
                throw new DataException(
                        "The CKA of inputs %d to %d (counting from 0) is not defined: their representations may all be the same, or NaN."
                                .formatted(from, from + count - 1));
            }
            keep(moved, before, found);
        }

        /** Returns the value of the group, and writes its gradient for each row. */
        private double differentiate() {
            first.represent(points, indices, representations);
            second.represent(points, indices, otherRepresentations);
            double value = cka.differentiate(representations, otherRepresentations);
            if (kept.isPresent()) {
                value += kept.get().differentiate(representations, otherRepresentations);
            }
            first.pullback(
                    points,
                    indices,
                    (start, unused, cotangents) -> {
                        cka.writeFirst(start, cotangents);
                        kept.ifPresent(more -> more.addReference(start, cotangents));
                    },
                    gradients);
            second.pullback(
                    points,
                    indices,
                    (start, unused, cotangents) -> {
                        cka.writeSecond(start, cotangents);
                        kept.ifPresent(more -> more.addSecond(start, cotangents));
                    },
                    ofSecond);
            var sum = gradients.buffer();
            var other = ofSecond.buffer();
            for (int i = 0; i < count * points.rowSize(); i++) {
                sum.put(i, sum.get(i) + other.get(i));
            }
            return value;
        }

        private void move(int step, double value) {
            for (int row = 0; row < count; row++) {
                points.buffer().get(row * point.length, point);
                gradients.buffer().get(row * point.length, gradient);
                steps.get(row).step(step, value, point, gradient);
                points.buffer().put(row * point.length, point);
            }
        }

        private void keep(double[] moved, BitSet before, FoundRows found) {
            var start = Batch.allocate(best.rows(), inputs.shape());
            inputs.read(from, count, gradients, 0);
            for (int row = 0; row < count; row++) {
                seeds.write(from + row, start, row);
                Box.clamp(start, row);
                Box.clamp(best, row);
            }
            Norm.L2.distances(best.slice(0, count), start.slice(0, count), moved);
            var targets = Batch.allocate(best.rows(), first.representation());
            first.represent(gradients, indices, targets);
            first.represent(best, indices, representations);
            var distances = new double[best.rows()];
            var norms = new double[best.rows()];
            method.norm().distances(representations, targets, distances);
            method.norm().norms(targets, norms);
            for (int row = 0; row < count; row++) {
                if (!before.get(from + row)) {
                    found.add(
                            from + row,
                            best,
                            row,
                            new RowOutcome(
                                    distances[row] / norms[row],
                                    method.iterations() + 1,
                                    moved[row],
                                    RowOutcome.distance(
                                            best.slice(row, row + 1),
                                            gradients.slice(row, row + 1),
                                            inputs,
                                            from + row)));
                }
            }
        }
    }
}
