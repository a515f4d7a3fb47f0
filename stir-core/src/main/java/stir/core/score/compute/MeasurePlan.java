package stir.core.score.compute;

import java.util.Locale;
import java.util.Optional;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;
import stir.api.SimilarityMeasure.Accumulator;
import stir.api.StirException;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Replicates;
import stir.core.measure.MeasureRequirements;

/**
 * The algorithm that computes one measure of two representations. Which one it is depends on the
 * numbers of rows and columns and on the memory that the plan allows, never on the machine, since
 * the last bits differ.
 */
sealed interface MeasurePlan {
    /** A measure without a value for these representations. */
    record Undefined(String reason) implements MeasurePlan {}

    /**
     * A measure that is computed from mergeable sums over blocks of inputs.
     *
     * @param groups the number of groups that rows are divided into; 1 without an interval
     */
    record Summed(int groups) implements MeasurePlan {}

    /** A measure whose accumulator receives all rows, part by part. */
    final class Accumulated implements MeasurePlan {
        private final Accumulator accumulator;
        private Optional<Estimate> failure = Optional.empty();

        Accumulated(Accumulator accumulator) {
            this.accumulator = accumulator;
        }

        void add(Matrix a, Matrix b) {
            if (failure.isPresent()) {
                return;
            }
            try {
                accumulator.add(a, b);
            } catch (StirException e) { // the other measures go on
                failure = Optional.of(Estimate.undefined(e.getMessage()));
            }
        }

        Estimate value() {
            return failure.orElseGet(() -> Similarities.defined(accumulator::value));
        }
    }

    /** A measure that needs all rows at once. */
    record Whole() implements MeasurePlan {}

    /**
     * Chooses the algorithm of a measure.
     *
     * @param prefersSums whether sums are preferred to all rows at once
     * @param hasInterval whether an interval is wanted
     */
    static MeasurePlan of(
            SimilarityMeasure measure,
            RepresentationPairs pairs,
            RowMemory memory,
            boolean prefersSums,
            boolean hasInterval) {
        int columnsOfA = pairs.columnsOfA();
        int columnsOfB = pairs.columnsOfB();
        var unmet = MeasureRequirements.unmet(measure, pairs.count(), columnsOfA, columnsOfB);
        if (unmet.isPresent()) {
            return new Undefined("It " + unmet.get());
        }
        if (prefersSums && isSummed(measure, pairs, memory)) {
            boolean divides = hasInterval && hasGroups(measure, pairs, memory);
            return new Summed(divides ? Replicates.groups(pairs.count()) : 1);
        }
        long bytes = measure.accumulatorBytes(columnsOfA, columnsOfB);
        if (prefersSums && bytes > 0 && bytes <= memory.limit()) {
            var accumulator = measure.accumulator(columnsOfA, columnsOfB);
            if (accumulator.isPresent()) {
                return new Accumulated(accumulator.get());
            }
        }
        return memory.fits(pairs)
                ? new Whole()
                : new Undefined(String.format(
                        Locale.ROOT,
                        "It requires all %d rows of %d and %d features at once, which need %.0f MB, and the memory limit is %.0f MB: use fewer inputs, or allow more memory.",
                        pairs.count(),
                        columnsOfA,
                        columnsOfB,
                        memory.megabytes(pairs),
                        memory.limitInMegabytes()));
    }

    private static boolean isSummed(SimilarityMeasure measure, RepresentationPairs pairs, RowMemory memory) {
        return accumulatorsFit(measure, pairs, memory, 1) && MeasureSums.has(measure);
    }

    /** Returns whether a measure's interval can be computed from sums of groups of rows. */
    static boolean hasGroups(SimilarityMeasure measure, RepresentationPairs pairs, RowMemory memory) {
        int groups = Replicates.groups(pairs.count());
        return pairs.count() == pairs.inputs()
                && measure.hasInterval()
                && measure.neighbours() == 0
                && groups > 1
                && accumulatorsFit(measure, pairs, memory, groups)
                && isSummed(measure, pairs, memory);
    }

    private static boolean accumulatorsFit(
            SimilarityMeasure measure, RepresentationPairs pairs, RowMemory memory, int groups) {
        long bytes = measure.accumulatorBytes(pairs.columnsOfA(), pairs.columnsOfB());
        return bytes > 0 && bytes <= memory.limit() / MeasureSums.accumulators(groups);
    }
}
