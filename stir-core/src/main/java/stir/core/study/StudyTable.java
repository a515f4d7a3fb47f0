package stir.core.study;

import stir.core.statistics.ConfidenceInterval;
import stir.core.statistics.Estimate;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All values as one tidy table of comma-separated values (RFC 4180): a row for each reference,
 * target, search, repeat, measure and kind of value. The plain similarity has no search and no
 * repeat.
 */
final class StudyTable {
    private static final String HEADER =
            "reference_model,reference_layer,target_model,target_layer,search,repeat,measure,kind,value,ci_low,ci_high,inputs,residual_mean\r\n";

    private final StringBuilder text = new StringBuilder(HEADER);

    /** The table of some results. */
    static String of(List<StudySimilarity> similarities, List<StudyScore> scores) {
        var table = new StudyTable();
        similarities.forEach(table::add);
        scores.forEach(table::add);
        return table.text.toString();
    }

    private void add(StudySimilarity similarity) {
        similarity
                .similarity()
                .forEach(
                        (measure, estimate) ->
                                row(
                                        pair(similarity.reference(), similarity.target()) + ",,",
                                        measure,
                                        "similarity",
                                        estimate,
                                        ","));
    }

    private void add(StudyScore score) {
        var begin =
                "%s,%s,%d"
                        .formatted(
                                pair(score.reference(), score.target()),
                                quoted(score.search()),
                                score.repeat());
        var end = score.residuals().size() + "," + score.residual().mean();
        score.stir().forEach((measure, value) -> row(begin, measure, "stir", value, end));
        rows(begin, "self", score.self(), end);
        rows(begin, "seed-only", score.seedOnly(), end);
        rows(begin, "shuffled", score.shuffled(), end);
        rows(begin, "baseline-corrected", score.baselineCorrected(), end);
        score.converged()
                .ifPresent(
                        converged ->
                                converged
                                        .stir()
                                        .forEach(
                                                (measure, value) ->
                                                        row(
                                                                begin,
                                                                measure,
                                                                "converged-only",
                                                                value,
                                                                converged.count() + ",")));
    }

    private void rows(String begin, String kind, Map<String, Double> values, String end) {
        values.forEach(
                (measure, value) ->
                        row(begin, measure, kind, new Estimate(value, Optional.empty()), end));
    }

    private void row(String begin, String measure, String kind, Estimate estimate, String end) {
        text.append(begin)
                .append(',')
                .append(quoted(measure))
                .append(',')
                .append(kind)
                .append(',')
                .append(estimate.value())
                .append(',')
                .append(
                        estimate.interval()
                                .map(ConfidenceInterval::low)
                                .map(String::valueOf)
                                .orElse(""))
                .append(',')
                .append(
                        estimate.interval()
                                .map(ConfidenceInterval::high)
                                .map(String::valueOf)
                                .orElse(""))
                .append(',')
                .append(end)
                .append("\r\n");
    }

    private static String pair(StudiedLayer reference, StudiedLayer target) {
        return String.join(
                ",",
                quoted(reference.model()),
                quoted(reference.layer()),
                quoted(target.model()),
                quoted(target.layer()));
    }

    /** A text as one value of the table. */
    static String quoted(String text) {
        return text.matches("[^,\"\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
