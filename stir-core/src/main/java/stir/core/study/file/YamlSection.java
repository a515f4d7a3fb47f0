package stir.core.study.file;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import stir.api.support.NearestNames;

/** A section of an experiment file: values by their keys. */
final class YamlSection {
    private final Map<String, YamlValue> values = new LinkedHashMap<>();

    private YamlSection() {}

    /**
     * Reads a section and adds a problem per unknown or repeated key.
     *
     * @param known the possible keys; none if any are
     */
    static YamlSection of(MappingNode mapping, String path, String noun, List<String> known, FileProblems problems) {
        var section = new YamlSection();
        for (var tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
                problems.add(tuple.getKeyNode(), "A key is a word, not a list or section.");
                continue;
            }
            var key = NearestNames.spelt(keyNode.getValue(), known).orElse(keyNode.getValue());
            if (!known.isEmpty() && !known.contains(key)) {
                problems.add(keyNode, unknown(key, noun, known));
            } else if (section.values.containsKey(key)) {
                problems.add(keyNode, "The key '%s' is there twice.".formatted(key));
            } else {
                section.values.put(
                        key, new YamlValue(tuple.getValueNode(), path.isEmpty() ? key : path + "." + key, problems));
            }
        }
        return section;
    }

    private static String unknown(String key, String noun, Collection<String> known) {
        return "There is no key '%s' in %s%s The keys are %s."
                .formatted(
                        key,
                        noun,
                        NearestNames.meant(key, known)
                                .map(": is it '%s'?"::formatted)
                                .orElse("."),
                        String.join(", ", known));
    }

    Optional<YamlValue> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    Set<String> keys() {
        return values.keySet();
    }
}
