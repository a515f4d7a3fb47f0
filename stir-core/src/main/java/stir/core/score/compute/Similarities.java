package stir.core.score.compute;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import stir.api.Batch;
import stir.api.Caution;
import stir.api.DataException;
import stir.api.SimilarityMeasure;
import stir.api.StirException;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Replicates;
import stir.core.math.statistics.RowsOfInputs;
import stir.core.measure.WideLinearCka;
import stir.core.representation.MatrixRows;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;

/**
 * Values of some similarity measures for two representations.
 *
 * <p>A value is computed from all rows at once, or by the measure's accumulator, which receives the
 * rows in fixed blocks and in order ({@link BlockwiseSums}); see {@link MeasurePlan}. Intervals
 * need all rows, or sums of groups of them. A measure that is not defined for some representations,
 * or fails, does not affect the others.
 */
public final class Similarities {
    private final Map<String, SimilarityMeasure> measures;
    private final RowMemory memory;

    /**
     * Creates a choice of measures.
     *
     * @param measures the measures by the user's names, parameters included, in the order asked for
     * @param memory the bytes that rows, or accumulators, may take
     */
    public Similarities(Map<String, SimilarityMeasure> measures, long memory) {
        this.measures = new LinkedHashMap<>(measures);
        this.memory = new RowMemory(memory);
    }

    /** Returns one of the measures; none if it is not among them. */
    Similarities only(String name) {
        var one = new LinkedHashMap<>(measures);
        one.keySet().retainAll(Set.of(name));
        return new Similarities(one, memory.limit());
    }

    /** Returns the reasons not to trust the values and intervals. */
    List<Caution> cautions(RepresentationPairs pairs) {
        return new MeasureCautions(measures, memory).of(pairs);
    }

    /** Returns the reasons not to trust the values of two matrices. */
    public List<Caution> cautions(MatrixRows a, MatrixRows b) {
        return new MeasureCautions(measures, memory).of(a.rows(), a.columns(), b.columns());
    }

    /** Returns the limit of memory. */
    RowMemory memory() {
        return memory;
    }

    /** Returns all rows of two representations; empty if they exceed the limit of memory. */
    Optional<AllRows> allRows(RepresentationPairs pairs) {
        return memory.fits(pairs) ? Optional.of(AllRows.of(pairs)) : Optional.empty();
    }

    /** Returns no values, for a reason that holds for all measures. */
    Map<String, Estimate> undefined(String reason) {
        return ofEach((name, measure) -> Estimate.undefined(reason));
    }

    private Map<String, Estimate> ofEach(BiFunction<String, SimilarityMeasure, Estimate> compute) {
        var values = new LinkedHashMap<String, Estimate>();
        measures.forEach((name, measure) -> values.put(name, compute.apply(name, measure)));
        return values;
    }

    /** Compares two matrices. */
    public Map<String, Estimate> compare(MatrixRows a, MatrixRows b) {
        var pairs = new GivenPairs(a, b);
        var values = compare(pairs);
        // Gram matrices are those of floats.
        return memory.fits(pairs) || isDouble(a) || isDouble(b) ? values : orByGrams(values, pairs, rows(a), rows(b));
    }

    private static boolean isDouble(MatrixRows source) {
        return source.read(0, 1).isDouble();
    }

    private static WideLinearCka.RowReader rows(MatrixRows source) {
        return (row, into) -> source.read(row, row + 1).toFloats().get(into);
    }

    /**
     * Compares two representations, without intervals: by accumulators where there are more rows
     * than columns.
     *
     * @return the value of each measure, in the order asked for
     * @throws DataException if a representation holds NaN
     */
    Map<String, Estimate> compare(RepresentationPairs pairs) {
        boolean tall = pairs.count() > Math.max(pairs.columnsOfA(), pairs.columnsOfB());
        return values(pairs, tall || !memory.fits(pairs), Optional.empty());
    }

    /**
     * As {@link #compare(RepresentationPairs)}, of inputs themselves, which can be read again:
     * linear CKA is also defined where not all rows fit.
     *
     * @param pairs the inputs a and b, flattened
     */
    Map<String, Estimate> compareInputs(RepresentationPairs pairs, Representations a, Representations b) {
        return orByGrams(compare(pairs), pairs, rows(a), rows(b));
    }

    /**
     * Returns the values; those that are undefined, since not all rows fit, are computed from Gram
     * matrices if possible.
     */
    private Map<String, Estimate> orByGrams(
            Map<String, Estimate> values,
            RepresentationPairs pairs,
            WideLinearCka.RowReader a,
            WideLinearCka.RowReader b) {
        if (memory.fits(pairs)) {
            return values;
        }
        int rows = pairs.count();
        int ofA = pairs.columnsOfA();
        int ofB = pairs.columnsOfB();
        var grams = new ArrayList<WideLinearCka>(); // read once, if any measure needs them
        return ofEach((name, measure) -> {
            var value = Objects.requireNonNull(values.get(name));
            int widest = Math.max(ofA, ofB);
            if (value.isDefined() || !WideLinearCka.fits(measure, rows, widest, memory.limit())) {
                return value;
            }
            if (grams.isEmpty()) {
                grams.add(WideLinearCka.read(rows, ofA, a, ofB, b, memory.limit()));
            }
            return defined(() -> grams.get(0).value(measure));
        });
    }

    private static WideLinearCka.RowReader rows(Representations inputs) {
        var one = Batch.allocate(1, inputs.shape());
        return (row, into) -> {
            inputs.read(new int[] {row}, one);
            one.buffer().get(0, into);
        };
    }

