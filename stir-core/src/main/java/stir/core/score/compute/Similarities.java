package stir.core.score.compute;

import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.api.UsageException;
import stir.core.statistics.Estimate;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A choice of similarity measures and what they say of two representations. Measures with an
 * accumulator see the rows in parts, where that takes less memory than all rows do. Intervals need
 * all rows; where they do not fit there is none.
 */
public final class Similarities {
    /**
     * The memory for each value of a row: a float, its copy in the rows that are kept when some are
     * left out, and a double in the measure.
     */
    private static final int BYTES = Float.BYTES + Float.BYTES + Double.BYTES;

    private final Map<String, SimilarityMeasure> measures;
    private final long memory;

    /**
     * A choice.
     *
     * @param measures by what the user calls them, parameters included, in the order asked for
     * @param memory the bytes that rows may take for the sake of intervals
     */
    public Similarities(Map<String, SimilarityMeasure> measures, long memory) {
        this.measures = new LinkedHashMap<>(measures);
        this.memory = memory;
    }

    /** A choice whose intervals take up to half of Java's memory. */
    public Similarities(Map<String, SimilarityMeasure> measures) {
        this(measures, Runtime.getRuntime().maxMemory() / 2);
    }

    /** How the values of each measure are read. */
    public Map<String, Scale> scales() {
        var scales = new LinkedHashMap<String, Scale>();
        measures.forEach((name, measure) -> scales.put(name, measure.scale()));
        return scales;
    }

    /**
     * Why these measures' values for such representations should not be trusted, a sentence each.
     */
    public List<String> cautions(RepresentationPairs pairs) {
        var all = cautions(pairs.count(), pairs.columnsOfA(), pairs.columnsOfB());
        if (pairs.rowsOfOneInput() > 1) {
            all.add(
                    "There are no confidence intervals, since the %d positions of an input are not independent of each other."
                            .formatted(pairs.rowsOfOneInput()));
        } else if (!fits(pairs)) {
            all.add(
                    "There are no confidence intervals, since %d rows of %d and %d features do not fit into memory: give fewer inputs, or Java more memory."
                            .formatted(pairs.count(), pairs.columnsOfA(), pairs.columnsOfB()));
        }
        return List.copyOf(all);
    }

    /** Why the values for two matrices should not be trusted, a sentence each. */
    public List<String> cautions(Matrix a, Matrix b) {
        return List.copyOf(cautions(a.rows(), a.columns(), b.columns()));
    }

    private Set<String> cautions(int rows, int columnsOfA, int columnsOfB) {
        var all = new LinkedHashSet<String>();
        measures.forEach(
                (name, measure) ->
                        measure.cautions(rows, columnsOfA, columnsOfB)
                                .forEach(caution -> all.add(name + ": " + caution)));
        return all;
    }

    private boolean fits(RepresentationPairs pairs) {
        long columns = (long) pairs.columnsOfA() + pairs.columnsOfB();
        int wider = Math.max(pairs.columnsOfA(), pairs.columnsOfB());
        return (long) pairs.count() * wider <= Integer.MAX_VALUE
                && (double) BYTES * pairs.count() * columns <= memory;
    }

    /** Compares two matrices. */
    public Map<String, Double> compare(Matrix a, Matrix b) {
        return compare(new GivenPairs(a, b));
    }

    /**
     * Compares two representations.
     *
     * @return each measure's value, by what the user calls it, in the order asked for
     * @throws UsageException if a measure needs more rows, or equal widths
     * @throws DataException if a representation holds NaN, or if a measure is not defined for it
     */
    public Map<String, Double> compare(RepresentationPairs pairs) {
        check(pairs);
        boolean parts = pairs.count() > Math.max(pairs.columnsOfA(), pairs.columnsOfB());
        var gathered = parts ? GatheredRows.inParts(measures, pairs) : GatheredRows.whole(pairs);
        var values = new LinkedHashMap<String, Double>();
        measures.forEach((name, measure) -> values.put(name, gathered.value(name, measure)));
        return values;
    }

    /**
     * As {@link #compare(RepresentationPairs)}, with intervals.
     *
     * @param rngSeed of the intervals; the same seed gives the same ones
     */
    Map<String, Estimate> estimate(RepresentationPairs pairs, long rngSeed) {
        check(pairs);
        var gathered = gather(pairs);
        var estimates = new LinkedHashMap<String, Estimate>();
        measures.forEach(
                (name, measure) -> estimates.put(name, gathered.estimate(name, measure, rngSeed)));
        return estimates;
    }

    /** As {@link #estimate}, without measures that are not defined for these rows. */
    Map<String, Estimate> estimateDefined(RepresentationPairs pairs, long rngSeed) {
        var gathered = gather(pairs);
        var estimates = new LinkedHashMap<String, Estimate>();
        measures.forEach(
                (name, measure) -> {
                    if (pairs.count() >= measure.minimumRows()) {
                        try {
                            estimates.put(name, gathered.estimate(name, measure, rngSeed));
                        } catch (DataException e) { // not defined: left out
                        }
                    }
                });
        return estimates;
    }

    private GatheredRows gather(RepresentationPairs pairs) {
        return fits(pairs) ? GatheredRows.whole(pairs) : GatheredRows.inParts(measures, pairs);
    }

    private void check(RepresentationPairs pairs) {
        measures.forEach((name, measure) -> check(name, measure, pairs));
    }

    private static void check(String name, SimilarityMeasure measure, RepresentationPairs pairs) {
        if (pairs.count() < measure.minimumRows()) {
            throw new UsageException(
                    "The measure '%s' needs at least %d inputs, but there %s %d: give more inputs."
                            .formatted(
                                    name,
                                    measure.minimumRows(),
                                    pairs.count() == 1 ? "is" : "are",
                                    pairs.count()));
        }
        if (measure.needsEqualWidths() && pairs.columnsOfA() != pairs.columnsOfB()) {
            throw new UsageException(
                    "The measure '%s' compares representations of one width, but these have %d and %d features: choose another measure or layer."
                            .formatted(name, pairs.columnsOfA(), pairs.columnsOfB()));
        }
    }

    /** Matrices that are there already. */
    private record GivenPairs(Matrix a, Matrix b) implements RepresentationPairs {
        @Override
        public int count() {
            return a.rows();
        }

        @Override
        public int rowsOfOneInput() {
            return 1;
        }

        @Override
        public int columnsOfA() {
            return a.columns();
        }

        @Override
        public int columnsOfB() {
            return b.columns();
        }

        @Override
        public void forEachPart(BiConsumer<Matrix, Matrix> part) {
            part.accept(a, b);
        }
    }
}
