package stir.cli.report;

import java.util.LinkedHashMap;
import java.util.List;
import stir.core.study.results.GroupDifference;
import stir.core.study.results.GroupDifference.Question;
import stir.core.study.results.GroupScore;
import stir.core.study.results.GroupVerdict;
import stir.core.study.results.StudyGroups;

/**
 * The statements about groups of networks for people, of the measure and the search of a matrix and
 * of the networks' last layers.
 */
record GroupLines(StudyGrid grid) {
    /** Returns a table per factor, and the answers below it; empty without groups. */
    String text(StudyGroups groups) {
        var text = new StringBuilder();
        for (var factor :
                groups.scores().stream().map(GroupScore::factor).distinct().toList()) {
            text.append(scores(factor, groups));
        }
        var differences = new LinkedHashMap<List<Object>, GroupDifference>();
        for (var one : groups.differences()) {
            if (isShown(one.measure(), one.search(), one.repeat())) {
                differences.put( // the last layers come last
                        List.of(one.question(), one.factor(), one.group(), one.other()), one);
            }
        }
        differences.values().stream().map(GroupLines::line).forEach(text::append);
        return text.toString();
    }

    private boolean isShown(String measure, String search, int repeat) {
        return measure.equals(grid.measure())
                && search.equals(grid.run().search())
                && repeat == grid.run().repeat();
    }

    private String scores(String factor, StudyGroups groups) {
        var last = new LinkedHashMap<List<String>, GroupScore>();
        for (var one : groups.scores()) {
            if (one.factor().equals(factor) && isShown(one.measure(), one.search(), one.repeat())) {
                last.put(List.of(one.targetGroup(), one.referenceGroup()), one);
            }
        }
        if (last.isEmpty()) {
            return "";
        }
        var table = new TextTable("  ");
        for (var one : last.values()) {
            table.row(
                    "%s | %s".formatted(one.targetGroup(), one.referenceGroup()),
                    TextTable.number(one.stir(), 2),
                    TextTable.interval(one.stir().interval()),
                    one.reason().orElse(one.counts().text()));
        }
        return Paragraph.hanging("", "STIR of groups by %s, with intervals over networks and inputs:".formatted(factor))
                + table;
    }

    private static String line(GroupDifference of) {
        var difference = of.difference().map(one -> TextTable.difference(one, one.correctedPValue()));
        var answer = of.verdict().map(GroupVerdict::toString).orElse("");
        var text = of.question() == Question.WITHIN_BETWEEN
                ? difference
                        .map(values -> values + ": " + answer)
                        .orElseGet(() -> answer + ": " + of.reason().orElse(""))
                : difference.orElseGet(() -> "not known: " + of.reason().orElse(""));
        var counts = of.difference().isPresent() ? of.counts().text() : "";
        return Paragraph.hanging(head(of) + ": ", text + (counts.isEmpty() ? "" : " (%s)".formatted(counts)));
    }

    private static String head(GroupDifference of) {
        return switch (of.question()) {
            case WITHIN_BETWEEN -> "within %s and %s, minus between".formatted(of.group(), of.other());
            case WITHIN -> "within %s, minus within %s".formatted(of.group(), of.other());
            case DIRECTION -> "%1$s | %2$s, minus %2$s | %1$s".formatted(of.group(), of.other());
            case FACTOR -> "effect of %s, minus of %s".formatted(of.factor(), of.other());
        };
    }
}
