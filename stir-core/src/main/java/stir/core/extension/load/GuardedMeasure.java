package stir.core.extension.load;

import stir.api.BackendException;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;

/**
 * A measure from a plug-in. Its id, description, scale and parameters are read once; unexpected
 * failures, and values outside its scale, become a {@link BackendException} that names the jar.
 */
record GuardedMeasure(
        PluginCalls plugin,
        SimilarityMeasure measure,
        String id,
        String description,
        Scale scale,
        Map<String, String> parameters)
        implements SimilarityMeasure {
    /** The tolerance at the ends of the scale for rounding errors, relative to its width. */
    private static final double ROUNDING = 1e-6;

    /**
     * Guards a measure.
     *
     * @throws BackendException if its facts are invalid
     */
    static GuardedMeasure of(PluginCalls jar, SimilarityMeasure measure) {
        var id = jar.id(measure::id);
        var plugin = jar.to("measure", id);
        return new GuardedMeasure(
                plugin,
                measure,
                id,
                plugin.text(measure::description),
                plugin.call(measure::scale),
                plugin.call(() -> Map.copyOf(measure.parameters())));
    }

    @Override
    public String family() {
        return plugin.text(measure::family);
    }

    @Override
    public int minimumRows() {
        return plugin.call(measure::minimumRows);
    }

    @Override
    public boolean needsEqualWidths() {
        return plugin.call(measure::needsEqualWidths);
    }

    @Override
    public boolean isSymmetric() {
        return plugin.call(measure::isSymmetric);
    }

    @Override
    public int neighbours() {
        return plugin.call(measure::neighbours);
    }

    @Override
    public boolean hasInterval() {
        return plugin.call(measure::hasInterval);
    }

    @Override
    public SimilarityMeasure with(Map<String, String> values) {
        var other = plugin.call(() -> measure.with(values));
        return other == measure ? this : of(plugin, other);
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return plugin.call(() -> List.copyOf(measure.cautions(rows, columnsOfA, columnsOfB)));
    }

    @Override
    public double compare(Matrix a, Matrix b) {
        return onScale(() -> measure.compare(a, b));
    }

    @Override
    public ToDoubleFunction<int[]> ofRows(Matrix a, Matrix b) {
        return guarded(plugin.call(() -> measure.ofRows(a, b)));
    }

    @Override
    public Optional<ToDoubleFunction<int[]>> ofOrders(Matrix a, Matrix b) {
        return plugin.call(() -> measure.ofOrders(a, b)).map(this::guarded);
    }

    private ToDoubleFunction<int[]> guarded(ToDoubleFunction<int[]> function) {
        return rows -> onScale(() -> function.applyAsDouble(rows));
    }

    @Override
    public long accumulatorBytes(int columnsOfA, int columnsOfB) {
        long bytes = plugin.call(() -> measure.accumulatorBytes(columnsOfA, columnsOfB));
        if (bytes < 0) {
            throw plugin.fault("requested %d bytes".formatted(bytes));
        }
        return bytes;
    }

    @Override
    public Optional<Accumulator> accumulator(int columnsOfA, int columnsOfB) {
        return plugin.call(() -> measure.accumulator(columnsOfA, columnsOfB))
                .map(
                        found ->
                                found instanceof MergingAccumulator merging
                                        ? new GuardedMerging(merging)
                                        : new GuardedAccumulator(found));
    }

    private double onScale(Callable<Double> call) {
        double value = plugin.call(call);
        double width = Math.min(scale.highest() - scale.lowest(), Double.MAX_VALUE);
        double slack = ROUNDING * Math.max(1, Math.min(width, Math.abs(value)));
        boolean isOnScale =
                Double.isFinite(value)
                        && value >= scale.lowest() - slack
                        && value <= scale.highest() + slack;
        if (!isOnScale) {
            throw plugin.fault(
                    "returned %s, which is not on the scale from %s to %s,"
                            .formatted(value, scale.lowest(), scale.highest()));
        }
        return value;
    }

    private class GuardedAccumulator implements Accumulator {
        private final Accumulator accumulator;

        GuardedAccumulator(Accumulator accumulator) {
            this.accumulator = accumulator;
        }

        @Override
        public void add(Matrix a, Matrix b) {
            plugin.run(() -> accumulator.add(a, b));
        }

        @Override
        public double value() {
            return onScale(accumulator::value);
        }
    }

    private final class GuardedMerging extends GuardedAccumulator implements MergingAccumulator {
        private final MergingAccumulator accumulator;

        GuardedMerging(MergingAccumulator accumulator) {
            super(accumulator);
            this.accumulator = accumulator;
        }

        @Override
        public void merge(MergingAccumulator following) {
            plugin.run(() -> accumulator.merge(((GuardedMerging) following).accumulator));
        }
    }
}
