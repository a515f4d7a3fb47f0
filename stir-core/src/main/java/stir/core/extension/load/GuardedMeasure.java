package stir.core.extension.load;

import stir.api.BackendException;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A measure out of a plug-in. What it says about itself is asked once, so that a listing can't fail
 * of it; what it computes is on its scale, or a {@link BackendException} that names the jar.
 */
final class GuardedMeasure implements SimilarityMeasure {
    /** Of the scale's width: what rounding may leave a value outside of it by. */
    private static final double ROUNDING = 1e-6;

    private final PluginCalls plugin;
    private final SimilarityMeasure measure;
    private final String id;
    private final String name;
    private final String description;
    private final Scale scale;
    private final int minimumRows;
    private final boolean needsEqualWidths;
    private final boolean symmetric;
    private final int neighbours;
    private final boolean hasInterval;
    private final Map<String, String> parameters;

    /**
     * Guards a measure.
     *
     * @throws BackendException if what it says about itself can't be used
     */
    GuardedMeasure(PluginCalls plugin, SimilarityMeasure measure) {
        this.plugin = plugin;
        this.measure = measure;
        this.id = plugin.id(measure::id);
        this.name = "the measure '" + id + "'";
        this.description = plugin.text("the description of " + name, measure::description);
        this.scale = plugin.call("the scale of " + name, measure::scale);
        this.minimumRows = plugin.call(name, measure::minimumRows);
        this.needsEqualWidths = plugin.call(name, measure::needsEqualWidths);
        this.symmetric = plugin.call(name, measure::isSymmetric);
        this.neighbours = plugin.call(name, measure::neighbours);
        this.hasInterval = plugin.call(name, measure::hasInterval);
        this.parameters = plugin.call(name, () -> Map.copyOf(measure.parameters()));
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Scale scale() {
        return scale;
    }

    @Override
    public int minimumRows() {
        return minimumRows;
    }

    @Override
    public boolean needsEqualWidths() {
        return needsEqualWidths;
    }

    @Override
    public boolean isSymmetric() {
        return symmetric;
    }

    @Override
    public int neighbours() {
        return neighbours;
    }

    @Override
    public boolean hasInterval() {
        return hasInterval;
    }

    @Override
    public Map<String, String> parameters() {
        return parameters;
    }

    @Override
    public SimilarityMeasure with(Map<String, String> values) {
        var other = plugin.call(name, () -> measure.with(values));
        return other == measure ? this : new GuardedMeasure(plugin, other);
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return plugin.call(name, () -> List.copyOf(measure.cautions(rows, columnsOfA, columnsOfB)));
    }

    @Override
    public double compare(Matrix a, Matrix b) {
        return onScale(plugin.call(name, () -> measure.compare(a, b)));
    }

    @Override
    public ToDoubleFunction<int[]> ofRows(Matrix a, Matrix b) {
        var ofRows = plugin.call(name, () -> measure.ofRows(a, b));
        return rows -> onScale(plugin.call(name, () -> ofRows.applyAsDouble(rows)));
    }

    @Override
    public Optional<ToDoubleFunction<int[]>> ofOrders(Matrix a, Matrix b) {
        return plugin.call(name, () -> measure.ofOrders(a, b))
                .map(
                        ofOrders ->
                                order ->
                                        onScale(
                                                plugin.call(
                                                        name,
                                                        () -> ofOrders.applyAsDouble(order))));
    }

    @Override
    public long accumulatorBytes(int columnsOfA, int columnsOfB) {
        long bytes = plugin.call(name, () -> measure.accumulatorBytes(columnsOfA, columnsOfB));
        if (bytes < 0) {
            throw plugin.fault("asks for %d bytes by %s".formatted(bytes, name));
        }
        return bytes;
    }

    @Override
    public Optional<Accumulator> accumulator(int columnsOfA, int columnsOfB) {
        return plugin.call(name, () -> measure.accumulator(columnsOfA, columnsOfB))
                .map(
                        found ->
                                found instanceof MergingAccumulator merging
                                        ? new GuardedMerging(merging)
                                        : new GuardedAccumulator(found));
    }

    private double onScale(double value) {
        double width = Math.min(scale.highest() - scale.lowest(), Double.MAX_VALUE);
        double slack = ROUNDING * Math.max(1, Math.min(width, Math.abs(value)));
        boolean isOnScale =
                Double.isFinite(value)
                        && value >= scale.lowest() - slack
                        && value <= scale.highest() + slack;
        if (!isOnScale) {
            throw plugin.fault(
                    "gives %s by %s, which is not on its scale from %s to %s"
                            .formatted(value, name, scale.lowest(), scale.highest()));
        }
        return value;
    }

    /** One whose state can be written. */
    private final class GuardedMerging extends GuardedAccumulator implements MergingAccumulator {
        private final MergingAccumulator accumulator;

        GuardedMerging(MergingAccumulator accumulator) {
            super(accumulator);
            this.accumulator = accumulator;
        }

        @Override
        public void writeTo(DataOutputStream out) {
            plugin.call(
                    name,
                    () -> {
                        accumulator.writeTo(out);
                        return accumulator;
                    });
        }

        @Override
        public void merge(DataInputStream in) {
            plugin.call(
                    name,
                    () -> {
                        accumulator.merge(in);
                        return accumulator;
                    });
        }
    }

    private class GuardedAccumulator implements Accumulator {
        private final Accumulator accumulator;

        GuardedAccumulator(Accumulator accumulator) {
            this.accumulator = accumulator;
        }

        @Override
        public void add(Matrix a, Matrix b) {
            plugin.call(
                    name,
                    () -> {
                        accumulator.add(a, b);
                        return accumulator;
                    });
        }

        @Override
        public double value() {
            return onScale(plugin.call(name, accumulator::value));
        }
    }
}
