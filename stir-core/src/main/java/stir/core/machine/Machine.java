package stir.core.machine;

import stir.api.support.RuntimeFacts;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private static final String ARCHITECTURE = "architecture";

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
        facts.put(ARCHITECTURE, System.getProperty("os.arch"));
        return new Machine(facts);
    }

    /**
     * Returns whether the two use other instructions of one architecture, and this one can be
     * limited to fewer of them.
     */
    public boolean isPinnable(Machine there) {
        return "amd64".equals(facts.get(ARCHITECTURE))
                && "amd64".equals(there.facts.get(ARCHITECTURE))
                && !Objects.equals(
                        facts.get(RuntimeFacts.PROCESSOR), there.facts.get(RuntimeFacts.PROCESSOR));
    }

    /** Returns what differs, {@code cpu is x there and y here}; empty if nothing does. */
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
