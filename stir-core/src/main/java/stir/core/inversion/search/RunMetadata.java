package stir.core.inversion.search;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Facts about a run of a search that its settings do not determine, and about the machine.
 *
 * @param fakeRelu whether a fake ReLU was in effect
 * @param machine libraries and their versions, the processor
 */
public record RunMetadata(boolean fakeRelu, Map<String, String> machine) {
    private static final String FAKE_RELU = "fake-relu";

    /** Copies the facts. */
    public RunMetadata {
        machine = Map.copyOf(machine);
    }

    /** Returns lines of {@code name=value}. */
    public String text() {
        var text = new StringBuilder();
        text.append(FAKE_RELU).append('=').append(fakeRelu).append('\n');
        new TreeMap<>(machine)
                .forEach((name, value) ->
                        text.append(name).append('=').append(value).append('\n'));
        return text.toString();
    }

    /** Parses the lines of {@link #text}. */
    public static RunMetadata parse(String text) {
        var values = new LinkedHashMap<String, String>();
        text.lines().forEach(line -> {
            int at = line.indexOf('=');
            values.put(line.substring(0, at), line.substring(at + 1));
        });
        boolean fakeRelu = Boolean.parseBoolean(values.remove(FAKE_RELU));
        return new RunMetadata(fakeRelu, values);
    }
}
