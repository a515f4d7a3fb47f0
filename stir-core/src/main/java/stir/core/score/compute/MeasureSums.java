package stir.core.score.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import stir.api.BackendException;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;
import stir.api.SimilarityMeasure.MergingAccumulator;
import stir.core.math.statistics.Replicates;

/**
 * The sums of one measure over rows: one for all of them, or one per group of the jackknife, which
 * are merged into the measure without each group.
 */
final class MeasureSums {
    private final SimilarityMeasure measure;
    private final int columnsOfA;
    private final int columnsOfB;
    private final List<MergingAccumulator> groups;

    /**
     * Creates sums over no rows.
     *
     * @param groups the number of groups that rows are divided into; 1 for none
     */
    MeasureSums(SimilarityMeasure measure, int columnsOfA, int columnsOfB, int groups) {
        this.measure = measure;
        this.columnsOfA = columnsOfA;
        this.columnsOfB = columnsOfB;
        this.groups = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            this.groups.add(accumulator());
        }
    }

    private MergingAccumulator accumulator() {
        return measure.accumulator(columnsOfA, columnsOfB)
                .filter(MergingAccumulator.class::isInstance)
                .map(MergingAccumulator.class::cast)
                .orElseThrow(() -> new BackendException(
                        "The measure '%s' has no mergeable accumulator for %d and %d features, but for others: report this to its author."
                                .formatted(measure.id(), columnsOfA, columnsOfB)));
    }

    /** Returns whether a measure's accumulators are mergeable: those of all widths, or of none. */
    static boolean has(SimilarityMeasure measure) {
        return measure.accumulator(1, 1)
                .filter(MergingAccumulator.class::isInstance)
                .isPresent();
    }

    /**
     * Returns the maximum number of accumulators at once: of all rows, of a block, and of groups
     * that are merged.
     */
    static int accumulators(int groups) {
        return groups == 1 ? 2 : 2 * groups + 1;
    }

    /**
     * Adds rows.
     *
     * @param groupOf the group of each row; empty if there is one group
     * @param from the number of the first of these rows
     */
    void add(Matrix a, Matrix b, int[] groupOf, int from) {
        if (groups.size() == 1) {
            groups.get(0).add(a, b);
            return;
        }
        for (int group = 0; group < groups.size(); group++) {
            int wanted = group;
            var rows = IntStream.range(0, a.rows())
                    .filter(row -> groupOf[from + row] == wanted)
                    .toArray();
            if (rows.length > 0) {
                groups.get(group).add(a.select(rows), b.select(rows));
            }
        }
    }

    /** Adds the sums over the rows that follow. */
    void merge(MeasureSums following) {
        for (int group = 0; group < groups.size(); group++) {
            groups.get(group).merge(following.groups.get(group));
        }
    }

    /** Returns the measure of all rows. */
    double value() {
        return groups.size() == 1 ? groups.get(0).value() : without(-1);
    }

    /**
     * Returns the measure of all rows and without each group.
     *
     * @param value the measure of all rows
     * @param rows their number
     * @param seed the seed of the division into groups
     * @return empty if there are no groups
     */
    Optional<Replicates> replicates(double value, int rows, long seed) {
        if (groups.size() == 1) {
            return Optional.empty();
        }
        var without =
                IntStream.range(0, groups.size()).mapToDouble(this::without).toArray();
        return Optional.of(Replicates.of(Replicates.Scheme.GROUPS, value, without, rows, seed));
    }

    /** Returns the measure without a group; of all, if there is no such group. */
    private double without(int group) {
        var sum = accumulator();
        for (int i = 0; i < groups.size(); i++) {
            if (i != group) {
                sum.merge(groups.get(i));
            }
        }
        return sum.value();
    }
}
