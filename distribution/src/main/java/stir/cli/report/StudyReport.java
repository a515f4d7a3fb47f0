package stir.cli.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import stir.api.Caution;
import stir.core.io.files.Table;
import stir.core.score.DirectedScore;
import stir.core.score.Judgement;
import stir.core.score.Quantity;
import stir.core.study.plan.StudyPlan;
import stir.core.study.results.StudyDifferences;
import stir.core.study.results.StudyResults;
import stir.core.study.results.StudyWork;
import stir.core.study.store.PlanDocument;
import stir.core.study.store.ResultDocument;
import stir.core.study.store.ScoreTable;

/**
 * The report on a study: a grid of scores, and the folder of all values.
 *
 * @param folder the folder that holds them
 * @param command the command that repeats the study; empty if no command started it
 * @param at patterns of the layers that the grid shows, {@code LAYER} or {@code MODEL:LAYER}; empty
 *     for the last one of each model
 * @param isDetailed whether the text has a line per score in place of the grid
 */
public record StudyReport(
        StudyResults results, Path folder, Optional<CommandText> command, List<String> at, boolean isDetailed)
        implements Report {
    /** Checks the layers. */
    public StudyReport {
        at = List.copyOf(at);
    }

    /**
     * Checks a choice of layers before the work begins.
     *
     * @throws stir.api.UsageException if a pattern matches no layer
     */
    public static void check(StudyPlan plan, List<String> at) {
        StudyGrid.check(plan, at);
    }

    private record Document(@JsonUnwrapped ResultDocument results, String folder, StudyWork work) {}

    @Override
    public JsonDocument document() {
        return JsonDocument.of(new Document(
                ResultDocument.of(
                        PlanDocument.of(
                                results.plan(),
                                results.scales(),
                                command.map(CommandText::line).orElse("")),
                        results),
                folder.toString(),
                results.work()));
    }

    @Override
    public String text() {
        return isDetailed ? details() : answer().text();
    }

    @Override
    public String markdown() {
        return answer().paper().markdown();
    }

    @Override
    public String latex() {
        return answer().paper().latex();
    }

    private StudyAnswer answer() {
        return new StudyAnswer(this, new StudyGrid(results, at));
    }

    /** Returns whether there are similarities alone, without a search. */
    private boolean isPlain() {
        return results.plan().runs().isEmpty();
    }

    /** Returns all values of each score; of similarities, a row per pair and measure. */
    private String details() {
        if (isPlain()) {
            var table = new TextTable("", 3).row("target", "reference", "measure", "S", "95 %");
            for (var similarity : results.similarities()) {
                similarity.measures().forEach((measure, values) -> {
                    var estimate = values.of(Quantity.SIMILARITY);
                    table.row(
                            similarity.target().toString(),
                            similarity.reference().toString(),
                            measure,
                            TextTable.number(estimate),
                            TextTable.interval(estimate.interval()));
                });
            }
            return table + remarks() + Paragraph.hanging("stored in ", folder + "; results.csv has all values");
        }
        return results.scores().stream()
                        .map(score -> ScoreDetails.of(score, results))
                        .collect(Collectors.joining("\n", "", "\n"))
                + Paragraph.wrapped(remarks())
                + work()
                + differences()
                + best()
                + Paragraph.hanging(
                        "stored in ", folder + "; results.csv has all values, differences.csv which is above which");
    }

    private String work() {
        var work = results.work();
        return "inversions: %d of %d (%d made now, %d reused)\n"
                        .formatted(
                                work.inversions() + work.inversionsReused(),
                                results.plan().inversions(),
                                work.inversions(),
                                work.inversionsReused())
                + "comparisons: %d = %s (%d computed now, %d reused)\n"
                        .formatted(
                                work.comparisons() + work.comparisonsReused(),
                                PlanReport.comparisons(results.plan()),
                                work.comparisons(),
                                work.comparisonsReused());
    }

    private String differences() {
        var differences = results.differences();
        if (differences.isTooMany()) {
            return "differences: none of the %d, because more than %d are not computed\n"
                    .formatted(differences.possible(), StudyDifferences.MOST);
        }
        long clear = differences.all().stream()
                .filter(one -> one.difference().correctedPValue() < Judgement.LEVEL)
                .count();
        return "differences: %d of %d are clear (corrected p below 5 %%)\n"
                .formatted(clear, differences.all().size());
    }

    private String best() {
        return results.best().ofStudy().stream()
                .filter(one -> one.scores() > 1)
                .map(one -> Paragraph.hanging(
                        "best by %s: ".formatted(one.measure()),
                        "%s | %s of %d (%d inconclusive), STIR %s, %s, corrected %s (Holm), %s (maximum)"
                                .formatted(
                                        one.pair().target(),
                                        one.pair().reference(),
                                        one.scores(),
                                        one.inconclusive(),
                                        TextTable.number(one.stir(), 2),
                                        TextTable.probability(one.pValue()),
                                        TextTable.probability(one.correctedPValue()),
                                        TextTable.probability(one.maximumPValue()))))
                .collect(Collectors.joining());
    }

    @Override
    public Table<?> table() {
        return ScoreTable.of(results);
    }

    @Override
    public String remarks() {
        return remarks(caution -> true, (score, caution) -> true, true);
    }

    /**
     * Returns the remarks.
     *
     * @param condition the condition that cautions of the study and its similarities must meet
     * @param hasFloors whether reasons of missing floors, ceilings and similarities are among them
     */
    String remarks(Predicate<Caution> condition, BiPredicate<DirectedScore, Caution> ofScores, boolean hasFloors) {
        var cautions = new Cautions();
        cautions.add(results.cautions().stream().filter(condition).toList());
        for (var score : results.scores()) {
            cautions.add(score.cautions().stream()
                    .filter(caution -> ofScores.test(score, caution))
                    .toList());
        }
        return cautions.text() + missing(hasFloors).text();
    }

    private MissingValues missing(boolean hasFloors) {
        var missing = new MissingValues();
        results.scores().forEach(score -> missing.add(score, hasFloors));
        if (hasFloors || isPlain()) {
            results.similarities().forEach(missing::add);
        }
        return missing;
    }

    /** Returns whether any value is defined. */
    public boolean isDefined() {
        return results.scores().stream().anyMatch(DirectedScore::isDefined)
                || results.similarities().stream()
                        .flatMap(similarity -> similarity.measures().values().stream())
                        .anyMatch(values -> values.of(Quantity.SIMILARITY).isDefined());
    }
}
