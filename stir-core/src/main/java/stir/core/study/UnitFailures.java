package stir.core.study;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import stir.api.DataException;
import stir.core.study.plan.Unit;

/** The units of a run that failed, and the units that need them. */
final class UnitFailures {
    /** The most units that are named with one reason. */
    private static final int NAMED = 3;

    private final Map<String, List<Unit>> bySentence = new LinkedHashMap<>();

    /** Searches that lack a part, each as the unit that gathers it. */
    private final Set<Unit.Gather> searches = new HashSet<>();

    private final Set<String> references = new HashSet<>();
    private int waiting;

    /** Returns whether a unit needs a failed unit, and counts it if so. */
    boolean holdUp(Unit unit) {
        boolean held = unit.whole().map(searches::contains).orElseGet(() -> references.contains(unit.invertedModel()));
        if (held) {
            waiting++;
        }
        return held;
    }

    /** Adds failed units, with one sentence per unit. */
    void add(Map<Unit, String> failed) {
        failed.forEach((unit, sentence) -> {
            bySentence.computeIfAbsent(sentence, unused -> new ArrayList<>()).add(unit);
            unit.whole().ifPresent(search -> {
                searches.add(search);
                references.add(unit.invertedModel());
            });
        });
    }

    /** Returns one line per reason, with its units. */
    List<String> lines() {
        var lines = new ArrayList<String>();
        bySentence.forEach((sentence, units) -> {
            var named = String.join(
                    ", ", units.stream().limit(NAMED).map(Unit::toString).toList());
            int others = units.size() - NAMED;
            var more = others > 0 ? " and %d more".formatted(others) : "";
            lines.add("%s%s failed: %s".formatted(named, more, sentence));
        });
        return lines;
    }

    /** Returns a number of units in words. */
    static String units(int count) {
        return count == 1 ? "1 unit" : count + " units";
    }

    /**
     * Checks that no unit failed.
     *
     * @throws DataException if units failed
     */
    void check() {
        int failed = bySentence.values().stream().mapToInt(List::size).sum();
        if (failed > 0) {
            throw new DataException(
                    "%s of work failed and %d dependent units were skipped; all others are done: fix the cause and run the study again."
                            .formatted(units(failed), waiting));
        }
    }
}
