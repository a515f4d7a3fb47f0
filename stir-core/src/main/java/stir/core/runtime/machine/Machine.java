package stir.core.runtime.machine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import stir.api.support.RuntimeFacts;

/**
 * Facts about the hardware and software that compute. Results of one plan are bitwise equal on
 * machines of equal facts; other instruction sets and library versions add in another order.
 *
 * @param facts the values by their names
 */
public record Machine(Map<String, String> facts) {
    private static final String ABSENT = "unknown";
    private static final String ARCHITECTURE = "architecture";

    /** Copies the facts. */
    public Machine {
        facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    }

    /**
     * Returns the facts of this machine.
     *
     * @param runtime the facts that a model reports about the library that runs it
     */
    public static Machine of(Map<String, String> runtime) {
        var facts = new TreeMap<>(runtime);
        facts.put("stir", StirVersion.current());
        facts.put("java", Integer.toString(Runtime.version().feature()));
        facts.put(ARCHITECTURE, System.getProperty("os.arch"));
        return new Machine(facts);
    }

    /**
     * Returns whether the two use other instructions of one architecture, and this one can be
     * limited to fewer of them.
     */
    public boolean isPinnable(Machine other) {
        return "amd64".equals(facts.get(ARCHITECTURE))
                && "amd64".equals(other.facts.get(ARCHITECTURE))
                && !Objects.equals(facts.get(RuntimeFacts.PROCESSOR), other.facts.get(RuntimeFacts.PROCESSOR));
    }

    /** Returns the differences, as {@code cpu is x there and y here}; empty if there are none. */
    public List<String> differencesFrom(Machine other) {
        var names = new TreeSet<>(facts.keySet());
        names.addAll(other.facts.keySet());
        var differences = new ArrayList<String>();
        for (var name : names) {
            var was = other.facts.getOrDefault(name, ABSENT);
            var is = facts.getOrDefault(name, ABSENT);
            if (!was.equals(is)) {
                differences.add("%s is %s there and %s here".formatted(name, was, is));
            }
        }
        return differences;
    }
}
