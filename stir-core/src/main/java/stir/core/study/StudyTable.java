package stir.core.study;

import stir.core.files.Csv;
import stir.core.statistics.ConfidenceInterval;
import stir.core.statistics.Estimate;
import stir.core.statistics.PredictionInterval;
import stir.core.study.plan.StudiedLayer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All values as one tidy table of comma-separated values (RFC 4180): a row for each reference,
 * target, search, repeat, measure and kind of value. The plain similarity has no search and no
 * repeat; a value that is not defined is empty. {@code ci} is the interval of its mean over as many
 * other inputs, {@code prediction} that of its value for the next as many.
 */
final class StudyTable {
    private final Csv table =
            new Csv(
                    "reference_model",
                    "reference_layer",
                    "target_model",
                    "target_layer",
                    "search",
                    "repeat",
                    "measure",
                    "kind",
                    "value",
                    "ci_low",
                    "ci_high",
                    "inputs",
                    "residual_mean",
                    "prediction_low",
                    "prediction_high");

    /** The table of some results. */
    static String of(List<StudySimilarity> similarities, List<StudyScore> scores) {
        var table = new StudyTable();
        similarities.forEach(table::add);
        scores.forEach(table::add);
        return table.table.text();
    }

    private void add(StudySimilarity found) {
        var begin = pair(found.reference(), found.target());
        begin.addAll(List.of("", ""));
        rows(begin, "similarity", found.similarity(), "", "");
    }

    private void add(StudyScore found) {
        var begin = pair(found.reference(), found.target());
        begin.addAll(List.of(found.search(), found.repeat()));
        var score = found.score();
        var count = score.inversion().count();
        var residual = found.residual().mean();
        rows(begin, "stir", score.stir(), count, residual);
        rows(begin, "self", score.self(), count, residual);
        rows(begin, "seed-only", score.seedOnly(), count, residual);
        rows(begin, "shuffled", score.shuffled(), count, residual);
        rows(begin, "baseline-corrected", score.baselineCorrected(), count, residual);
        score.converged()
                .ifPresent(
                        converged ->
                                rows(
                                        begin,
                                        "converged-only",
                                        converged.stir(),
                                        converged.count(),
                                        ""));
    }

    private static List<Object> pair(StudiedLayer reference, StudiedLayer target) {
        return new ArrayList<>(
                List.of(reference.model(), reference.layer(), target.model(), target.layer()));
    }

    private void rows(
            List<Object> begin,
            String kind,
            Map<String, Estimate> values,
            Object count,
            Object residual) {
        values.forEach(
                (measure, estimate) -> {
                    var cells = new ArrayList<>(begin);
                    cells.add(measure);
                    cells.add(kind);
                    cells.add(estimate.isDefined() ? (Object) estimate.value().getAsDouble() : "");
                    cells.add(estimate.interval().<Object>map(ConfidenceInterval::low).orElse(""));
                    cells.add(estimate.interval().<Object>map(ConfidenceInterval::high).orElse(""));
                    cells.add(count);
                    cells.add(residual);
                    cells.add(
                            estimate.prediction().<Object>map(PredictionInterval::low).orElse(""));
                    cells.add(
                            estimate.prediction().<Object>map(PredictionInterval::high).orElse(""));
                    table.row(cells.toArray());
                });
    }
}