    /**
     * As {@link #compare(RepresentationPairs)}, with intervals where all rows fit.
     *
     * @param rngSeed the key of the random numbers for the intervals; the same key gives the same
     *     intervals
     */
    Map<String, Estimate> estimate(RepresentationPairs pairs, long rngSeed) {
        return values(pairs, !memory.fits(pairs), Optional.of(rngSeed));
    }

    private Map<String, Estimate> values(RepresentationPairs pairs, boolean prefersSums, Optional<Long> rngSeed) {
        var plans = new LinkedHashMap<String, MeasurePlan>();
        var groups = new LinkedHashMap<String, Integer>();
        measures.forEach((name, measure) -> {
            var plan = MeasurePlan.of(measure, pairs, memory, prefersSums, rngSeed.isPresent());
            plans.put(name, plan);
            if (plan instanceof MeasurePlan.Summed summed) {
                groups.put(name, summed.groups());
            }
        });
        var summed = new BlockwiseSums(measures, groups, pairs).add(rngSeed);
        var rows = AllRows.of(pairs, plans.values());
        return ofEach((name, measure) -> {
            var plan = Objects.requireNonNull(plans.get(name));
            if (plan instanceof MeasurePlan.Undefined undefined) {
                return Estimate.undefined(undefined.reason());
            }
            if (plan instanceof MeasurePlan.Summed) {
                var sum = Objects.requireNonNull(summed.get(name));
                return estimate(measure, pairs, sum, rngSeed);
            }
            if (plan instanceof MeasurePlan.Accumulated accumulated) {
                return accumulated.value();
            }
            return estimate(measure, pairs, rows, rngSeed);
        });
    }

    private static Estimate estimate(
            SimilarityMeasure measure, RepresentationPairs pairs, MeasureSums sums, Optional<Long> rngSeed) {
        var estimate = defined(sums::value);
        if (!estimate.isDefined() || rngSeed.isEmpty()) {
            return estimate;
        }
        double value = estimate.value().getAsDouble();
        return withInterval(estimate, measure, () -> sums.replicates(value, pairs.count(), rngSeed.get()));
    }

    private static Estimate estimate(
            SimilarityMeasure measure, RepresentationPairs pairs, AllRows rows, Optional<Long> rngSeed) {
        var estimate = defined(() -> measure.compare(rows.a(), rows.b()));
        if (!estimate.isDefined() || rngSeed.isEmpty()) {
            return estimate;
        }
        double value = estimate.value().getAsDouble();
        long seed = rngSeed.get();
        var of = pairs.rowsOfInputs();
        return withInterval(estimate, measure, () -> Replicates.of(measure, value, rows.a(), rows.b(), of, seed));
    }

    private static Estimate withInterval(
            Estimate estimate, SimilarityMeasure measure, Supplier<Optional<Replicates>> replicates) {
        try {
            return replicates
                    .get()
                    .map(groups -> Estimate.of(groups, measure.scale()))
                    .orElse(estimate);
        } catch (DataException e) { // defined for all rows, but not without some of them
            return estimate;
        }
    }

    /**
     * Compares two representations whose inputs have been shuffled against each other. The value is
     * the mean over many shuffles where all rows fit, and otherwise of one derangement, since each
     * is read again.
     *
     * @param pairs the pairs in their order
     * @param deranged the same, no input with itself; read only if not all rows fit
     * @param observed the values of the pairs in their order
     * @param rngSeed the key of the random numbers for the shuffles; the same key gives the same
     *     shuffles
     */
    Map<String, MeasureScore> permuted(
            RepresentationPairs pairs,
            Supplier<RepresentationPairs> deranged,
            Map<String, Estimate> observed,
            long rngSeed) {
        if (!memory.fits(pairs)) {
            var rows = pairs.rowsOfInputs();
            return floors(
                    rows.fewest() < rows.most()
                            ? undefined("Positions of inputs of different lengths are shuffled only"
                                    + " if all rows fit into the memory limit: allow more memory.")
                            : compare(deranged.get()));
        }
        var rows = AllRows.of(pairs);
        var floors = new LinkedHashMap<String, MeasureScore>();
        measures.forEach((name, measure) ->
                floors.put(name, permuted(measure, observed.get(name), rows, pairs.rowsOfInputs(), rngSeed)));
        return floors;
    }

    private static MeasureScore permuted(
            SimilarityMeasure measure, @Nullable Estimate observed, AllRows rows, RowsOfInputs of, long rngSeed) {
        if (observed == null || !observed.isDefined()) {
            return floor(Estimate.undefined("The score is not defined."));
        }
        try {
            double value = observed.value().getAsDouble();
            var test = PermutationFloor.of(measure, value, rows.a(), rows.b(), of, rngSeed);
            return floor(Estimate.of(test.mean())).withTest(test);
        } catch (StirException e) { // not defined, or the measure failed
            return floor(Estimate.undefined(e.getMessage()));
        }
    }

    private static Map<String, MeasureScore> floors(Map<String, Estimate> values) {
        var floors = new LinkedHashMap<String, MeasureScore>();
        values.forEach((measure, value) -> floors.put(measure, floor(value)));
        return floors;
    }

    private static MeasureScore floor(Estimate value) {
        return MeasureScore.of(Quantity.PERMUTATION_FLOOR, value);
    }

    /** Returns a value, or the reason why there is none. */
    static Estimate defined(DoubleSupplier compute) {
        try {
            double value = compute.getAsDouble();
            return Double.isNaN(value)
                    ? Estimate.undefined("The measure gave no number for these representations.")
                    : Estimate.of(value);
        } catch (StirException e) { // not defined, or the measure failed
            return Estimate.undefined(e.getMessage());
        }
    }
}
