package stir.core.study;

import stir.core.io.files.Table;
import stir.core.math.statistics.ConfidenceInterval;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.PredictionInterval;
import stir.core.score.Acceptance;
import stir.core.study.plan.StudiedLayer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All values as one tidy table of comma-separated values (RFC 4180): one row per reference, target,
 * search, repeat, measure and kind of value. The plain similarity has no search and no repeat; a
 * value that is not defined is empty. {@code ci} is the interval of its mean over as many other
 * inputs, {@code prediction} that of its value for the next as many.
 */
final class StudyTable {
    private final List<Row> rows = new ArrayList<>();

    /**
     * A value, and the score that it belongs to, if it does; twice if it is one of all its inputs.
     */
    private record Row(
            StudiedLayer reference,
            StudiedLayer target,
            Optional<StudyScore> score,
            String measure,
            String kind,
            Estimate estimate,
            Optional<Integer> inputs,
            Optional<StudyScore> ofAll) {}

    /** Returns the table of some results. */
    static String of(List<StudySimilarity> similarities, List<StudyScore> scores) {
        var table = new StudyTable();
        similarities.forEach(table::add);
        scores.forEach(table::add);
        return new Table<>(table.rows)
                .column("reference_model", row -> row.reference.model())
                .column("reference_layer", row -> row.reference.layer())
                .column("target_model", row -> row.target.model())
                .column("target_layer", row -> row.target.layer())
                .column("search", row -> row.score.map(StudyScore::search))
                .column("repeat", row -> row.score.map(StudyScore::repeat))
                .column("measure", Row::measure)
                .column("kind", Row::kind)
                .column("value", row -> row.estimate.value())
                .column("ci_low", row -> row.estimate.interval().map(ConfidenceInterval::low))
                .column("ci_high", row -> row.estimate.interval().map(ConfidenceInterval::high))
                .column("inputs", Row::inputs)
                .column("residual_mean", row -> row.ofAll.map(score -> score.residual().mean()))
                .column(
                        "prediction_low",
                        row -> row.estimate.prediction().map(PredictionInterval::low))
                .column(
                        "prediction_high",
                        row -> row.estimate.prediction().map(PredictionInterval::high))
                .column(
                        "distance_from_input",
                        row -> row.ofAll.map(of -> of.score().inversion().meanDistanceFromInput()))
                .column(
                        "accepted",
                        row ->
                                row.ofAll
                                        .flatMap(of -> of.score().acceptance())
                                        .map(Acceptance::share))
                .csv();
    }

    private void add(StudySimilarity found) {
        found.similarity()
                .forEach(
                        (measure, estimate) ->
                                rows.add(
                                        new Row(
                                                found.reference(),
                                                found.target(),
                                                Optional.empty(),
                                                measure,
                                                "similarity",
                                                estimate,
                                                Optional.empty(),
                                                Optional.empty())));
    }

    private void add(StudyScore found) {
        var score = found.score();
        var count = Optional.of(score.inversion().count());
        var all = Optional.of(found);
        add(found, "stir", score.stir(), count, all);
        add(found, "self", score.self(), count, all);
        add(found, "seed-only", score.seedOnly(), count, all);
        add(found, "shuffled", score.shuffled(), count, all);
        add(found, "inputs-only", score.inputsOnly(), count, all);
        add(found, "baseline-corrected", score.baselineCorrected(), count, all);
        score.converged()
                .ifPresent(
                        converged ->
                                add(
                                        found,
                                        "converged-only",
                                        converged.stir(),
                                        Optional.of(converged.count()),
                                        Optional.empty()));
    }

    private void add(
            StudyScore of,
            String kind,
            Map<String, Estimate> values,
            Optional<Integer> inputs,
            Optional<StudyScore> ofAll) {
        values.forEach(
                (measure, estimate) ->
                        rows.add(
                                new Row(
                                        of.reference(),
                                        of.target(),
                                        Optional.of(of),
                                        measure,
                                        kind,
                                        estimate,
                                        inputs,
                                        ofAll)));
    }
}
