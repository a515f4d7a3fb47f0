package stir.cli.report;

import stir.core.statistics.ConfidenceInterval;
import stir.core.statistics.Estimate;
import stir.core.study.StudyResults;
import stir.core.study.StudyScore;
import stir.core.study.StudySimilarity;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a study has found: a line a score, and where everything is.
 *
 * @param results what it has found
 */
public record StudyReport(StudyResults results) implements Report {
    @Override
    public JsonDocument document() {
        var root = JsonDocument.object();
        root.put("folder", results.folder().toString());
        var work = results.work();
        root.putObject("work")
                .put("inversions", work.inversions())
                .put("inversions-reused", work.inversionsReused())
                .put("representations", work.representations())
                .put("representations-reused", work.representationsReused())
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
            var stir = node.putObject("stir");
            score.stir().forEach((measure, estimate) -> stir.put(measure, estimate.value()));
            node.set("self", JsonDocument.numbers(score.self()));
            node.set("seed-only", JsonDocument.numbers(score.seedOnly()));
            node.set("shuffled", JsonDocument.numbers(score.shuffled()));
        }
        return JsonDocument.of(root);
    }

    @Override
    public String text() {
        var text = new StringBuilder();
        for (var measure : results.plan().experiment().measures()) {
            text.append(textTable(measure)).append('\n');
        }
        var work = results.work();
        text.append(
                "inversions: %d of %d (%d made now, %d reused)\n"
                        .formatted(
                                work.inversions() + work.inversionsReused(),
                                results.plan().inversions(),
                                work.inversions(),
                                work.inversionsReused()));
        text.append(
                "comparisons: %d (%d computed now, %d reused)\n"
                        .formatted(
                                work.comparisons() + work.comparisonsReused(),
                                work.comparisons(),
                                work.comparisonsReused()));
        text.append("stored in %s; results.csv has all values\n".formatted(results.folder()));
        return text.toString();
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
                        "interval from",
                        "interval to",
                        "self",
                        "seed-only",
                        "shuffled",
                        DirectionReport.CORRECTED,
                        "similarity",
                        "residual mean");
        for (var measure : results.plan().experiment().measures()) {
            results.scores().forEach(score -> addRow(table, measure, score));
        }
        return table;
    }

    private void addRow(ResultTable table, String measure, StudyScore score) {
        var estimate = Objects.requireNonNull(score.stir().get(measure));
        table.row(
                measure,
                score.reference(),
                score.target(),
                score.search(),
                score.repeat(),
                estimate.value(),
                estimate.interval().<Object>map(ConfidenceInterval::low).orElse(""),
                estimate.interval().<Object>map(ConfidenceInterval::high).orElse(""),
                score.self().getOrDefault(measure, Double.NaN),
                score.seedOnly().getOrDefault(measure, Double.NaN),
                score.shuffled().getOrDefault(measure, Double.NaN),
                Optional.<Object>ofNullable(score.baselineCorrected().get(measure)).orElse(""),
                similarity(score, measure).<Object>map(value -> value).orElse(""),
                score.residual().mean());
    }

    private TextTable textTable(String measure) {
        var table =
                new TextTable("")
                        .row(
                                measure,
                                "target",
                                "search",
                                "STIR",
                                "95 %",
                                "self",
                                "seed-only",
                                "shuffled",
                                "residual",
                                "similarity");
        for (var score : results.scores()) {
            var estimate = Objects.requireNonNull(score.stir().get(measure));
            table.row(
                    score.reference().toString(),
                    score.target().toString(),
                    score.search() + " " + score.repeat(),
                    TextTable.number(estimate.value()),
                    DirectionReport.text(estimate.interval()),
                    value(score.self(), measure),
                    value(score.seedOnly(), measure),
                    value(score.shuffled(), measure),
                    TextTable.number(score.residual().mean()),
                    similarity(score, measure).map(TextTable::number).orElse("-"));
        }
        return table;
    }

    private static String value(Map<String, Double> values, String measure) {
        return TextTable.number(values.getOrDefault(measure, Double.NaN));
    }

    private Optional<Double> similarity(StudyScore score, String measure) {
        return results.similarities().stream()
                .filter(
                        similarity ->
                                similarity.reference().equals(score.reference())
                                        && similarity.target().equals(score.target()))
                .map(StudySimilarity::similarity)
                .map(values -> values.get(measure))
                .filter(Objects::nonNull)
                .map(Estimate::value)
                .findFirst();
    }
}
