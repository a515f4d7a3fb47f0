package stir.core.store;

import stir.core.network.NetworkSpec;

import java.util.LinkedHashMap;
import java.util.TreeMap;

/** The cache key of a network's representations. */
public final class LayerKey {
    private LayerKey() {}

    /**
     * Returns the key of a layer's representations of the inputs: by content, independent of the
     * places of files.
     *
     * @param sha256 the hash of its file; empty if it came from no file
     * @param backend the id of the backend that runs it
     * @param fingerprint the fingerprint of the inputs
     * @param layer the layer's name
     */
    public static CacheKey of(
            NetworkSpec spec, String sha256, String backend, String fingerprint, String layer) {
        var values = new LinkedHashMap<String, String>();
        values.put("inputs", fingerprint);
        values.put("model_file", sha256.isEmpty() ? spec.file().toString() : sha256);
        values.put("backend", backend);
        values.put("device", spec.device().toString());
        values.put("settings", new TreeMap<>(spec.settings()).toString());
        values.put("mean", spec.preprocessing().mean().toString());
        values.put("std", spec.preprocessing().standardDeviation().toString());
        values.put(
                "layout",
                spec.preprocessing().layout().map(Enum::toString).orElse("as the file tells"));
        values.put("layer", layer);
        values.putAll(spec.inputs().identity());
        return new CacheKey(values);
    }
}
