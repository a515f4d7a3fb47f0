package stir.core.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import stir.core.io.files.Sha256;

/**
 * The settings, networks and inputs that a result depends on. On one CPU type, results of equal
 * keys are the same, bit for bit.
 *
 * @param values the values by name, in a fixed order
 */
public record CacheKey(Map<String, String> values) {
    /** The name of the range of the inputs' values; there is no such value for [0,1]. */
    public static final String RANGE = "range";

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final int BRIEF = 8;
    private static final String ABSENT = "not there";

    /** Copies the values, each as one line. */
    public CacheKey {
        var copy = new LinkedHashMap<String, String>();
        values.forEach((name, value) -> copy.put(name, oneLine(value)));
        values = Collections.unmodifiableMap(copy);
    }

    private static String oneLine(String value) {
        return CONTROL.matcher(value).replaceAll(" ").strip();
    }

    /** Returns this key with another value. */
    public CacheKey with(String name, String value) {
        var more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new CacheKey(more);
    }

    /** Returns this key with more values. */
    public CacheKey with(Map<String, String> others) {
        var more = new LinkedHashMap<>(values);
        more.putAll(others);
        return new CacheKey(more);
    }

    /** Returns one line per value, {@code name: value}. */
    public String text() {
        var text = new StringBuilder();
        values.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    /** Returns the SHA-256 of {@link #text}, in hexadecimal. */
    public String hash() {
        return Sha256.of(text());
    }

    /**
     * Returns the values that differ from a stored key, {@code name was x and is y}; empty if the
     * keys are equal.
     */
    public List<String> differencesFrom(CacheKey stored) {
        var names = new LinkedHashSet<>(values.keySet());
        names.addAll(stored.values.keySet());
        var differences = new ArrayList<String>();
        for (var name : names) {
            var was = stored.values.getOrDefault(name, ABSENT);
            var is = values.getOrDefault(name, ABSENT);
            if (!was.equals(is)) {
                differences.add("%s was %s and is %s".formatted(name.replace('_', '-'), brief(was), brief(is)));
            }
        }
        return differences;
    }

    /** Shortens a hash, whose beginning is enough to tell it apart. */
    private static String brief(String value) {
        return HASH.matcher(value).matches() ? value.substring(0, BRIEF) + "..." : value;
    }
}
