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
 * All that a result depends on: settings, networks, inputs, versions. Results of equal identities
 * are the same, bit for bit.
 *
 * @param values the values by what they are called, in a fixed order
 */
public record Identity(Map<String, String> values) {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final String ABSENT = "none";

    /** Copies the values, each as one line. */
    public Identity {
        var copy = new LinkedHashMap<String, String>();
        values.forEach((name, value) -> copy.put(name, oneLine(value)));
        values = Collections.unmodifiableMap(copy);
    }

    private static String oneLine(String value) {
        return CONTROL.matcher(value).replaceAll(" ").strip();
    }

    /** One line a value, {@code name: value}. */
    public String text() {
        var text = new StringBuilder();
        values.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    /** The SHA-256 of {@link #text}, in hexadecimal. */
    String hash() {
        return Sha256.of(text());
    }

    /**
     * What is another value in a folder than what is asked for, {@code name is 'x' there and 'y'
     * here}; empty if the identities are equal.
     *
     * @param there the identity that the folder has
     */
    List<String> differencesFrom(Identity there) {
        var names = new LinkedHashSet<>(values.keySet());
        names.addAll(there.values.keySet());
        var differences = new ArrayList<String>();
        for (var name : names) {
            var old = there.values.getOrDefault(name, ABSENT);
            var asked = values.getOrDefault(name, ABSENT);
            if (!old.equals(asked)) {
                differences.add("%s is '%s' there and '%s' here".formatted(name, old, asked));
            }
        }
        return differences;
    }
}
