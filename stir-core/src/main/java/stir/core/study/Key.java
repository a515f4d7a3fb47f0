package stir.core.study;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What something that is stored depends on. Equal keys mean equal content.
 *
 * @param parts texts by what they are called
 */
record Key(Map<String, String> parts) {
    static final String FIELD = "depends-on";

    Key {
        parts = new TreeMap<>(parts);
    }

    /** The key that a document holds. */
    static Key in(ObjectNode document) {
        var parts = new TreeMap<String, String>();
        document.path(FIELD)
                .properties()
                .forEach(field -> parts.put(field.getKey(), field.getValue().asText()));
        return new Key(parts);
    }

    void addTo(ObjectNode document) {
        var node = document.putObject(FIELD);
        parts.forEach(node::put);
    }

    /** This key with another part. */
    Key with(String name, String value) {
        var more = new TreeMap<>(parts);
        more.put(name, value);
        return new Key(more);
    }

    /** What is another than in a stored one, in words. */
    List<String> differencesFrom(Key stored) {
        var names = new TreeSet<>(parts.keySet());
        names.addAll(stored.parts.keySet());
        var differences = new ArrayList<String>();
        for (var name : names) {
            var was = stored.parts.getOrDefault(name, "not there");
            var is = parts.getOrDefault(name, "not there");
            if (!was.equals(is)) {
                differences.add("%s was %s and is %s".formatted(name, brief(was), brief(is)));
            }
        }
        return differences;
    }

    /** Hashes are long, and their beginning tells them apart. */
    private static String brief(String value) {
        return value.matches("[0-9a-f]{64}") ? value.substring(0, 8) + "..." : value;
    }

    /** The key in one line. */
    String text() {
        return parts.toString();
    }
}
