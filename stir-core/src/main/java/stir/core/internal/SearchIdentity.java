package stir.core.internal;

import stir.api.Batch;
import stir.core.files.Sha256;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.network.pass.HookedNetwork;
import stir.core.store.Identity;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Describes all that the result of a search depends on. */
final class SearchIdentity {
    private SearchIdentity() {}

    /**
     * The identity of a search.
     *
     * @param reference the network that is inverted
     * @param inputs the inputs
     * @param inputsHash their {@link #hash}
     * @param settings how is searched
     */
    static Identity of(
            HookedNetwork reference, Inputs inputs, String inputsHash, InversionSettings settings) {
        var values = new LinkedHashMap<String, String>();
        values.put("kind", "search");
        values.put("stir", StirVersion.current());
        values.putAll(network(reference));
        values.put("inputs", Integer.toString(inputs.count()));
        values.put("inputs-shape", inputs.shape().toString());
        values.put("inputs-sha256", inputsHash);
        settings.describe().forEach((name, value) -> values.put(name, value.toString()));
        return new Identity(values);
    }

    private static Map<String, String> network(HookedNetwork hooked) {
        var network = hooked.network();
        var preprocessing = network.preprocessing();
        var values = new LinkedHashMap<String, String>();
        if (network.sha256().isEmpty()) {
            values.put("network", network.name());
        } else {
            values.put("network-sha256", network.sha256());
        }
        values.put("backend", network.backend());
        values.put("network-settings", new TreeMap<>(network.settings()).toString());
        values.put("layer", network.layer());
        if (!hooked.moreLayers().isEmpty()) {
            values.put("layer-weight", Double.toString(hooked.weight()));
            var more = new TreeMap<String, Double>();
            hooked.moreLayers()
                    .forEach((layer, weight) -> more.put(layer.network().layer(), weight));
            values.put("more-layers", more.toString());
        }
        values.put("mean", text(preprocessing.mean()));
        values.put("std", text(preprocessing.standardDeviation()));
        values.put("layout", preprocessing.layout().map(Enum::name).orElse("as the file tells"));
        values.put("device", network.device().toString());
        return values;
    }

    private static String text(List<Double> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** The hash of all inputs' pixels and labels, in their order. */
    static String hash(Inputs inputs) {
        var digest = Sha256.digest();
        var pixels = Batch.allocate(1, inputs.shape());
        var label = ByteBuffer.allocate(Integer.BYTES);
        for (int i = 0; i < inputs.count(); i++) {
            inputs.read(i, pixels, 0);
            digest.update(pixels.bytes());
            label.clear().putInt(inputs.label(i).orElse(-1));
            digest.update(label.flip());
        }
        return Sha256.hex(digest);
    }
}
