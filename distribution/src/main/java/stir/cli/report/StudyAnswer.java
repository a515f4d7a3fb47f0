package stir.cli.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import stir.api.Caution;
import stir.core.inversion.Seed;
import stir.core.math.statistics.Estimate;
import stir.core.score.Advice;
import stir.core.score.CautionFacts;
import stir.core.score.CautionText;
import stir.core.score.DirectedScore;
import stir.core.score.Gap;
import stir.core.score.Judgement;
import stir.core.score.ScoreSettings;
import stir.core.score.StudiedLayer;
import stir.core.score.Verdict;
import stir.core.study.plan.StudyPlan;
import stir.core.study.store.Inconclusive;

/**
 * The answer of a study for people: a matrix, the largest differences of both directions, and the
 * layers whose searches allow no answer, in lines of at most {@link Paragraph#COLUMNS} characters.
 *
 * @param grid the matrix
 */
record StudyAnswer(StudyReport report, StudyGrid grid) {
    private static final int LARGEST = 3;

    /** Returns the answer, with a line end after the last line. */
    String text() {
        return Paragraph.hanging("", title())
                + grid.text()
                + (grid.isPlain()
                        ? ""
                        : new GroupLines(grid).text(report.results().groups()))
                + inconclusive()
                + belowInputs()
                + line("few accepted: ", layers(score -> score.verdict().gap().equals(Optional.of(Gap.FEW_ACCEPTED))))
                + line("nothing to ignore: ", layers(score -> score.search().ignoresNothing()))
                + (grid.isPlain() ? "" : differences())
                + Paragraph.wrapped(report.remarks(this::isShown, this::isShown, false))
                + line("", work())
                + next();
    }

    private StudyPlan plan() {
        return report.results().plan();
    }

    /** Returns what settles the inconclusive scores of the shown search, and the page. */
    private NextSteps next() {
        var steps = new NextSteps();
        var settlement = Settlement.of(reasons().stream().flatMap(reason -> reason.advice().stream()));
        if (!settlement.changes().isEmpty()) {
            add(settlement.changes(), steps);
        } else if (settlement.has(Advice.Kind.LATER_LAYER)) {
            steps.add("later layers of the references (`layers` in the experiment file)");
        }
        return steps.add(CommandText.report(report.folder()));
    }

    /** Adds changes, and the command with them unless it is the same. */
    private void add(List<Advice> changes, NextSteps steps) {
        var reason = changes.stream().map(this::reason).collect(Collectors.joining(" and "));
        var changed = report.command();
        for (var advice : changes) {
            changed = changed.map(command -> changed(command, advice));
        }
        boolean isInFile = changes.stream().anyMatch(advice -> setting(advice).isPresent());
        if (changed.isPresent() && (isInFile || !changed.equals(report.command()))) {
            steps.add(reason, changed.get().intoNewFolder(Optional.of(report.folder())));
        } else {
            steps.add(reason);
        }
    }

    private CommandText changed(CommandText command, Advice advice) {
        return Settlement.applied(
                advice, command, plan().inputs(), plan().experiment().memory());
    }

    /** Returns a change in words, with the setting of the experiment file that it is. */
    private String reason(Advice advice) {
        return Settlement.text(advice, plan().inputs(), grid.run().settings())
                + setting(advice)
                        .map(" (`search: {%s}` in the experiment file)"::formatted)
                        .orElse("");
    }

    private Optional<String> setting(Advice advice) {
        var settings = grid.run().settings();
        return switch (advice.kind()) {
            case LONGER_SEARCH ->
                Optional.of(settings).filter(of -> !SearchText.isPaired(of)).map(ScoreAnswer::longer);
            case SMALLER_TOLERANCE -> Optional.of("tolerance: " + Settlement.tolerance(advice));
            case OTHER_SEED -> Optional.of("seed: " + Seed.Kind.OTHER_INPUT.text());
            default -> Optional.empty();
        };
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
        var plan = plan();
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
        var runs = plan().runs();
        return runs.size() == 1
                ? "search " + SearchText.method(grid.run().settings())
                : grid.run().toString();
    }

