package stir.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stir.core.score.DirectedScore;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;
import stir.core.study.results.StudySimilarity;

/** The reasons why values are missing: each reason once, with its values. */
final class MissingValues {
    private static final int SHOWN = 4;

    private final Map<String, List<String>> byReason = new LinkedHashMap<>();

    /**
     * Adds the values of a score that are not defined.
     *
     * @param isAll whether values other than STIR are among them
     */
    void add(DirectedScore score, boolean isAll) {
        var name = "STIR(%s | %s)"
                .formatted(score.target().model(), score.reference().model());
        score.measures().forEach((measure, values) -> {
            for (var quantity : Quantity.values()) {
                if (quantity == Quantity.STIR || isAll) {
                    add(name, measure, values, quantity);
                }
            }
        });
    }

    /** Adds the similarities of a pair that are not defined. */
    void add(StudySimilarity similarity) {
        var name = "%s and %s".formatted(similarity.target(), similarity.reference());
        similarity.measures().forEach((measure, values) -> add(name, measure, values, Quantity.SIMILARITY));
    }

    private void add(String of, String measure, MeasureScore values, Quantity quantity) {
        boolean isExpected = quantity != Quantity.CORRECTED || values.stir().isDefined();
        var estimate = values.values().get(quantity);
        if (estimate != null && isExpected) {
            var name = quantity == Quantity.STIR
                    ? "%s by %s".formatted(of, measure)
                    : "%s of %s by %s".formatted(quantity, of, measure);
            estimate.undefined()
                    .map(reason -> byReason.computeIfAbsent(reason, unused -> new ArrayList<>()))
                    .ifPresent(names -> names.add(name));
        }
    }

    /** Returns one line per reason. */
    String text() {
        var text = new StringBuilder();
        byReason.forEach((reason, all) ->
                text.append("note: not defined: %s: %s\n".formatted(Paragraph.listed(all, "; ", SHOWN), reason)));
        return text.toString();
    }
}
