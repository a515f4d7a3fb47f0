package stir.cli.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

import org.jspecify.annotations.Nullable;

import stir.api.Caution;
import stir.core.io.files.Table;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;
import stir.core.score.Acceptance;
import stir.core.score.DirectedScore;
import stir.core.study.StoredStudy;
import stir.core.study.StudyDifference;
import stir.core.study.StudyDifferences;
import stir.core.study.StudyResults;
import stir.core.study.StudyScore;
import stir.core.study.StudySimilarity;
import stir.core.study.StudyWork;
import stir.core.study.plan.StudyPlan;
import stir.core.study.store.DifferenceDocument;
import stir.core.study.store.DirectionDocument;
import stir.core.study.store.EstimateDocument;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The report on a study: a grid of scores, and the folder of all values.
 *
 * @param folder the folder that holds them
 * @param at patterns of the layers that the grid shows, {@code LAYER} or {@code MODEL:LAYER}; empty
 *     for the last one of each model
 * @param isDetailed whether the text has a line per score in place of the grid
 */
public record StudyReport(StudyResults results, Path folder, List<String> at, boolean isDetailed)
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

    private record Document(
            String schema,
            String folder,
            StudyWork work,
            List<ScoreEntry> scores,
            Optional<List<SimilarityEntry>> similarities,
            List<DifferenceEntry> differences,
            long differencesLeftOut) {}

    private record ScoreEntry(
            String reference,
            String target,
            String search,
            int repeat,
            double residual,
            OptionalDouble distanceFromInput,
            VerdictText.Document verdict,
            DirectionDocument stir,
            DirectionDocument.Baselines baseline) {
        static ScoreEntry of(StudyScore found, StudyPlan plan) {
            var search = plan.run(found.search(), found.repeat()).settings();
            return new ScoreEntry(
                    found.reference().toString(),
                    found.target().toString(),
                    found.search(),
                    found.repeat(),
                    found.residual().mean(),
                    found.score().inversion().meanDistanceFromInput(),
                    VerdictText.of(found.score(), plan.experiment().measures(), search).document(),
                    DirectionDocument.of(found.score()),
                    DirectionDocument.Baselines.of(found.score()));
        }
    }

    private record SimilarityEntry(
            String reference, String target, Map<String, EstimateDocument> similarity) {
        static SimilarityEntry of(StudySimilarity found) {
            return new SimilarityEntry(
                    found.reference().toString(),
                    found.target().toString(),
                    EstimateDocument.of(found.similarity()));
        }
    }

    private record DifferenceEntry(
            String measure,
            String search,
            int repeat,
            String target,
            String reference,
            String otherTarget,
            String otherReference,
            @JsonUnwrapped DifferenceDocument difference) {
        static DifferenceEntry of(StudyDifference found) {
            return new DifferenceEntry(
                    found.measure(),
                    found.search(),
                    found.repeat(),
                    found.first().target().toString(),
                    found.first().reference().toString(),
                    found.second().target().toString(),
                    found.second().reference().toString(),
                    DifferenceDocument.of(found.difference()));
        }
    }

    @Override
    public JsonDocument document() {
        return JsonDocument.of(
                new Document(
                        "stir-matrix/1",
                        folder.toString(),
                        results.work(),
                        results.scores().stream()
                                .map(score -> ScoreEntry.of(score, results.plan()))
                                .toList(),
                        Optional.of(results.similarities())
                                .filter(all -> isPlain())
                                .map(all -> all.stream().map(SimilarityEntry::of).toList()),
                        results.differences().all().stream().map(DifferenceEntry::of).toList(),
                        results.differences().leftOut()));
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
        var scales = StoredStudy.open(folder).measures();
        return new StudyAnswer(this, new StudyGrid(results, at, scales));
    }

    /** Returns whether there are similarities alone, without a search. */
    private boolean isPlain() {
        return results.plan().runs().isEmpty();
    }

    /** Returns a row per pair and measure. */
    private String similarities() {
        var table = new TextTable("", 3).row("target", "reference", "measure", "S", "95 %");
        for (var found : results.similarities()) {
            for (var one : found.similarity().entrySet()) {
                table.row(
                        found.target().toString(),
                        found.reference().toString(),
                        one.getKey(),
                        TextTable.number(one.getValue()),
                        DirectionReport.interval(one.getValue()));
            }
        }
        return table
                + remarks()
                + Paragraph.hanging("stored in ", folder + "; results.csv has all values");
    }

    private String details() {
        if (isPlain()) {
            return similarities();
        }
        var text = new StringBuilder();
        for (var measure : results.plan().experiment().measures()) {
            text.append(textTables(measure)).append('\n');
        }
        var work = results.work();
        return text.append(Paragraph.wrapped(remarks()))
                .append(
                        "inversions: %d of %d (%d made now, %d reused)\n"
                                .formatted(
                                        work.inversions() + work.inversionsReused(),
                                        results.plan().inversions(),
                                        work.inversions(),
                                        work.inversionsReused()))
                .append(
                        "comparisons: %d = %s (%d computed now, %d reused)\n"
                                .formatted(
                                        work.comparisons() + work.comparisonsReused(),
                                        PlanReport.comparisons(results.plan()),
                                        work.comparisons(),
                                        work.comparisonsReused()))
                .append(differences())
                .append(
                        Paragraph.hanging(
                                "stored in ",
                                folder
                                        + "; results.csv has all values, differences.csv which is above which"))
                .toString();
    }

    private String differences() {
        var differences = results.differences();
        if (differences.isTooMany()) {
            return "differences: none of the %d, since that is more than anyone reads (%d)\n"
                    .formatted(differences.possible(), StudyDifferences.MOST);
        }
        long clear =
                differences.all().stream()
                        .filter(one -> one.difference().correctedPValue() < 1 - Estimate.LEVEL)
                        .count();
        return "differences: %d of %d are clear (corrected p below 5 %%)\n"
                .formatted(clear, differences.all().size());
    }

    private record Row(String measure, StudyScore score) {
        Optional<Estimate> of(Function<DirectedScore, Map<String, Estimate>> kind) {
            return Optional.ofNullable(kind.apply(score.score()).get(measure));
        }

        Optional<Interval> interval() {
            return of(DirectedScore::stir).flatMap(Estimate::interval);
        }
    }

    @Override
    public Table<?> table() {
        if (isPlain()) {
            return plainTable();
        }
        var rows = new ArrayList<Row>();
        for (var measure : results.plan().experiment().measures()) {
            results.scores().forEach(score -> rows.add(new Row(measure, score)));
        }
        return new Table<>(rows)
                .column("measure", Row::measure)
                .column("reference", row -> row.score.reference())
                .column("target", row -> row.score.target())
                .column("search", row -> row.score.search())
                .column("repeat", row -> row.score.repeat())
                .column("STIR", row -> row.of(DirectedScore::stir).map(Estimate::value))
                .column("ci_low", row -> row.interval().map(Interval::low))
                .column("ci_high", row -> row.interval().map(Interval::high))
                .column("self", row -> row.of(DirectedScore::self).map(Estimate::value))
                .column("seed-only", row -> row.of(DirectedScore::seedOnly).map(Estimate::value))
                .column("shuffled", row -> row.of(DirectedScore::shuffled).map(Estimate::value))
                .column(
                        "inputs-only",
                        row -> row.of(DirectedScore::inputsOnly).map(Estimate::value))
                .column(
                        DirectionReport.CORRECTED,
                        row -> row.of(DirectedScore::baselineCorrected).map(Estimate::value))
                .column(
                        "similarity",
                        row ->
                                Optional.ofNullable(similarity(row.score, row.measure))
                                        .map(Estimate::value))
                .column("residual_mean", row -> row.score.residual().mean())
                .column(
                        "distance_from_input",
                        row -> row.score.score().inversion().meanDistanceFromInput())
                .column("accepted", row -> row.score.score().acceptance().map(Acceptance::share));
    }

    private record PlainRow(String measure, StudySimilarity found) {
        Optional<Estimate> estimate() {
            return Optional.ofNullable(found.similarity().get(measure));
        }

        Optional<Interval> interval() {
            return estimate().flatMap(Estimate::interval);
        }
    }

    private Table<?> plainTable() {
        var rows = new ArrayList<PlainRow>();
        for (var measure : results.plan().experiment().measures()) {
            results.similarities().forEach(found -> rows.add(new PlainRow(measure, found)));
        }
        return new Table<>(rows)
                .column("measure", PlainRow::measure)
                .column("reference", row -> row.found.reference())
                .column("target", row -> row.found.target())
                .column("similarity", row -> row.estimate().map(Estimate::value))
                .column("ci_low", row -> row.interval().map(Interval::low))
                .column("ci_high", row -> row.interval().map(Interval::high));
    }

    /** Returns one table per search, of the targets that its inputs were shown to. */
    private String textTables(String measure) {
        var groups = new LinkedHashMap<String, List<StudyScore>>();
        for (var score : results.scores()) {
            var head =
                    Paragraph.hanging(
                            measure + ", ",
                            "inputs of %s (search %s %s: residual %s, self %s)"
                                    .formatted(
                                            score.reference(),
                                            score.search(),
                                            score.repeat(),
                                            TextTable.number(score.residual().mean()),
                                            TextTable.number(score.score().self().get(measure))));
            groups.computeIfAbsent(head, key -> new ArrayList<>()).add(score);
        }
        var text = new StringBuilder();
        groups.forEach((head, scores) -> text.append(head).append(textTable(measure, scores)));
        return text.toString();
    }

    /** Returns a row per target: its values, in a line of their own if they do not fit. */
    private String textTable(String measure, List<StudyScore> scores) {
        var table = new TextTable("").row("STIR", "95 %", "seed-only", "shuffled", "similarity");
        for (var score : scores) {
            var found = score.score();
            var estimate = found.stir().get(measure);
            table.row(
                    TextTable.number(estimate),
                    DirectionReport.interval(estimate),
                    TextTable.number(found.seedOnly().get(measure)),
                    TextTable.number(found.shuffled().get(measure)),
                    TextTable.number(similarity(score, measure)));
        }
        var names =
                Stream.concat(
                                Stream.of("target"),
                                scores.stream().map(score -> score.target().toString()))
                        .toList();
        var values = table.toString().lines().toList();
        int name = names.stream().mapToInt(String::length).max().orElse(0);
        boolean fits =
                values.stream().allMatch(line -> 4 + name + line.length() <= Paragraph.COLUMNS);
        var text = new StringBuilder();
        for (int row = 0; row < values.size(); row++) {
            var target = names.get(row);
            text.append("  ").append(target);
            text.append(fits ? " ".repeat(name - target.length() + 2) : "\n    ");
            text.append(values.get(row)).append('\n');
        }
        return text.toString();
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
    String remarks(
            Predicate<Caution> condition,
            BiPredicate<StudyScore, Caution> ofScores,
            boolean hasFloors) {
        var cautions = new Cautions();
        Stream.of(
                        results.plan().cautions().stream(),
                        results.similarities().stream().flatMap(of -> of.cautions().stream()))
                .forEach(all -> cautions.add(all.filter(condition).toList()));
        for (var score : results.scores()) {
            cautions.add(
                    score.score().cautions().stream()
                            .filter(caution -> ofScores.test(score, caution))
                            .toList());
        }
        return cautions.text() + missing(hasFloors).text();
    }

    private MissingValues missing(boolean hasFloors) {
        var missing = new MissingValues();
        if (hasFloors) {
            for (var found : results.similarities()) {
                var name = "S(%s, %s)".formatted(found.target(), found.reference());
                missing.add(name, found.similarity());
            }
        }
        for (var score : results.scores()) {
            var name = "STIR(%s | %s)".formatted(score.target(), score.reference());
            if (hasFloors) {
                missing.add(name, score.score());
                missing.addCorrected(name, score.score());
            } else {
                missing.add(name, score.score().stir());
            }
        }
        return missing;
    }

    /** Returns whether any value is defined. */
    public boolean isDefined() {
        return results.scores().stream().anyMatch(score -> score.score().isDefined())
                || results.similarities().stream()
                        .flatMap(found -> found.similarity().values().stream())
                        .anyMatch(Estimate::isDefined);
    }

    private @Nullable Estimate similarity(StudyScore score, String measure) {
        for (var found : results.similarities()) {
            if (found.reference().equals(score.reference())
                    && found.target().equals(score.target())) {
                return found.similarity().get(measure);
            }
        }
        return null;
    }
}
