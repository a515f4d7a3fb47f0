package stir.cli.report;

import stir.api.Caution;
import stir.core.math.statistics.Estimate;
import stir.core.score.Advice;
import stir.core.score.CautionFacts;
import stir.core.score.DirectedScore;
import stir.core.score.Gap;
import stir.core.score.ScoreSettings;
import stir.core.score.StudiedLayer;
import stir.core.score.Verdict;
import stir.core.study.store.Inconclusive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The answer of a study for people: a matrix, the largest differences of both directions, and the
 * layers whose searches allow no answer, in lines of at most {@link Paragraph#COLUMNS} characters.
 *
 * @param grid the matrix
 */
record StudyAnswer(StudyReport report, StudyGrid grid) {
    private static final int LARGEST = 3;
    private static final int NAMED = 3;

    /** Returns the answer, with a line end after the last line. */
    String text() {
        return Paragraph.hanging("", title())
                + grid.text()
                + (grid.isPlain() ? "" : differences())
                + (grid.isPlain() ? "" : line("inconclusive: ", inconclusive()))
                + line(
                        "few accepted: ",
                        layers(
                                score ->
                                        score.verdict()
                                                .gap()
                                                .equals(Optional.of(Gap.FEW_ACCEPTED))))
                + line("nothing to ignore: ", layers(score -> score.search().ignoresNothing()))
                + Paragraph.wrapped(report.remarks(this::isShown, this::isShown, false))
                + line("", work())
                + line(
                        "next: ",
                        new CommandText(List.of("stir", "report", report.folder().toString()))
                                .line());
    }

    private String work() {
        var work = report.results().work();
        return "%d inversions (%d reused), %d comparisons (%d reused): %s"
                .formatted(
                        work.inversions() + work.inversionsReused(),
                        work.inversionsReused(),
                        work.comparisons() + work.comparisonsReused(),
                        work.comparisonsReused(),
                        report.folder().resolve("results.csv"));
    }

    private static String line(String head, String text) {
        return text.isEmpty() ? "" : Paragraph.hanging(head, text);
    }

    private String title() {
        var plan = report.results().plan();
        if (grid.isPlain()) {
            return "S(row, column) by %s at %s; %d inputs, no search"
                    .formatted(grid.measure(), grid.layers(), plan.inputs().count());
        }
        var legend = grid.legend();
        return "STIR(row | column) by %s at %s; %d inputs, %s%s%s"
                .formatted(
                        grid.measure(),
                        grid.layers(),
                        plan.inputs().count(),
                        searchName(),
                        plan.runs().size() == 1
                                ? ""
                                : " (the first of %d)".formatted(plan.runs().size()),
                        legend.isEmpty() ? "" : "; " + legend);
    }

    private String searchName() {
        var runs = report.results().plan().runs();
        return runs.size() == 1
                ? "search " + SearchText.method(grid.run().settings())
                : grid.run().toString();
    }

    private String differences() {
        var all = grid.asymmetries();
        var scores = grid.compared();
        var known =
                all.stream()
                        .filter(one -> isKnown(scores.get(one.first())))
                        .filter(one -> isKnown(scores.get(one.second())))
                        .sorted(Comparator.comparingDouble(one -> -one.difference().difference()))
                        .limit(LARGEST)
                        .toList();
        if (known.isEmpty()) {
            return Paragraph.hanging(
                    "differences between directions: ",
                    "none, because no pair has two conclusive verdicts");
        }
        var table = new TextTable("  ");
        for (var one : known) {
            var difference = one.difference();
            var score = scores.get(one.first());
            table.row(
                    "%s | %s".formatted(shortLabel(score.target()), shortLabel(score.reference())),
                    TextTable.number(difference.difference(), 2),
                    TextTable.interval(Optional.of(difference.interval())),
                    TextTable.probability(difference.correctedPValue()));
        }
        return "largest differences STIR(t | m) - STIR(m | t), p corrected for %s:\n"
                        .formatted(all.size() == 1 ? "1 pair" : all.size() + " pairs")
                + table;
    }

    private static boolean isKnown(DirectedScore score) {
        return score.verdict().word().isKnown();
    }

    private String shortLabel(StudiedLayer layer) {
        return Paragraph.shortened(grid.label(layer), ScoreAnswer.LONGEST_NAME);
    }

    /** Returns the inconclusive scores of the shown search by their reasons. */
    private String inconclusive() {
        var ofRun = report.results().scores().stream().filter(grid::isOfRun).toList();
        var reasons = Inconclusive.of(ofRun);
        int count = reasons.stream().mapToInt(Inconclusive::count).sum();
        return count == 0
                ? ""
                : "%d of %d: %s"
                        .formatted(
                                count,
                                ofRun.size(),
                                reasons.stream()
                                        .map(StudyAnswer::reason)
                                        .collect(Collectors.joining("; ")));
    }

    private static String reason(Inconclusive of) {
        return "%d %s (needs %s)"
                .formatted(
                        of.count(),
                        of.problem(),
                        of.advice().stream().map(Advice::text).collect(Collectors.joining(" or ")));
    }

    /**
     * Returns the references of scores that meet a condition: each layer's name with its networks,
     * or with their number if they are many.
     */
    private String layers(Predicate<DirectedScore> condition) {
        var models = new LinkedHashMap<String, Set<String>>();
        for (var score : report.results().scores()) {
            if (!grid.isPlain() && grid.isOfRun(score) && condition.test(score)) {
                models.computeIfAbsent(score.reference().layer(), unused -> new LinkedHashSet<>())
                        .add(score.reference().model());
            }
        }
        var texts = new ArrayList<String>();
        for (var one : models.entrySet()) {
            var of = one.getValue();
            var named = of.size() > NAMED ? of.size() + " networks" : String.join(", ", of);
            texts.add(one.getKey() + " of " + named);
        }
        return String.join("; ", texts);
    }

    /** Returns whether the answer does not contain a caution of a score in other words. */
    private boolean isShown(DirectedScore score, Caution caution) {
        boolean isOfSearch =
                ScoreAnswer.NOT_ACCEPTED.contains(caution.kind())
                        || caution.kind().equals(ScoreAnswer.IGNORES_NOTHING);
        return isShown(caution) && !(isOfSearch && grid.isOfRun(score) && isInLines(score));
    }

    private static boolean isInLines(DirectedScore score) {
        var verdict = score.verdict();
        return verdict.word() == Verdict.NOTHING_TO_IGNORE
                || verdict.gap().equals(Optional.of(Gap.FEW_ACCEPTED));
    }

    private boolean isShown(Caution caution) {
        return !caution.facts().containsKey(CautionFacts.CONVERGED_INPUTS)
                && !caution.kind().equals(ScoreAnswer.NEAR_INPUTS)
                && (grid.measure().equals(ScoreSettings.DEFAULT_MEASURE)
                        || !ScoreAnswer.isOfPublished(caution));
    }

    /** Returns the matrix as a table for a paper. */
    PaperTable paper() {
        var notes = new ArrayList<String>();
        notes.add(
                "Rows are targets, columns references. Measure: %s; %d inputs; %s."
                        .formatted(
                                grid.measure(),
                                report.results().plan().inputs().count(),
                                grid.isPlain() ? "no search" : searchName()));
        var widths =
                grid.scores().stream()
                        .flatMap(score -> score.stir().interval().stream())
                        .mapToDouble(ends -> ends.high() - ends.low())
                        .sorted()
                        .toArray();
        if (widths.length > 0) {
            notes.add(
                    "The %s intervals of the mean over other samples of this size are %s wide at most (median %s)."
                            .formatted(
                                    TextTable.percent(Estimate.LEVEL),
                                    TextTable.number(widths[widths.length - 1], 2),
                                    TextTable.number(widths[widths.length / 2], 2)));
        }
        if (!grid.legend().isEmpty()) {
            notes.add("Marks: %s.".formatted(grid.legend()));
        }
        return new PaperTable(
                grid.table(),
                (grid.isPlain() ? "S(target, reference) at %s." : "STIR(target | reference) at %s.")
                        .formatted(grid.layers()),
                "tab:stir-" + report.folder().toAbsolutePath().normalize().getFileName(),
                notes,
                grid.isWide());
    }
}
