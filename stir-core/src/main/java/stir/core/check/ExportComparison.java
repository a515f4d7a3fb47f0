package stir.core.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.Layout;
import stir.api.StirException;
import stir.core.inputs.Inputs;
import stir.core.network.Network;
import stir.core.runtime.progress.Progress;
import stir.core.runtime.progress.ProgressListener;

/**
 * A comparison of two exports of one network, layer by layer.
 *
 * @param network the caller retains ownership
 * @param other the caller retains ownership
 * @param inputs valid for both
 * @param allLayers whether all layers are compared, or a sample
 * @param listener the listener that receives the progress
 */
record ExportComparison(Network network, Network other, Inputs inputs, boolean allLayers, ProgressListener listener) {
    private static final int IMAGE_RANK = 3;

    /** The number of layers of a sample, from the first to the last. */
    private static final int SAMPLE = 50;

    /** The largest differences by the precision of the weights, if it is not single precision. */
    private static final Map<String, Double> TOLERANCES = Map.of("float16", 1e-2, "bfloat16", 5e-2);

    /** Returns the precision of a network's weights, if the backend states it; else "". */
    static String precision(Network network) {
        return network.model().origin().getOrDefault("precision", "");
    }

    private double tolerance() {
        return Stream.of(network, other)
                .map(ExportComparison::precision)
                .mapToDouble(name -> TOLERANCES.getOrDefault(name, LayerDifference.TOLERANCE))
                .max()
                .orElse(LayerDifference.TOLERANCE);
    }

    /** Returns whether a pair of layers is in a sample that is spread evenly. */
    private boolean isInSample(int index, int pairs) {
        return allLayers
                || pairs <= SAMPLE
                || index == pairs - 1
                || (long) index * (SAMPLE - 1) / (pairs - 1) != (long) (index - 1) * (SAMPLE - 1) / (pairs - 1)
                || index == 0;
    }

    /** Compares layers with matching names. */
    List<LayerDifference> differences() {
        var points = Points.of(inputs, network).values();
        var otherPoints = Points.of(inputs, other).values();
        var others = byName(other.layers(otherPoints.rowShape()));
        var pairs = new LinkedHashMap<Layer, Layer>();
        for (var layer : byName(network.layers(points.rowShape())).entrySet()) {
            var counterpart = others.get(layer.getKey());
            if (counterpart != null) {
                pairs.put(layer.getValue(), counterpart);
            }
        }
        var differences = new ArrayList<LayerDifference>();
        for (var pair : pairs.entrySet()) {
            int done = differences.size();
            listener.update(new Progress("Comparing layers", done, pairs.size(), Double.NaN));
            differences.add(
                    isInSample(done, pairs.size())
                            ? difference(pair.getKey(), points, pair.getValue(), otherPoints)
                            : notCompared(pair.getKey(), pair.getValue(), "They are not in the sample."));
        }
        return differences;
    }

    /**
     * Returns layers by their names in a form that does not depend on a framework's path
     * separators; names that become equal are omitted.
     */
    private static Map<String, Layer> byName(List<Layer> layers) {
        var byName = new LinkedHashMap<String, Layer>();
        var ambiguous = new ArrayList<String>();
        for (var layer : layers) {
            var name = layer.name().toLowerCase(Locale.ROOT).replaceAll("[./:]+", ".");
            if (byName.putIfAbsent(name, layer) != null) {
                ambiguous.add(name);
            }
        }
        ambiguous.forEach(byName::remove);
        return byName;
    }

    private LayerDifference difference(Layer layer, Batch points, Layer counterpart, Batch otherPoints) {
        for (var one : List.of(layer, counterpart)) {
            if (!one.measurable()) {
                return notCompared(layer, counterpart, one.obstacle().orElse(""));
            }
        }
        try {
            var ours = represent(network, layer, points);
            var theirs = represent(other, counterpart, otherPoints);
            if (ours.rowSize() != theirs.rowSize()) {
                return notCompared(
                        layer,
                        counterpart,
                        "Their shapes are %s and %s.".formatted(ours.rowShape(), theirs.rowShape()));
            }
            var difference = new LayerDifference(
                    layer.name(),
                    counterpart.name(),
                    OptionalDouble.of(HookProbe.difference(ours, theirs)),
                    tolerance(),
                    Optional.empty());
            return difference.isWrong() && HookProbe.difference(sorted(ours), sorted(theirs)) <= tolerance()
                    ? notCompared(
                            layer,
                            counterpart,
                            "They have the same values in another order, for example because one flattens channels first and the other last.")
                    : difference;
        } catch (StirException e) {
            return notCompared(layer, counterpart, e.getMessage());
        }
    }

    /** Returns each row's values from the smallest to the largest. */
    private static Batch sorted(Batch rows) {
        var values = rows.toArray();
        int size = rows.rowSize();
        for (int row = 0; row < rows.rows(); row++) {
            Arrays.sort(values, row * size, (row + 1) * size);
        }
        return Batch.of(rows.rowShape(), values);
    }

    private static LayerDifference notCompared(Layer layer, Layer counterpart, String reason) {
        return new LayerDifference(
                layer.name(),
                counterpart.name(),
                OptionalDouble.empty(),
                LayerDifference.TOLERANCE,
                Optional.of(reason));
    }

    private static Batch represent(Network network, Layer layer, Batch points) {
        try (var hook = network.model().hook(layer.name(), HookOptions.withoutGradients(points.rowShape()))) {
            var representations = Batch.allocate(points.rows(), hook.layer().shape());
            hook.represent(points, representations);
            boolean channelsLast = network.input().layout() == Layout.CHANNELS_LAST
                    && representations.rowShape().rank() == IMAGE_RANK;
            return channelsLast ? channelsFirst(representations) : representations;
        }
    }

    private static Batch channelsFirst(Batch images) {
        int channels = images.rowShape().dimension(2);
        int positions = images.rowSize() / channels;
        var reordered = Batch.allocate(images.rows(), images.rowShape());
        for (int row = 0; row < images.rows(); row++) {
            for (int i = 0; i < images.rowSize(); i++) {
                reordered.set(row, i % channels * positions + i / channels, images.get(row, i));
            }
        }
        return reordered;
    }
}
