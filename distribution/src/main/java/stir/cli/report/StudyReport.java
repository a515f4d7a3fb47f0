package stir.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import stir.core.statistics.ConfidenceInterval;
import stir.core.statistics.Estimate;
import stir.core.study.StudyDifference;
import stir.core.study.StudyDifferences;
import stir.core.study.StudyResults;
import stir.core.study.StudyScore;
import stir.core.study.store.ScoreDocument;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * What a study has found: a line a score, and where everything is.
 *
 * @param results what it has found
 * @param folder where that is
 */
public record StudyReport(StudyResults results, Path folder) implements Report {
    @Override
    public JsonDocument document() {
        var root = JsonDocument.object("stir-matrix/1");
        root.put("folder", folder.toString());
        var work = results.work();
        root.putObject("work")
                .put("inversions", work.inversions())
                .put("inversions-reused", work.inversionsReused())
                .put("comparisons", work.comparisons())
                .put("comparisons-reused", work.comparisonsReused());
        var scores = root.putArray("scores");
        for (var score : results.scores()) {
            var node = scores.addObject();
            node.put("reference", score.reference().toString());
            node.put("target", score.target().toString());
            node.put("search", score.search());
            node.put("repeat", score.repeat());
            node.put("residual", score.residual().mean());
            node.set("stir", ScoreDocument.of(score.score()));
            node.set("baseline", ScoreDocument.baselines(score.score()));
        }
        var differences = root.putArray("differences");
        results.differences().all().forEach(one -> differences.add(document(one)));
        return JsonDocument.of(root);
    }

    private static ObjectNode document(StudyDifference one) {
        var node = JsonDocument.object();
        node.put("measure", one.measure());
        node.put("search", one.search());
        node.put("repeat", one.repeat());
        node.put("target", one.first().target().toString());
        node.put("reference", one.first().reference().toString());
        node.put("other-target", one.second().target().toString());
        node.put("other-reference", one.second().reference().toString());
        node.setAll(ScoreDocument.of(one.difference()));
        return node;
    }

    @Override
    public String text() {
        var text = new StringBuilder();
        for (var measure : results.plan().experiment().measures()) {
            text.append(textTables(measure)).append('\n');
        }
        text.append(cautions().text());
        text.append(missing().text());
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

    @Override
    public ResultTable table() {
        var table =
                new ResultTable(
                        "measure",
                        "reference",
                        "target",
                        "search",
                        "repeat",
                        "STIR",
                        "ci_low",
                        "ci_high",
                        "self",
                        "seed-only",
                        "shuffled",
                        DirectionReport.CORRECTED,
                        "similarity",
                        "residual_mean");
        for (var measure : results.plan().experiment().measures()) {
            results.scores().forEach(score -> addRow(table, measure, score));
        }
        return table;
    }

    private void addRow(ResultTable table, String measure, StudyScore score) {
        var found = score.score();
        var estimate = found.stir().get(measure);
        table.row(
                measure,
                score.reference(),
                score.target(),
                score.search(),
                score.repeat(),
                ResultTable.cell(estimate),
                ResultTable.cell(estimate, ConfidenceInterval::low),
                ResultTable.cell(estimate, ConfidenceInterval::high),
                ResultTable.cell(found.self().get(measure)),
                ResultTable.cell(found.seedOnly().get(measure)),
                ResultTable.cell(found.shuffled().get(measure)),
                ResultTable.cell(found.baselineCorrected().get(measure)),
                ResultTable.cell(similarity(score, measure)),
                score.residual().mean());
    }

    /** A table for each search, of the targets that its inputs were shown to. */
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

    /** Whether any value is defined. */
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
