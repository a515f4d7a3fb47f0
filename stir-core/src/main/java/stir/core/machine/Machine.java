package stir.core.machine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Facts about what computes: results of one plan are the same, bit for bit, on machines of equal
 * facts. Processors of another instruction set, and other versions of a library, add in another
 * order.
 *
 * @param facts by what they are called
 */
public record Machine(Map<String, String> facts) {
    private static final String ABSENT = "not known";

    /** Copies the facts. */
    public Machine {
        facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    }

    /**
     * This machine.
     *
     * @param runtime what a model tells of the library that runs it
     */
    public static Machine of(Map<String, String> runtime) {
        var facts = new TreeMap<>(runtime);
        facts.put("stir", StirVersion.current());
        facts.put("java", Integer.toString(Runtime.version().feature()));
        facts.put("architecture", System.getProperty("os.arch"));
        return new Machine(facts);
    }

    /** What differs, {@code cpu is x there and y here}; empty if nothing does. */
    public List<String> differencesFrom(Machine there) {
        var names = new TreeSet<>(facts.keySet());
        names.addAll(there.facts.keySet());
        var differences = new ArrayList<String>();
        for (var name : names) {
            var was = there.facts.getOrDefault(name, ABSENT);
            var is = facts.getOrDefault(name, ABSENT);
            if (!was.equals(is)) {
                differences.add("%s is %s there and %s here".formatted(name, was, is));
            }
        }
        return differences;
    }
}
