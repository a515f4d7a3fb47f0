package stir.core.store;

import stir.core.files.Sha256;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * All that a result depends on: settings, networks, inputs. On one kind of machine, results of
 * equal identities are the same, bit for bit.
 *
 * @param values the values by what they are called, in a fixed order
 */
public record Identity(Map<String, String> values) {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final int BRIEF = 8;
    private static final String ABSENT = "not there";

    /** Copies the values, each as one line. */
    public Identity {
        var copy = new LinkedHashMap<String, String>();
        values.forEach((name, value) -> copy.put(name, oneLine(value)));
        values = Collections.unmodifiableMap(copy);
    }

    private static String oneLine(String value) {
        return CONTROL.matcher(value).replaceAll(" ").strip();
    }

    /** This identity with another value. */
    public Identity with(String name, String value) {
        var more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Identity(more);
    }

    /** This identity with more values. */
    public Identity with(Map<String, String> others) {
        var more = new LinkedHashMap<>(values);
        more.putAll(others);
        return new Identity(more);
    }

    /** One line a value, {@code name: value}. */
    public String text() {
        var text = new StringBuilder();
        values.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    /** The SHA-256 of {@link #text}, in hexadecimal. */
    public String hash() {
        return Sha256.of(text());
    }

    /**
     * What is another value than in a stored identity, {@code name was x and is y}; empty if the
     * identities are equal.
     */
    public List<String> differencesFrom(Identity stored) {
        var names = new LinkedHashSet<>(values.keySet());
        names.addAll(stored.values.keySet());
        var differences = new ArrayList<String>();
        for (var name : names) {
            var was = stored.values.getOrDefault(name, ABSENT);
            var is = values.getOrDefault(name, ABSENT);
            if (!was.equals(is)) {
                differences.add("%s was %s and is %s".formatted(name, brief(was), brief(is)));
            }
        }
        return differences;
    }

    /** Hashes are long, and their beginning tells them apart. */
    private static String brief(String value) {
        return HASH.matcher(value).matches() ? value.substring(0, BRIEF) + "..." : value;
    }
}
