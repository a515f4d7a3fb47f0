package stir.core.score.compute;

import stir.api.BackendException;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;
import stir.api.SimilarityMeasure.Accumulator;
import stir.api.StirException;
import stir.core.statistics.ConfidenceInterval;
import stir.core.statistics.Estimate;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Two representations after one pass over all their rows. Measures with an accumulator have seen
 * the rows in parts; for the others, and for intervals, the rows are collected.
 */
final class GatheredRows {
    private final Map<String, Accumulator> accumulators = new HashMap<>();
    private final RowCollector first;
    private final RowCollector second;
    private final boolean collects;
    private final boolean independent;

    private GatheredRows(RepresentationPairs pairs, boolean collects) {
        this.first = new RowCollector(pairs.count(), pairs.columnsOfA());
        this.second = new RowCollector(pairs.count(), pairs.columnsOfB());
        this.collects = collects;
        this.independent = pairs.rowsOfOneInput() == 1;
    }

    /** Gathers rows for measures that are computed from accumulators where there are some. */
    static GatheredRows inParts(
            Map<String, SimilarityMeasure> measures, RepresentationPairs pairs) {
        var accumulators = new HashMap<String, Accumulator>();
        measures.forEach(
                (name, measure) ->
                        measure.accumulator(pairs.columnsOfA(), pairs.columnsOfB())
                                .ifPresent(found -> accumulators.put(name, found)));
        var gathered = new GatheredRows(pairs, accumulators.size() < measures.size());
        gathered.accumulators.putAll(accumulators);
        gathered.gather(pairs);
        return gathered;
    }

    /** Gathers all rows. */
    static GatheredRows whole(RepresentationPairs pairs) {
        var gathered = new GatheredRows(pairs, true);
        gathered.gather(pairs);
        return gathered;
    }

    private void gather(RepresentationPairs pairs) {
        pairs.forEachPart(
                (a, b) -> {
                    checkFinite(a);
                    checkFinite(b);
                    accumulators.values().forEach(accumulator -> accumulator.add(a, b));
                    if (collects) {
                        first.add(a);
                        second.add(b);
                    }
                });
    }

    private static void checkFinite(Matrix matrix) {
        int row = matrix.firstNonFiniteRow();
        if (row >= 0) {
            throw new DataException(
                    "A representation holds NaN or an infinite value (row %d of a part): the model's weights may hold NaN, or its preprocessing may not fit."
                            .formatted(row));
        }
    }

    /**
     * The value of one of the measures that the rows were gathered for.
     *
     * @param name what the user calls it
     * @throws DataException if it is not defined for these rows
     */
    double value(String name, SimilarityMeasure measure) {
        var accumulator = accumulators.get(name);
        double value =
                checked(
                        name,
                        () ->
                                accumulator != null
                                        ? accumulator.value()
                                        : measure.compare(first.matrix(), second.matrix()));
        if (Double.isNaN(value)) {
            throw new DataException(
                    "The measure '%s' gave no number for these representations.".formatted(name));
        }
        return value;
    }

    /**
     * As {@link #value}, with its interval where all rows were gathered, each is of another input,
     * and the measure is defined without some of them too.
     *
     * @param rngSeed of the interval
     */
    Estimate estimate(String name, SimilarityMeasure measure, long rngSeed) {
        double value = value(name, measure);
        return new Estimate(
                value,
                accumulators.containsKey(name) || !independent
                        ? Optional.empty()
                        : checked(name, () -> interval(measure, rngSeed)));
    }

    private Optional<ConfidenceInterval> interval(SimilarityMeasure measure, long rngSeed) {
        try {
            return ConfidenceInterval.of(
                    measure, first.matrix(), second.matrix(), Estimate.LEVEL, rngSeed);
        } catch (DataException e) { // defined for all rows, but not without some of them
            return Optional.empty();
        }
    }

    /** A measure may be a user's: whatever it throws is told as its fault. */
    private static <T> T checked(String name, Supplier<T> measure) {
        try {
            return measure.get();
        } catch (StirException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new BackendException(
                    "The measure '%s' failed (%s): tell its author.".formatted(name, e), e);
        }
    }
}
