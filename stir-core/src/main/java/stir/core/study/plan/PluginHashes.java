package stir.core.study.plan;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hashes of the jars of a study's measures and terms that are not part of Stir.
 *
 * @param measures the hashes by the measures' names in the experiment, in hexadecimal
 * @param terms the hashes by the ids of terms
 * @since 0.1.0
 */
public record PluginHashes(Map<String, String> measures, Map<String, String> terms) {
    /** No hash: everything is part of Stir. */
    public static final PluginHashes NONE = new PluginHashes(Map.of(), Map.of());

    /** Copies the hashes. */
    public PluginHashes {
        measures = Collections.unmodifiableMap(new TreeMap<>(measures));
        terms = Collections.unmodifiableMap(new TreeMap<>(terms));
    }
}
