package stir.core.store;

import java.util.LinkedHashMap;
import java.util.TreeMap;
import stir.core.network.ModelIdentity;
import stir.core.network.NetworkSpec;

/** The cache key of a network's representations. */
public final class LayerKey {
    private static final String MODEL_FILE = "model_file";
    private static final String LAYER = "layer";

    private LayerKey() {}

    /**
     * Returns the key of a layer's representations of the inputs: by content, independent of the
     * places of files.
     *
     * @param identity the model and the code that runs it
     * @param fingerprint the fingerprint of the inputs
     * @param layer the layer's name
     */
    public static CacheKey of(NetworkSpec spec, ModelIdentity identity, String fingerprint, String layer) {
        var values = new LinkedHashMap<String, String>();
        values.put("inputs", fingerprint);
        values.put(MODEL_FILE, identity.sha256().isEmpty() ? spec.file().toString() : identity.sha256());
        values.put("backend", identity.backend());
        identity.backendSha256().ifPresent(hash -> values.put("backend_sha256", hash));
        values.put("device", spec.device().toString());
        values.put("settings", new TreeMap<>(spec.settings()).toString());
        values.put("mean", spec.preprocessing().mean().toString());
        values.put("std", spec.preprocessing().standardDeviation().toString());
        values.put("layout", spec.preprocessing().layout().map(Enum::toString).orElse("as the file tells"));
        values.put(LAYER, layer);
        values.putAll(spec.inputs().identity());
        return new CacheKey(values);
    }

    /**
     * Returns whether a key is that of a layer's representations, or of a search at it.
     *
     * @param sha256 as of the layer; empty if its network came from no file
     */
    static boolean isOf(CacheKey key, String sha256, String layer) {
        return layer.equals(key.values().get(LAYER))
                && (sha256.isEmpty() || sha256.equals(key.values().get(MODEL_FILE)));
    }
}
