package stir.core.score.compute;

import stir.api.BackendException;
import stir.api.Caution;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.api.SimilarityMeasure.Accumulator;
import stir.api.StirException;
import stir.api.support.IoReason;
import stir.core.statistics.Estimate;
import stir.core.statistics.PermutationFloor;
import stir.core.statistics.Replicates;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A choice of similarity measures and what they say of two representations.
 *
 * <p>A value is computed from all rows at once, or by the measure's accumulator, which sees the
 * rows in fixed blocks and in order ({@link BlockSums}). Which of the two is a function of the
 * numbers of rows and columns and of the memory that the plan allows, never of the machine: their
 * last digits differ. Intervals need all rows, or sums of groups of them. A measure that is not
 * defined for some representations, or fails, leaves the others alone.
 */
public final class Similarities {
    /**
     * The memory for each value of a row: a float, its copy in the rows that are kept when some are
     * left out, and a double in the measure.
     */
    private static final int BYTES = Float.BYTES + Float.BYTES + Double.BYTES;

    private static final double MEGABYTE = 1e6;

    private final Map<String, SimilarityMeasure> measures;
    private final long memory;
    private final BlockSums sums;

    /**
     * A choice.
     *
     * @param measures by what the user calls them, parameters included, in the order asked for
     * @param memory the bytes that rows, or an accumulator, may take
     */
    public Similarities(Map<String, SimilarityMeasure> measures, long memory) {
        this(measures, memory, BlockSums.HERE);
    }

    /**
     * A choice.
     *
     * @param measures by what the user calls them, parameters included, in the order asked for
     * @param memory the bytes that rows, or accumulators, may take
     * @param sums where the sums over blocks of inputs come from
     */
    public Similarities(Map<String, SimilarityMeasure> measures, long memory, BlockSums sums) {
        this.measures = new LinkedHashMap<>(measures);
        this.memory = memory;
        this.sums = sums;
    }

    /** How the values of each measure are read. */
    Map<String, Scale> scales() {
        var scales = new LinkedHashMap<String, Scale>();
        measures.forEach((name, measure) -> scales.put(name, measure.scale()));
        return scales;
    }

    /** Returns the reasons not to trust these measures' values and intervals for such pairs. */
    List<Caution> cautions(RepresentationPairs pairs) {
        var all = cautions(pairs.count(), pairs.columnsOfA(), pairs.columnsOfB());
        measures.forEach(
                (name, measure) -> {
                    long fewest = Replicates.fewestInputs(measure);
                    if (pairs.rowsOfOneInput() > 1) {
                        return;
                    }
                    if (!measure.hasInterval()) {
                        all.add(Caution.of("no-interval", Map.of()).about(name));
                    } else if (pairs.count() < fewest && measure.neighbours() > 0) {
                        all.add(
                                Caution.of(
                                                "few-inputs-for-neighbours",
                                                Map.of(
                                                        "neighbours",
                                                        measure.neighbours(),
                                                        "fewest-inputs",
                                                        fewest))
                                        .about(name));
                    } else if (pairs.count() < fewest) {
                        var few =
                                Caution.of(
                                        "few-inputs-for-intervals",
                                        Map.of("fewest-inputs", fewest));
                        all.add(fewest == Replicates.FEWEST_INPUTS ? few : few.about(name));
                    }
                });
        if (pairs.rowsOfOneInput() > 1) {
            all.add(Caution.of("dependent-positions", Map.of("positions", pairs.rowsOfOneInput())));
        } else if (!fits(pairs) && !allHaveGroups(pairs)) {
            all.add(
                    Caution.of(
                            "rows-exceed-memory",
                            Map.of(
                                    "rows",
                                    pairs.count(),
                                    "features-of-a",
                                    pairs.columnsOfA(),
                                    "features-of-b",
                                    pairs.columnsOfB(),
                                    "megabytes",
                                    bytes(pairs) / MEGABYTE,
                                    "limit-in-megabytes",
                                    memory / MEGABYTE)));
        }
        return List.copyOf(all);
    }

    /** Returns the reasons not to trust the values for two matrices. */
    public List<Caution> cautions(Matrix a, Matrix b) {
        return List.copyOf(cautions(a.rows(), a.columns(), b.columns()));
    }

