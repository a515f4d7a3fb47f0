package stir.core.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a search turned out to do, which its settings do not tell, and what computed it.
 *
 * @param fakeRelu whether a fake ReLU was in effect
 * @param machine facts about what computed it: libraries and their versions, the processor
 */
public record Circumstances(boolean fakeRelu, Map<String, String> machine) {
    private static final String FAKE_RELU = "fake-relu";

    /** Copies the facts. */
    public Circumstances {
        machine = Map.copyOf(machine);
    }

    /** Lines of {@code name=value}. */
    String text() {
        var text = new StringBuilder();
        text.append(FAKE_RELU).append('=').append(fakeRelu).append('\n');
        new TreeMap<>(machine)
                .forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
        return text.toString();
    }

    /** Reads what {@link #text} wrote. */
    static Circumstances parse(String text) {
        var values = new LinkedHashMap<String, String>();
        text.lines()
                .forEach(
                        line -> {
                            int at = line.indexOf('=');
                            values.put(line.substring(0, at), line.substring(at + 1));
                        });
        boolean fakeRelu = Boolean.parseBoolean(values.remove(FAKE_RELU));
        return new Circumstances(fakeRelu, values);
    }
}
