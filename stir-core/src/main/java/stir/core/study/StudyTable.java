package stir.core.study;

import stir.core.io.files.Table;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;
import stir.core.score.Acceptance;
import stir.core.study.plan.PlannedPair;

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
            PlannedPair pair,
            Optional<StudyScore> score,
            String measure,
            String kind,
            Estimate estimate,
            Optional<Integer> inputs,
            Optional<StudyScore> ofAll) {}

    /** Returns the table of the given results. */
    static String of(List<StudySimilarity> similarities, List<StudyScore> scores) {
        var table = new StudyTable();
        similarities.forEach(table::add);
        scores.forEach(table::add);
        return new Table<>(table.rows)
                .column("reference_model", row -> row.pair.reference().model())
                .column("reference_layer", row -> row.pair.reference().layer())
                .column("target_model", row -> row.pair.target().model())
                .column("target_layer", row -> row.pair.target().layer())
                .column("search", row -> row.score.map(StudyScore::search))
                .column("repeat", row -> row.score.map(StudyScore::repeat))
                .column("measure", Row::measure)
                .column("kind", Row::kind)
                .column("value", row -> row.estimate.value())
                .column("ci_low", row -> row.estimate.interval().map(Interval::low))
                .column("ci_high", row -> row.estimate.interval().map(Interval::high))
                .column("inputs", Row::inputs)
                .column("residual_mean", row -> row.ofAll.map(score -> score.residual().mean()))
                .column("prediction_low", row -> row.estimate.prediction().map(Interval::low))
                .column("prediction_high", row -> row.estimate.prediction().map(Interval::high))
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
        var pair = new PlannedPair(found.reference(), found.target());
        add(pair, Optional.empty(), "similarity", found.similarity(), Optional.empty(), false);
    }

    private void add(StudyScore found) {
        var score = found.score();
        add(found, "stir", score.stir());
        add(found, "self", score.self());
        add(found, "seed-only", score.seedOnly());
        add(found, "shuffled", score.shuffled());
        add(found, "inputs-only", score.inputsOnly());
        add(found, "baseline-corrected", score.baselineCorrected());
        if (score.converged().isPresent()) {
            var converged = score.converged().get();
            var count = Optional.of(converged.count());
            add(found.pair(), Optional.of(found), "converged-only", converged.stir(), count, false);
        }
    }

    /** Adds values of all inputs of a score. */
    private void add(StudyScore of, String kind, Map<String, Estimate> values) {
        var count = Optional.of(of.score().inversion().count());
        add(of.pair(), Optional.of(of), kind, values, count, true);
    }

    private void add(
            PlannedPair pair,
            Optional<StudyScore> of,
            String kind,
            Map<String, Estimate> values,
            Optional<Integer> inputs,
            boolean isOfAll) {
        var ofAll = of.filter(score -> isOfAll);
        values.forEach(
                (measure, value) ->
                        rows.add(new Row(pair, of, measure, kind, value, inputs, ofAll)));
    }
}
