package stir.cli.report;

import stir.core.math.statistics.Estimate;
import stir.core.score.DirectedScore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The reasons why values are missing: each reason once, with its values. */
final class MissingValues {
    private static final int SHOWN = 4;

    private final Map<String, List<String>> byReason = new LinkedHashMap<>();

    /**
     * Adds the values that are not defined.
     *
     * @param what values they are
     * @param values the values by measure
     */
    void add(String what, Map<String, Estimate> values) {
        for (var one : values.entrySet()) {
            var name = one.getKey() + " of " + what;
            one.getValue()
                    .undefined()
                    .map(reason -> byReason.computeIfAbsent(reason, unused -> new ArrayList<>()))
                    .ifPresent(names -> names.add(name));
        }
    }

    /** Adds the values of a direction that are not defined, apart from corrected ones. */
    void add(String direction, DirectedScore score) {
        add(direction, score.stir());
        add("self, " + direction, score.self());
        add("seed-only, " + direction, score.seedOnly());
        add("shuffled, " + direction, score.shuffled());
        add("inputs-only, " + direction, score.inputsOnly());
    }

    /** Adds the corrected values of a direction that are not defined. */
    void addCorrected(String direction, DirectedScore score) {
        // Without a score, a corrected one is not expected.
        var corrected = new LinkedHashMap<>(score.baselineCorrected());
        var defined = new LinkedHashMap<>(score.stir());
        defined.values().removeIf(stir -> !stir.isDefined());
        corrected.keySet().retainAll(defined.keySet());
        add(DirectionReport.CORRECTED + ", " + direction, corrected);
    }

    /** Returns one line per reason. */
    String text() {
        var text = new StringBuilder();
        byReason.forEach(
                (reason, all) ->
                        text.append(
                                "note: not defined: %s: %s\n"
                                        .formatted(Paragraph.listed(all, "; ", SHOWN), reason)));
        return text.toString();
    }
}