    private Set<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        var all = new LinkedHashSet<Caution>();
        measures.forEach(
                (name, measure) ->
                        measure.cautions(rows, columnsOfA, columnsOfB)
                                .forEach(caution -> all.add(caution.about(name))));
        return all;
    }

    private static double bytes(RepresentationPairs pairs) {
        return (double) BYTES * pairs.count() * ((double) pairs.columnsOfA() + pairs.columnsOfB());
    }

    private static String megabytes(double bytes) {
        return String.format(Locale.ROOT, "%.0f MB", bytes / MEGABYTE);
    }

    private boolean fits(RepresentationPairs pairs) {
        return fit(pairs.count(), pairs.columnsOfA(), pairs.columnsOfB(), memory);
    }

    /**
     * Whether all rows of two representations are held at once; if not, measures are computed from
     * sums over blocks of inputs, or not at all.
     *
     * @param memory the bytes that they may take
     */
    public static boolean fit(long rows, int columnsOfA, int columnsOfB, long memory) {
        int wider = Math.max(columnsOfA, columnsOfB);
        return rows * wider <= Integer.MAX_VALUE
                && (double) BYTES * rows * ((double) columnsOfA + columnsOfB) <= memory;
    }

    /** Where the sums over blocks of inputs come from. */
    BlockSums sums() {
        return sums;
    }

    /** No values, for a reason that all measures have. */
    Map<String, Estimate> undefined(String reason) {
        var values = new LinkedHashMap<String, Estimate>();
        measures.keySet().forEach(name -> values.put(name, Estimate.undefined(reason)));
        return values;
    }

    /** Compares two matrices. */
    public Map<String, Estimate> compare(Matrix a, Matrix b) {
        return compare(new GivenPairs(a, b));
    }

    /**
     * Compares two representations, without intervals: from accumulators where there are more rows
     * than columns.
     *
     * @return each measure's value, by what the user calls it, in the order asked for
     * @throws DataException if a representation holds NaN
     */
    Map<String, Estimate> compare(RepresentationPairs pairs) {
        boolean tall = pairs.count() > Math.max(pairs.columnsOfA(), pairs.columnsOfB());
        return values(pairs, tall || !fits(pairs), Optional.empty());
    }

    /**
     * As {@link #compare(RepresentationPairs)}, with intervals where all rows fit.
     *
     * @param rngSeed of the intervals; the same seed gives the same ones
     */
    Map<String, Estimate> estimate(RepresentationPairs pairs, long rngSeed) {
        return values(pairs, !fits(pairs), Optional.of(rngSeed));
    }

    private Map<String, Estimate> values(
            RepresentationPairs pairs, boolean accumulates, Optional<Long> rngSeed) {
        var reasons = new LinkedHashMap<String, String>();
        var summed = new LinkedHashMap<String, Integer>();
        var accumulators = new LinkedHashMap<String, Accumulator>();
        var whole = new ArrayList<String>();
        measures.forEach(
                (name, measure) -> {
                    if (accumulates
                            && misfit(measure, pairs).isEmpty()
                            && isSummed(measure, pairs)) {
                        summed.put(
                                name,
                                rngSeed.isPresent() && hasGroups(measure, pairs)
                                        ? Replicates.groups(pairs.count())
                                        : 1);
                    } else {
                        way(name, measure, pairs, accumulates, reasons, accumulators, whole);
                    }
                });
        var sum = sum(pairs, summed, rngSeed);
        if (sums.areForLater()) {
            return undefined("Only sums over some inputs were asked for.");
        }
        var rows = gather(pairs, accumulators, reasons, !whole.isEmpty());
        var values = new LinkedHashMap<String, Estimate>();
        measures.forEach(
                (name, measure) -> {
                    var reason = reasons.get(name);
                    var accumulator = accumulators.get(name);
                    var moments = sum.get(name);
                    values.put(
                            name,
                            reason != null
                                    ? Estimate.undefined(reason)
                                    : moments != null
                                            ? estimate(name, measure, pairs, moments, rngSeed)
                                            : accumulator != null
                                                    ? defined(name, accumulator::value)
                                                    : estimate(
                                                            name, measure, pairs, rows, rngSeed));
                });
        return values;
    }

    /** Whether a measure is computed from sums over blocks of inputs. */
    private boolean isSummed(SimilarityMeasure measure, RepresentationPairs pairs) {
        return accumulators(measure, pairs, 1) && MeasureSums.has(measure);
    }

    /** Whether all measures that have intervals get them although not all rows fit. */
    private boolean allHaveGroups(RepresentationPairs pairs) {
        return measures.values().stream()
                .filter(SimilarityMeasure::hasInterval)
                .allMatch(measure -> hasGroups(measure, pairs));
    }

    /** Whether a measure gets an interval although not all rows fit. */
    private boolean hasGroups(SimilarityMeasure measure, RepresentationPairs pairs) {
        int groups = Replicates.groups(pairs.count());
        return pairs.rowsOfOneInput() == 1
                && measure.hasInterval()
                && measure.neighbours() == 0
                && groups > 1
                && accumulators(measure, pairs, groups)
                && isSummed(measure, pairs);
    }

    private boolean accumulators(SimilarityMeasure measure, RepresentationPairs pairs, int groups) {
        long bytes = measure.accumulatorBytes(pairs.columnsOfA(), pairs.columnsOfB());
        return bytes > 0 && bytes <= memory / MeasureSums.accumulators(groups);
    }

    /**
     * Sums over all blocks of inputs that are wanted, in their order.
     *
     * @param groups how many groups rows are divided into, by measure
     */
    private Map<String, MeasureSums> sum(
            RepresentationPairs pairs, Map<String, Integer> groups, Optional<Long> rngSeed) {
        if (groups.isEmpty()) {
            return Map.of();
        }
        boolean divides = groups.values().stream().anyMatch(count -> count > 1);
        var groupOf =
                divides ? Replicates.groupOf(pairs.count(), rngSeed.orElseThrow()) : new int[0];
        var all = sums(pairs, groups);
        for (int block = 0; (long) block * BlockSums.INPUTS < pairs.inputs(); block++) {
            int from = block * BlockSums.INPUTS;
            sums.of(
                            pairs.what() + "/" + groups,
                            block,
                            () -> blockSums(pairs, groups, groupOf, from))
                    .ifPresent(found -> merge(all, found));
        }
        return all;
    }

    private Map<String, MeasureSums> sums(RepresentationPairs pairs, Map<String, Integer> groups) {
        var all = new LinkedHashMap<String, MeasureSums>();
        groups.forEach(
                (name, count) ->
                        all.put(
                                name,
                                checked(
                                        name,
                                        () ->
                                                new MeasureSums(
                                                        Objects.requireNonNull(measures.get(name)),
                                                        pairs.columnsOfA(),
                                                        pairs.columnsOfB(),
                                                        count))));
        return all;
    }

    private byte[] blockSums(
            RepresentationPairs pairs, Map<String, Integer> groups, int[] groupOf, int from) {
        var block = sums(pairs, groups);
        int to = (int) Math.min(pairs.inputs(), (long) from + BlockSums.INPUTS);
        int[] row = {from * pairs.rowsOfOneInput()};
        pairs.forEachPart(
                from,
                to,
                (a, b) -> {
                    checkFinite(a);
                    checkFinite(b);
                    block.forEach(
                            (name, sum) ->
                                    checked(
                                            name,
                                            () -> {
                                                sum.add(a, b, groupOf, row[0]);
                                                return sum;
                                            }));
                    row[0] += a.rows();
                });
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            for (var sum : block.values()) {
                sum.writeTo(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail so
        }
        return bytes.toByteArray();
    }

    private static void merge(Map<String, MeasureSums> all, byte[] block) {
        try (var in = new DataInputStream(new ByteArrayInputStream(block))) {
            for (var sum : all.values()) {
                sum.merge(in);
            }
        } catch (IOException e) {
            throw new BackendException(
                    "The sums of a block of inputs can't be read (%s): run the same command again."
                            .formatted(IoReason.of(e)),
                    e);
        }
    }

    private static Estimate estimate(
            String name,
            SimilarityMeasure measure,
            RepresentationPairs pairs,
            MeasureSums sums,
            Optional<Long> rngSeed) {
        var found = defined(name, sums::value);
        if (!found.isDefined() || rngSeed.isEmpty()) {
            return found;
        }
        try {
            return checked(
                            name,
                            () ->
                                    sums.replicates(
                                            found.value().getAsDouble(),
                                            pairs.count(),
                                            rngSeed.get()))
                    .map(groups -> Estimate.of(groups, measure.scale()))
                    .orElse(found);
        } catch (DataException e) { // defined for all rows, but not without some of them
            return found;
        }
    }

    /** Chooses how a measure is computed: by an accumulator, from all rows, or not at all. */
    private void way(
            String name,
            SimilarityMeasure measure,
            RepresentationPairs pairs,
            boolean accumulates,
            Map<String, String> reasons,
            Map<String, Accumulator> accumulators,
            List<String> whole) {
        var misfit = misfit(measure, pairs);
        if (misfit.isPresent()) {
            reasons.put(name, misfit.get());
            return;
        }
        long bytes = measure.accumulatorBytes(pairs.columnsOfA(), pairs.columnsOfB());
        if (accumulates && bytes > 0 && bytes <= memory) {
            checked(name, () -> measure.accumulator(pairs.columnsOfA(), pairs.columnsOfB()))
                    .ifPresent(found -> accumulators.put(name, found));
        }
        if (accumulators.containsKey(name)) {
            return;
        }
        if (fits(pairs)) {
            whole.add(name);
        } else {
            reasons.put(
                    name,
                    "It needs all %d rows of %d and %d features at once, which take %s, and the limit of memory is %s: give fewer inputs, or allow more memory."
                            .formatted(
                                    pairs.count(),
                                    pairs.columnsOfA(),
                                    pairs.columnsOfB(),
                                    megabytes(bytes(pairs)),
                                    megabytes((double) memory)));
        }
    }

    /** Why a measure is not defined for representations of such sizes; empty if it may be. */
    private static Optional<String> misfit(SimilarityMeasure measure, RepresentationPairs pairs) {
        if (pairs.count() < measure.minimumRows()) {
            return Optional.of(
                    "It needs at least %d inputs, but there %s %d: give more inputs."
                            .formatted(
                                    measure.minimumRows(),
                                    pairs.count() == 1 ? "is" : "are",
                                    pairs.count()));
        }
        if (measure.needsEqualWidths() && pairs.columnsOfA() != pairs.columnsOfB()) {
            return Optional.of(
                    "It compares representations of one width, but these have %d and %d features: choose another measure or layer."
                            .formatted(pairs.columnsOfA(), pairs.columnsOfB()));
        }
        return Optional.empty();
    }

    private record AllRows(RowCollector a, RowCollector b) {}

    private static AllRows gather(
            RepresentationPairs pairs,
            Map<String, Accumulator> accumulators,
            Map<String, String> reasons,
            boolean collects) {
        var rows =
                new AllRows(
                        new RowCollector(pairs.count(), pairs.columnsOfA()),
                        new RowCollector(pairs.count(), pairs.columnsOfB()));
        if (accumulators.isEmpty() && !collects) {
            return rows;
        }
        pairs.forEachPart(
                (a, b) -> {
                    checkFinite(a);
                    checkFinite(b);
                    accumulators.forEach(
                            (name, accumulator) ->
                                    add(name, accumulator, a, b)
                                            .ifPresent(reason -> reasons.put(name, reason)));
                    accumulators.keySet().removeAll(reasons.keySet());
                    if (collects) {
                        rows.a().add(a);
                        rows.b().add(b);
                    }
                });
        return rows;
    }

    /** Adds rows; empty, or the reason why that was not possible. */
    private static Optional<String> add(String name, Accumulator accumulator, Matrix a, Matrix b) {
        try {
            checked(
                    name,
                    () -> {
                        accumulator.add(a, b);
                        return accumulator;
                    });
            return Optional.empty();
        } catch (StirException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static void checkFinite(Matrix matrix) {
        int row = matrix.firstNonFiniteRow();
        if (row >= 0) {
            throw new DataException(
                    "A representation holds NaN or an infinite value (row %d of a part): the model's weights may hold NaN, or its preprocessing may not fit."
                            .formatted(row));
        }
    }

    private Estimate estimate(
            String name,
            SimilarityMeasure measure,
            RepresentationPairs pairs,
            AllRows rows,
            Optional<Long> rngSeed) {
        var found = defined(name, () -> measure.compare(rows.a().matrix(), rows.b().matrix()));
        if (found.value().isEmpty() || rngSeed.isEmpty() || pairs.rowsOfOneInput() > 1) {
            return found;
        }
        double value = found.value().getAsDouble();
        return checked(name, () -> groups(measure, value, rows, rngSeed.get()))
                .map(groups -> Estimate.of(groups, measure.scale()))
                .orElse(found);
    }

    private static Optional<Replicates> groups(
            SimilarityMeasure measure, double value, AllRows rows, long rngSeed) {
        try {
            return Replicates.of(measure, value, rows.a().matrix(), rows.b().matrix(), rngSeed);
        } catch (DataException e) { // defined for all rows, but not without some of them
            return Optional.empty();
        }
    }

    /**
     * What two representations give whose inputs have been shuffled against each other: the mean
     * over many shufflings where all rows fit, and otherwise one derangement, since each is read
     * anew.
     *
     * @param pairs in their order
     * @param deranged the same, none with its own; read only if not all rows fit
     * @param observed what they give in their order
     * @param rngSeed of the shufflings; the same seed gives the same ones
     */
    ShuffledFloors shuffled(
            RepresentationPairs pairs,
            Supplier<RepresentationPairs> deranged,
            Map<String, Estimate> observed,
            long rngSeed) {
        if (!fits(pairs)) {
            return new ShuffledFloors(compare(deranged.get()), Map.of());
        }
        if (sums.areForLater()) {
            return new ShuffledFloors(undefined("Only sums were asked for."), Map.of());
        }
        var rows = gather(pairs, Map.of(), Map.of(), true);
        var values = new LinkedHashMap<String, Estimate>();
        var floors = new LinkedHashMap<String, PermutationFloor>();
        measures.forEach(
                (name, measure) -> {
                    var estimate = observed.get(name);
                    if (estimate == null || !estimate.isDefined()) {
                        values.put(name, Estimate.undefined("The score is not defined."));
                        return;
                    }
                    double value = estimate.value().getAsDouble();
                    try {
                        var floor =
                                checked(
                                        name,
                                        () ->
                                                PermutationFloor.of(
                                                        measure,
                                                        value,
                                                        rows.a().matrix(),
                                                        rows.b().matrix(),
                                                        pairs.rowsOfOneInput(),
                                                        rngSeed));
                        values.put(name, Estimate.of(floor.mean()));
                        floors.put(name, floor);
                    } catch (StirException e) { // not defined, or the measure failed
                        values.put(name, Estimate.undefined(e.getMessage()));
                    }
                });
        return new ShuffledFloors(values, floors);
    }

    /** A value, or the reason why there is none. */
    private static Estimate defined(String name, Supplier<Double> compute) {
        try {
            double value = checked(name, compute);
            return Double.isNaN(value)
                    ? Estimate.undefined("The measure gave no number for these representations.")
                    : Estimate.of(value);
        } catch (StirException e) { // not defined, or the measure failed
            return Estimate.undefined(e.getMessage());
        }
    }

    /** A measure may be a user's: whatever it throws is its fault. */
    private static <T> T checked(String name, Supplier<T> measure) {
        try {
            return measure.get();
        } catch (StirException e) {
            throw e;
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            throw new BackendException(
                    "The measure '%s' failed (%s): tell its author.".formatted(name, e), e);
        }
    }

    /** Matrices that are there already. */
    record GivenPairs(Matrix a, Matrix b) implements RepresentationPairs {
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
        public String what() {
            return "matrices";
        }

        @Override
        public void forEachPart(int from, int to, BiConsumer<Matrix, Matrix> part) {
            if (from == 0 && to == a.rows()) {
                part.accept(a, b);
            } else {
                var rows = IntStream.range(from, to).toArray();
                part.accept(a.select(rows), b.select(rows));
            }
        }
    }
}
