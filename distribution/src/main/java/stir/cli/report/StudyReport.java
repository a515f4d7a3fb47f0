package stir.cli.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

import org.jspecify.annotations.Nullable;

import stir.core.io.files.Table;
import stir.core.math.statistics.ConfidenceInterval;
import stir.core.math.statistics.Estimate;
import stir.core.score.Acceptance;
import stir.core.score.DirectedScore;
import stir.core.study.StudyDifference;
import stir.core.study.StudyDifferences;
import stir.core.study.StudyResults;
import stir.core.study.StudyScore;
import stir.core.study.StudyWork;
import stir.core.study.store.DifferenceDocument;
import stir.core.study.store.DirectionDocument;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The report on a study: one line per score, and the folder of all values.
 *
 * @param results of the study
 * @param folder that they are stored in
 */
public record StudyReport(StudyResults results, Path folder) implements Report {
    private record Document(
            String schema,
            String folder,
            StudyWork work,
            List<ScoreEntry> scores,
            List<DifferenceEntry> differences,
            long differencesLeftOut) {}

    private record ScoreEntry(
            String reference,
            String target,
            String search,
            int repeat,
            double residual,
            OptionalDouble distanceFromInput,
            DirectionDocument stir,
            DirectionDocument.Baselines baseline) {
        static ScoreEntry of(StudyScore found) {
            return new ScoreEntry(
                    found.reference().toString(),
                    found.target().toString(),
                    found.search(),
                    found.repeat(),
                    found.residual().mean(),
                    found.score().inversion().meanDistanceFromInput(),
                    DirectionDocument.of(found.score()),
                    DirectionDocument.Baselines.of(found.score()));
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
                        results.scores().stream().map(ScoreEntry::of).toList(),
                        results.differences().all().stream().map(DifferenceEntry::of).toList(),
                        results.differences().leftOut()));
    }

    @Override
    public String text() {
        var text = new StringBuilder();
        for (var measure : results.plan().experiment().measures()) {
            text.append(textTables(measure)).append('\n');
        }
        text.append(remarks());
        var work = results.work();
        text.append(
                "inversions: %d of %d (%d made now, %d reused)\n"
                        .formatted(
                                work.inversions() + work.inversionsReused(),
                                results.plan().inversions(),
                                work.inversions(),
                                work.inversionsReused()));
        text.append(
                "comparisons: %d = %s (%d computed now, %d reused)\n"
                        .formatted(
                                work.comparisons() + work.comparisonsReused(),
                                PlanReport.comparisons(results.plan()),
                                work.comparisons(),
                                work.comparisonsReused()));
        text.append(differences());
        text.append(
                "stored in %s; results.csv has all values, differences.csv which is above which\n"
                        .formatted(folder));
        return text.toString();
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

        Optional<ConfidenceInterval> interval() {
            return of(DirectedScore::stir).flatMap(Estimate::interval);
        }
    }

    @Override
    public Table<?> table() {
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
                .column("ci_low", row -> row.interval().map(ConfidenceInterval::low))
                .column("ci_high", row -> row.interval().map(ConfidenceInterval::high))
                .column("self", row -> row.of(DirectedScore::self).map(Estimate::value))
                .column("seed-only", row -> row.of(DirectedScore::seedOnly).map(Estimate::value))
                .column("shuffled", row -> row.of(DirectedScore::shuffled).map(Estimate::value))
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

    /** Returns one table per search, of the targets that its inputs were shown to. */
    private String textTables(String measure) {
        var groups = new LinkedHashMap<String, List<StudyScore>>();
        for (var score : results.scores()) {
            var head =
                    "%s, inputs of %s (search %s %s: residual %s, self %s)"
                            .formatted(
                                    measure,
                                    score.reference(),
                                    score.search(),
                                    score.repeat(),
                                    TextTable.number(score.residual().mean()),
                                    TextTable.number(score.score().self().get(measure)));
            groups.computeIfAbsent(head, key -> new ArrayList<>()).add(score);
        }
        var text = new StringBuilder();
        groups.forEach(
                (head, scores) ->
                        text.append(head).append('\n').append(textTable(measure, scores)));
        return text.toString();
    }

    private TextTable textTable(String measure, List<StudyScore> scores) {
        var table =
                new TextTable("  ")
                        .row("target", "STIR", "95 %", "seed-only", "shuffled", "similarity");
        for (var score : scores) {
            var found = score.score();
            var estimate = found.stir().get(measure);
            table.row(
                    score.target().toString(),
                    TextTable.number(estimate),
                    DirectionReport.interval(estimate),
                    TextTable.number(found.seedOnly().get(measure)),
                    TextTable.number(found.shuffled().get(measure)),
                    TextTable.number(similarity(score, measure)));
        }
        return table;
    }

    @Override
    public String remarks() {
        return cautions().text() + missing().text();
    }

    private Cautions cautions() {
        var cautions = new Cautions();
        cautions.add(results.plan().cautions());
        results.similarities().forEach(found -> cautions.add(found.cautions()));
        results.scores().forEach(score -> cautions.add(score.score().cautions()));
        return cautions;
    }

    private MissingValues missing() {
        var missing = new MissingValues();
        for (var found : results.similarities()) {
            missing.add(
                    "S(%s, %s)".formatted(found.target(), found.reference()), found.similarity());
        }
        for (var score : results.scores()) {
            missing.add(
                    "STIR(%s | %s)".formatted(score.target(), score.reference()), score.score());
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
        return results.similarities().stream()
                .filter(
                        similarity ->
                                similarity.reference().equals(score.reference())
                                        && similarity.target().equals(score.target()))
                .findFirst()
                .map(found -> found.similarity().get(measure))
                .orElse(null);
    }
}
