package stir.core.examination;

import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.Layout;
import stir.api.StirException;
import stir.core.inputs.Inputs;
import stir.core.network.Network;
import stir.core.progress.Progress;
import stir.core.progress.ProgressListener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Two exports of one network, layer by layer.
 *
 * @param network stays its owner's
 * @param other stays its owner's
 * @param inputs that both take
 * @param listener hears the progress
 */
record ExportComparison(Network network, Network other, Inputs inputs, ProgressListener listener) {
    private static final int IMAGE_RANK = 3;

    /** Compares layers of like names, and those that are measured where none is named. */
    List<LayerDifference> differences() {
        var points = Points.of(inputs, network);
        var otherPoints = Points.of(inputs, other);
        var others = byName(other.layers(otherPoints.rowShape()));
        var pairs = new LinkedHashMap<Layer, Layer>();
        byName(network.layers(points.rowShape()))
                .forEach(
                        (name, layer) -> {
                            var like = others.get(name);
                            if (like != null) {
                                pairs.put(layer, like);
                            }
                        });
        var differences = new ArrayList<LayerDifference>();
        pairs.forEach(
                (layer, like) -> {
                    listener.update(
                            new Progress(
                                    "Comparing layers",
                                    differences.size(),
                                    pairs.size(),
                                    Double.NaN));
                    differences.add(difference(layer, points, like, otherPoints));
                });
        return differences;
    }

    /**
     * Layers by their names, whatever a framework puts between the parts of a path; names that so
     * become the same are left out.
     */
    private static Map<String, Layer> byName(List<Layer> layers) {
        var found = new LinkedHashMap<String, Layer>();
        var several = new ArrayList<String>();
        for (var layer : layers) {
            var name = layer.name().toLowerCase(Locale.ROOT).replaceAll("[./:]+", ".");
            if (found.putIfAbsent(name, layer) != null) {
                several.add(name);
            }
        }
        several.forEach(found::remove);
        return found;
    }

    private LayerDifference difference(Layer layer, Batch points, Layer like, Batch otherPoints) {
        for (var one : List.of(layer, like)) {
            if (!one.measurable()) {
                return notCompared(layer, like, one.obstacle().orElse(""));
            }
        }
        try {
            var ours = represent(network, layer, points);
            var theirs = represent(other, like, otherPoints);
            if (ours.rowSize() != theirs.rowSize()) {
                return notCompared(
                        layer,
                        like,
                        "Their shapes are %s and %s."
                                .formatted(ours.rowShape(), theirs.rowShape()));
            }
            var found =
                    new LayerDifference(
                            layer.name(),
                            like.name(),
                            OptionalDouble.of(HookTrial.difference(ours, theirs)),
                            Optional.empty());
            return found.isWrong()
                            && HookTrial.difference(inOrder(ours), inOrder(theirs))
                                    <= LayerDifference.TOLERANCE
                    ? notCompared(
                            layer,
                            like,
                            "They hold the same values in another order, as where one flattens channels first and the other last.")
                    : found;
        } catch (StirException e) {
            return notCompared(layer, like, e.getMessage());
        }
    }

    /** Each row's values from the smallest to the largest. */
    private static Batch inOrder(Batch rows) {
        var values = rows.toArray();
        int size = rows.rowSize();
        for (int row = 0; row < rows.rows(); row++) {
            Arrays.sort(values, row * size, (row + 1) * size);
        }
        return Batch.of(rows.rowShape(), values);
    }

    private static LayerDifference notCompared(Layer layer, Layer like, String reason) {
        return new LayerDifference(
                layer.name(), like.name(), OptionalDouble.empty(), Optional.of(reason));
    }

    private static Batch represent(Network network, Layer layer, Batch points) {
        try (var hook =
                network.model()
                        .hook(layer.name(), HookOptions.withoutGradients(points.rowShape()))) {
            var found = Batch.allocate(points.rows(), hook.layer().shape());
            hook.represent(points, found);
            boolean channelsLast =
                    network.input().layout() == Layout.CHANNELS_LAST
                            && found.rowShape().rank() == IMAGE_RANK;
            return channelsLast ? channelsFirst(found) : found;
        }
    }

    private static Batch channelsFirst(Batch images) {
        int channels = images.rowShape().dimension(2);
        int positions = images.rowSize() / channels;
        var turned = Batch.allocate(images.rows(), images.rowShape());
        for (int row = 0; row < images.rows(); row++) {
            for (int i = 0; i < images.rowSize(); i++) {
                turned.set(row, i % channels * positions + i / channels, images.get(row, i));
            }
        }
        return turned;
    }
}
