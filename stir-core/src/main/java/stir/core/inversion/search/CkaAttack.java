package stir.core.inversion.search;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Norm;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Rival;
import stir.core.inversion.rule.Calibration;
import stir.core.inversion.rule.UpdateRule;
import stir.core.inversion.rule.UpdateRules;
import stir.core.inversion.start.SeedSource;
import stir.core.network.pass.Box;
import stir.core.network.pass.Evaluator;
import stir.core.network.pass.HookedNetwork;
import stir.core.progress.ProgressListener;
import stir.core.store.FoundRows;
import stir.core.store.RowOutcome;
import stir.core.work.SearchProgress;
import stir.core.work.Workers;

import java.util.BitSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Searches inputs on which the linear CKA of two networks is small: {@link Rival.Aim#CKA}. All
 * inputs of a group move at once, and the step of the smallest CKA is kept for all of them. A
 * group's inputs depend on each other, and on nothing else.
 */
final class CkaAttack {
    private static final int FEWEST = 2;

    private final InversionSettings settings;
    private final HookedNetwork reference;
    private final HookedNetwork rival;
    private final Inputs inputs;
    private final SeedSource seeds;
    private final int groups;

    /**
     * An attack that has not begun.
     *
     * @throws UsageException if there are too few inputs
     */
    CkaAttack(
            InversionSettings settings, HookedNetwork reference, Inputs inputs, SeedSource seeds) {
        this.settings = settings;
        this.reference = reference;
        this.rival = reference.rival().orElseThrow();
        this.inputs = inputs;
        this.seeds = seeds;
        this.groups = (inputs.count() + Rival.CKA_GROUP - 1) / Rival.CKA_GROUP;
        if (inputs.count() < FEWEST) {
            throw new UsageException("A CKA attack needs at least 2 inputs: give more.");
        }
        if (!reference.moreLayers().isEmpty()) {
            throw new UsageException(
                    "A CKA attack compares one layer of each network: name one layer alone.");
        }
    }

    private int start(int group) {
        return (int) ((long) group * inputs.count() / groups);
    }

    /** Attacks the groups that are not all found. */
    void run(FoundRows found, ProgressListener listener) {
        var before = found.found();
        var progress =
                new SearchProgress(
                        "Attacking the CKA of %s and %s"
                                .formatted(reference.network().name(), rival.network().name()),
                        (long) inputs.count() * (settings.iterations() + 1),
                        listener);
        var next = new AtomicInteger();
        Workers.run(
                Math.min(groups, reference.evaluators().size()),
                worker -> {
                    for (int group = next.getAndIncrement();
                            group < groups;
                            group = next.getAndIncrement()) {
                        int from = start(group);
                        int count = start(group + 1) - from;
                        if (before.nextClearBit(from) < from + count) {
                            new Group(worker, from, count, progress).attack(before, found);
                            found.checkpoint();
                        }
                    }
                });
    }

    /** The inputs that move together. */
    private final class Group {
        private final int from;
        private final int count;
        private final Evaluator first;
        private final Evaluator second;
        private final SearchProgress progress;
        private final UpdateRule rule;
        private final Batch points;
        private final Batch best;
        private final Batch gradients;
        private final Batch ofSecond;
        private final Batch representations;
        private final Batch rivalRepresentations;
        private final LinearCkaGradient cka;
        private final float[] point;
        private final float[] gradient;

        Group(int worker, int from, int count, SearchProgress progress) {
            this.from = from;
            this.count = count;
            this.progress = progress;
            first = reference.evaluators().get(worker);
            second = rival.evaluators().get(worker);
            int passRows = first.passRows();
            int rows = (count + passRows - 1) / passRows * passRows;
            var steps = new UpdateRules(settings, reference, inputs, Calibration.none(), seeds);
            rule = steps.constrained(steps.gradientSteps(rows), rows);
            points = Batch.allocate(rows, inputs.shape());
            best = Batch.allocate(rows, inputs.shape());
            gradients = Batch.allocate(rows, inputs.shape());
            ofSecond = Batch.allocate(rows, inputs.shape());
            representations = Batch.allocate(rows, first.representation());
            rivalRepresentations = Batch.allocate(rows, second.representation());
            cka =
                    new LinearCkaGradient(
                            count, representations.rowSize(), rivalRepresentations.rowSize());
            point = new float[points.rowSize()];
            gradient = new float[points.rowSize()];
        }

        void attack(BitSet before, FoundRows found) {
            var moved = new double[count];
            for (int row = 0; row < count; row++) {
                seeds.write(from + row, points, row);
                rule.begin(row, from + row, points);
            }
            double smallest = Double.POSITIVE_INFINITY;
            for (int step = 0; step <= settings.iterations(); step++) {
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
                if (step < settings.iterations()) {
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

        /** The value of the group, and its gradient for each row. */
        private double differentiate() {
            first.represent(points, representations);
            second.represent(points, rivalRepresentations);
            double value = cka.differentiate(representations, rivalRepresentations);
            first.pullback(
                    points,
                    (start, unused, cotangents) -> cka.writeFirst(start, cotangents),
                    gradients);
            second.pullback(
                    points,
                    (start, unused, cotangents) -> cka.writeSecond(start, cotangents),
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
                rule.step(row, step, value, point, gradient);
                points.buffer().put(row * point.length, point);
            }
        }

        private void keep(double[] moved, BitSet before, FoundRows found) {
            var start = Batch.allocate(best.rows(), inputs.shape());
            for (int row = 0; row < count; row++) {
                inputs.read(from + row, gradients, row);
                seeds.write(from + row, start, row);
                Box.clamp(start, row);
                Box.clamp(best, row);
            }
            Norm.L2.distances(best.slice(0, count), start.slice(0, count), moved);
            var targets = Batch.allocate(best.rows(), first.representation());
            first.represent(gradients, targets);
            first.represent(best, representations);
            var distances = new double[best.rows()];
            var norms = new double[best.rows()];
            settings.norm().distances(representations, targets, distances);
            settings.norm().norms(targets, norms);
            for (int row = 0; row < count; row++) {
                if (!before.get(from + row)) {
                    found.add(
                            from + row,
                            best,
                            row,
                            new RowOutcome(
                                    distances[row] / norms[row],
                                    settings.iterations() + 1,
                                    moved[row]));
                }
            }
        }
    }
}