    /** Returns the largest clear differences of pairs with two answers. */
    private String differences() {
        var scores = grid.compared();
        var all = grid.asymmetries();
        var known = all.stream()
                .filter(one -> isKnown(scores.get(one.first())))
                .filter(one -> isKnown(scores.get(one.second())))
                .toList();
        var clear = known.stream()
                .filter(one -> one.difference().correctedPValue() < Judgement.LEVEL)
                .sorted(Comparator.comparingDouble(one -> -one.difference().difference()))
                .toList();
        int unknown = all.size() - known.size();
        var leftOut = unknown == 0 ? "" : "; %d with %s left out".formatted(unknown, Verdict.INCONCLUSIVE.mark());
        if (all.isEmpty()) {
            return "";
        }
        if (clear.isEmpty()) {
            return line(
                    "differences between directions: ",
                    known.isEmpty()
                            ? "none, because no pair has two conclusive verdicts"
                            : "none of %s is clear%s".formatted(pairs(known.size()), leftOut));
        }
        var table = new TextTable("  ");
        for (var one : clear.subList(0, Math.min(LARGEST, clear.size()))) {
            var difference = one.difference();
            var score = scores.get(one.first());
            table.row(
                    "%s | %s".formatted(label(score.target()), label(score.reference())),
                    TextTable.number(difference.difference(), 2),
                    TextTable.interval(Optional.of(difference.interval())),
                    TextTable.probability(difference.correctedPValue()));
        }
        return line(
                        "",
                        "largest differences STIR(t | m) - STIR(m | t), p corrected for %s%s:"
                                .formatted(pairs(all.size()), leftOut))
                + table;
    }

    private static String pairs(int count) {
        return count == 1 ? "1 pair" : count + " pairs";
    }

    private static boolean isKnown(DirectedScore score) {
        return score.verdict().word().isKnown();
    }

    private String label(StudiedLayer layer) {
        return grid.label(layer, ScoreAnswer.LONGEST_NAME);
    }

    /** Returns the scores of different layers by the shown search. */
    private List<DirectedScore> scores() {
        return report.results().scores().stream()
                .filter(grid::isOfRun)
                .filter(score -> !score.isOfItself())
                .toList();
    }

    private List<Inconclusive> reasons() {
        return grid.isPlain() ? List.of() : Inconclusive.of(scores());
    }

    /** Returns the inconclusive scores of the shown search by their reasons, a line per reason. */
    private String inconclusive() {
        var reasons = reasons();
        if (reasons.isEmpty()) {
            return "";
        }
        boolean isOfNetworks =
                plan().models().stream().allMatch(one -> one.layers().size() == 1);
        var lines = new StringBuilder();
        lines.append(line(
                Verdict.INCONCLUSIVE.mark() + " ",
                "inconclusive: %d of %d scores of different %s (values: --details)"
                        .formatted(
                                reasons.stream().mapToInt(Inconclusive::count).sum(),
                                scores().size(),
                                isOfNetworks ? "networks" : "layers")));
        for (var reason : reasons) {
            lines.append(line("  %d: ".formatted(reason.count()), text(reason)));
        }
        return lines.toString();
    }

    /** Returns the meaning of the mark that the similarity of the inputs explains. */
    private String belowInputs() {
        var word = Verdict.BELOW_THE_INPUTS;
        return grid.scores().stream().anyMatch(score -> score.verdict().word() == word)
                ? line(word.mark() + " ", StudyGrid.words(word) + ": " + word.meaning())
                : "";
    }

    private String text(Inconclusive of) {
        return "%s (needs %s)"
                .formatted(
                        of.problem(),
                        of.advice().stream()
                                .map(advice ->
                                        SearchText.advice(advice, grid.run().settings()))
                                .collect(Collectors.joining(" or ")));
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
            texts.add(one.getKey() + " of " + StudyGrid.networks(one.getValue()));
        }
        return String.join("; ", texts);
    }

    /** Returns whether the answer does not contain a caution of a score in other words. */
    private boolean isShown(DirectedScore score, Caution caution) {
        boolean isOfSearch = ScoreAnswer.NOT_ACCEPTED.contains(caution.kind())
                || caution.kind().equals(CautionText.IGNORES_NOTHING);
        return isShown(caution) && !(isOfSearch && grid.isOfRun(score) && isInLines(score));
    }

    private static boolean isInLines(DirectedScore score) {
        var verdict = score.verdict();
        return verdict.word() == Verdict.NOTHING_TO_IGNORE || verdict.gap().equals(Optional.of(Gap.FEW_ACCEPTED));
    }

    private boolean isShown(Caution caution) {
        return !caution.facts().containsKey(CautionFacts.CONVERGED_INPUTS)
                && !caution.kind().equals(CautionText.NEAR_INPUTS)
                && (grid.measure().equals(ScoreSettings.DEFAULT_MEASURE) || !ScoreAnswer.isOfPublished(caution));
    }

    /** Returns the matrix as a table for a paper. */
    PaperTable paper() {
        var notes = new ArrayList<String>();
        notes.add("Rows are targets, columns references. Measure: %s; %d inputs; %s."
                .formatted(
                        grid.measure(),
                        report.results().plan().inputs().count(),
                        grid.isPlain() ? "no search" : searchName()));
        var widths = grid.scores().stream()
                .flatMap(score -> score.stir().interval().stream())
                .mapToDouble(ends -> ends.high() - ends.low())
                .sorted()
                .toArray();
        if (widths.length > 0) {
            notes.add("The %s intervals of the mean over other samples of this size are %s wide at most (median %s)."
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
