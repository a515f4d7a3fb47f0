package stir.core.study.store;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import stir.api.Scale;
import stir.core.io.files.Table;
import stir.core.math.statistics.Interval;
import stir.core.math.statistics.Summary;
import stir.core.score.Acceptance;
import stir.core.score.DirectedScore;
import stir.core.score.InputOutcomes;
import stir.core.score.Judgement;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;
import stir.core.score.SearchQuality;
import stir.core.score.SharedMetamers;
import stir.core.score.Stitching;
import stir.core.score.StudiedLayer;
import stir.core.study.results.BestScores;
import stir.core.study.results.StudyResults;
import stir.core.study.results.StudySimilarity;

/**
 * The one declaration of the columns of scores: {@code results.csv}, tables on standard output and
 * the page have these, under these names. There is one row per target, reference, search, repeat
 * and measure; of a study without a search, one per target, reference and measure. The row of the
 * measure that decides has the verdict.
 *
 * @since 0.1.0
 */
public final class ScoreTable {
    /** The values that have an interval in tables. */
    private static final Set<Quantity> WITH_INTERVAL =
            EnumSet.of(Quantity.STIR, Quantity.SIMILARITY, Quantity.CORRECTED);

    /**
     * A row.
     *
     * @param values the values by the measure
     * @param search the search; empty for a similarity
     * @param outcomes the target's responses; empty for a similarity
     * @param metamers the shared metamers; empty for a similarity, and if unknown
     * @param verdict the verdict; empty for a measure that does not decide
     * @param among the p-values among all scores; empty for a network given itself
     */
    private record Row(
            StudiedLayer target,
            StudiedLayer reference,
            String measure,
            MeasureScore values,
            Optional<SearchQuality> search,
            Optional<InputOutcomes> outcomes,
            Optional<SharedMetamers> metamers,
            Optional<Judgement> verdict,
            Optional<BestScores.Probabilities> among) {
        static Row of(DirectedScore score, String measure, BestScores best) {
            return new Row(
                    score.target(),
                    score.reference(),
                    measure,
                    score.of(measure),
                    Optional.of(score.search()),
                    Optional.of(score.outcomes()),
                    score.sharedMetamers(),
                    measure.equals(score.measure()) ? Optional.of(score.verdict()) : Optional.empty(),
                    best.of(score, measure));
        }

        static Row of(StudySimilarity similarity, String measure) {
            return new Row(
                    similarity.target(),
                    similarity.reference(),
                    measure,
                    similarity.measures().getOrDefault(measure, MeasureScore.NONE),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        OptionalDouble ofStitching(Function<Stitching, OptionalDouble> value) {
            return outcomes.flatMap(InputOutcomes::stitching).map(value).orElse(OptionalDouble.empty());
        }

        <T> Optional<T> ofSearch(Function<SearchQuality, T> value) {
            return search.map(value);
        }
    }

    private ScoreTable() {}

    /** Returns the table of the results of a study. */
    public static Table<?> of(StudyResults results) {
        return of(List.of(results));
    }

    /** Returns one table of several studies; p-values are corrected within each study. */
    public static Table<?> of(List<StudyResults> studies) {
        var rows = new ArrayList<Row>();
        var scales = new LinkedHashMap<String, Scale>();
        for (var study : studies) {
            rows.addAll(rows(study.scores(), study.similarities(), study.best()));
            scales.putAll(study.scales());
        }
        return table(rows, scales);
    }

    /** Returns the rows of one score of a study; its p-values are those among all scores. */
    public static Table<?> of(DirectedScore score, StudyResults results) {
        return table(rows(List.of(score), List.of(), results.best()), results.scales());
    }

    /**
     * Returns the table of the given results.
     *
     * @param scores the scores; if there are none, the similarities are the rows
     * @param scales the scales of the measures
     */
    public static Table<?> of(
            List<DirectedScore> scores, List<StudySimilarity> similarities, Map<String, Scale> scales) {
        return table(rows(scores, similarities, BestScores.of(scores, scales)), scales);
    }

    private static List<Row> rows(List<DirectedScore> scores, List<StudySimilarity> similarities, BestScores best) {
        var rows = new ArrayList<Row>();
        for (var score : scores) {
            score.measures().keySet().forEach(measure -> rows.add(Row.of(score, measure, best)));
        }
        if (scores.isEmpty()) {
            for (var similarity : similarities) {
                similarity.measures().keySet().forEach(measure -> rows.add(Row.of(similarity, measure)));
            }
        }
        return rows;
    }

    private static Table<?> table(List<Row> rows, Map<String, Scale> scales) {
        var table = new Table<>(rows)
                .column("target", row -> row.target.model())
                .column("target_layer", row -> row.target.layer())
                .column("reference", row -> row.reference.model())
                .column("reference_layer", row -> row.reference.layer())
                .column("search", row -> row.ofSearch(SearchQuality::name))
                .column("repeat", row -> row.ofSearch(SearchQuality::repeat))
                .column("measure", Row::measure)
                .column("verdict", row -> row.verdict().map(Judgement::word))
                .column("gap", row -> row.verdict().flatMap(Judgement::gap))
                .column("reason", row -> row.verdict().map(Judgement::reason));
        for (var quantity : Quantity.values()) {
            addColumns(table, quantity);
            if (quantity == Quantity.STIR) {
                table.column("p", row -> row.values.p());
                table.column("p_corrected", row -> row.among.map(BestScores.Probabilities::corrected));
                table.column("p_max", row -> row.among.map(BestScores.Probabilities::maximum));
                table.column("floor", row -> floor(row, scales));
            }
        }
        table.column("shared_metamers", row -> row.metamers.map(SharedMetamers::share))
                .column(
                        "shared_metamers_low",
                        row -> row.metamers.map(of -> of.interval().low()))
                .column(
                        "shared_metamers_high",
                        row -> row.metamers.map(of -> of.interval().high()))
                .column("shared_metamers_floor", row -> row.metamers.map(SharedMetamers::floor))
                .column(
                        "target_moved",
                        row -> row.outcomes.flatMap(InputOutcomes::targetMoved).map(Summary::mean))
                .column("target_moved_in_units", row -> row.outcomes.map(InputOutcomes::targetMovedInUnits))
                .column("inputs", row -> row.ofSearch(of -> of.inversion().count()))
                .column("accepted", row -> row.search.flatMap(ScoreTable::accepted))
                .column("converged", row -> row.ofSearch(SearchQuality::converged))
                .column("residual", row -> row.ofSearch(of -> of.inversion().meanResidual()))
                .column(
                        "distance_from_input",
                        row -> row.ofSearch(of -> of.inversion().meanDistanceFromInput()))
                .column("moved", row -> row.ofSearch(of -> of.inversion().meanMoved()));
        addStitching(table, rows);
        return table;
    }

    /** Adds the columns of heads to tables of scores with heads. */
    private static void addStitching(Table<Row> table, List<Row> rows) {
        var columns = new LinkedHashMap<String, Function<Stitching, OptionalDouble>>();
        columns.put("stitched_agreement", of -> OptionalDouble.of(of.stitchedAgreement()));
        columns.put("stitched_agreement_after", of -> OptionalDouble.of(of.stitchedAgreementAfter()));
        columns.put("stitched_accuracy", Stitching::stitchedAccuracy);
        columns.put("stitched_accuracy_after", Stitching::stitchedAccuracyAfter);
        columns.forEach((name, value) -> {
            if (rows.stream().anyMatch(row -> row.ofStitching(value).isPresent())) {
                table.column(name, row -> row.ofStitching(value));
            }
        });
    }

    private static void addColumns(Table<Row> table, Quantity quantity) {
        table.column(quantity.key(), row -> row.values.of(quantity).value());
        if (WITH_INTERVAL.contains(quantity)) {
            // STIR's own ends are simply low and high: they are what tables are read for.
            var prefix = quantity == Quantity.STIR ? "" : quantity.key() + "_";
            table.column(prefix + "low", row -> interval(row, quantity).map(Interval::low));
            table.column(prefix + "high", row -> interval(row, quantity).map(Interval::high));
        }
        if (quantity == Quantity.STIR) {
            table.column("prediction_low", row -> prediction(row).map(Interval::low));
            table.column("prediction_high", row -> prediction(row).map(Interval::high));
        }
    }

    private static Optional<Interval> interval(Row row, Quantity quantity) {
        return row.values.of(quantity).interval();
    }

    private static Optional<Interval> prediction(Row row) {
        return row.values.stir().prediction();
    }

    private static OptionalDouble floor(Row row, Map<String, Scale> scales) {
        return row.values.floor(scales.getOrDefault(row.measure, Scale.UNIT));
    }

    private static Optional<Double> accepted(SearchQuality search) {
        return search.acceptance().map(Acceptance::share);
    }
}
