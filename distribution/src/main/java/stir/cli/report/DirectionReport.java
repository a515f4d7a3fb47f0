package stir.cli.report;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

import org.jspecify.annotations.Nullable;

import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Summary;
import stir.core.score.ConvergedScore;
import stir.core.score.DirectedScore;
import stir.core.score.RepeatedScore;
import stir.core.score.ScoreSettings;
import stir.core.study.store.DirectionDocument;
import stir.core.study.store.Ends;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * One direction of a comparison.
 *
 * @param name the name of the direction, {@code STIR(a | b)}
 * @param score the values
 * @param settings the settings of the comparison
 */
record DirectionReport(String name, DirectedScore score, ScoreSettings settings) {
    /** The name of a value that is 0 at the floor and 1 at the ceiling. */
    static final String CORRECTED = "baseline-corrected";

    /** A direction in a document. */
    record Document(
            @JsonUnwrapped DirectionDocument score,
            @JsonUnwrapped SearchQuality.Fields quality,
            VerdictText.Document verdict,
            Optional<Repeats> repeats) {}

    /** The scores of several inversions in a document. */
    record Repeats(int count, List<Long> rngSeeds, @JsonAnyGetter Map<String, Repeated> measures) {}

    /** The scores of several inversions by one measure. */
    record Repeated(
            double mean, Optional<Ends> ci, Optional<Ends> prediction, List<Double> values) {
        private static Repeated of(RepeatedScore score) {
            return new Repeated(
                    score.mean(),
                    score.interval().map(Ends::of),
                    score.prediction().map(Ends::of),
                    score.values());
        }
    }

    Document document() {
        return new Document(
                DirectionDocument.withInputs(score),
                quality().fields(),
                VerdictText.of(score, settings.measures(), settings.inversion()).document(),
                score.repeats().isEmpty() ? Optional.empty() : Optional.of(repeats()));
    }

    private Repeats repeats() {
        long first = settings.inversion().rngSeed();
        var measures = new LinkedHashMap<String, Repeated>();
        score.repeats().forEach((id, repeated) -> measures.put(id, Repeated.of(repeated)));
        return new Repeats(
                settings.repeats(),
                LongStream.range(first, first + settings.repeats()).boxed().toList(),
                measures);
    }

    private SearchQuality quality() {
        return SearchQuality.of(score.inversion(), settings.inversion());
    }

    /** Adds a measure's values, and how far they could go up and down. */
    void addValues(TextTable table, String measure) {
        var estimate = score.stir().get(measure);
        table.row(
                " " + name,
                TextTable.number(estimate),
                interval(estimate),
                TextTable.number(score.self().get(measure)),
                TextTable.number(score.seedOnly().get(measure)),
                TextTable.number(score.shuffled().get(measure)));
        addPrediction(table, estimate);
        addCorrected(table, score.baselineCorrected().get(measure));
        var inputs = score.inputsOnly().get(measure);
        if (inputs != null) {
            table.row("  inputs themselves", TextTable.number(inputs));
        }
        addSpread(table, score.permutations().get(measure));
        score.converged().ifPresent(converged -> addConverged(table, measure, converged));
        var repeated = score.repeats().get(measure);
        if (repeated != null) {
            table.row(
                    "  mean of " + repeated.values().size() + " repeats",
                    TextTable.number(repeated.mean()),
                    text(repeated.interval()));
            repeated.prediction()
                    .ifPresent(
                            next -> table.row("  next repeat", "", text(next.low(), next.high())));
        }
    }

    /** Adds the interval of the value for the next inputs, if it is known. */
    static void addPrediction(TextTable table, @Nullable Estimate estimate) {
        if (!prediction(estimate).isEmpty()) {
            table.row("  next inputs", "", prediction(estimate));
        }
    }

    private static void addCorrected(TextTable table, @Nullable Estimate corrected) {
        table.row(
                "  " + CORRECTED,
                TextTable.number(corrected),
                corrected == null || corrected.interval().isEmpty()
                        ? ""
                        : text(corrected.interval()));
    }

    private static void addSpread(TextTable table, @Nullable PermutationFloor floor) {
        if (floor != null) {
            table.row(
                    "  %d shufflings".formatted(floor.permutations()),
                    TextTable.number(floor.mean()),
                    "sd " + TextTable.number(floor.standardDeviation()),
                    "p " + TextTable.number(floor.pValue()));
        }
    }

    private void addConverged(TextTable table, String measure, ConvergedScore converged) {
        var estimate = converged.stir().get(measure);
        if (estimate != null) {
            table.row(
                    "  converged-only",
                    TextTable.number(estimate),
                    interval(estimate),
                    converged.count() + " of " + score.inversion().count());
        }
    }

    /** Returns an interval as tables show it. */
    static String text(Optional<Interval> interval) {
        return interval.map(ends -> text(ends.low(), ends.high())).orElse("no interval");
    }

    private static String text(double low, double high) {
        return "[%s, %s]".formatted(TextTable.number(low), TextTable.number(high));
    }

    /** Returns the interval of a value for the next inputs, as tables show it. */
    static String prediction(@Nullable Estimate estimate) {
        return estimate == null
                ? ""
                : estimate.prediction().map(next -> text(next.low(), next.high())).orElse("");
    }

    /** Returns a value's interval as tables show it. */
    static String interval(@Nullable Estimate estimate) {
        return estimate != null && estimate.isDefined() ? text(estimate.interval()) : "";
    }

    /** Returns the quality of the reference's invariant inputs. */
    String quality(String reference) {
        return quality().text("search for " + reference + ": ");
    }

    /**
     * Returns the distance that the target moved at them, and the agreement of the predicted
     * classes.
     */
    String outcomes(String reference, String target) {
        var moved = score.outcomes().targetMoved();
        var agreement = score.outcomes().classAgreement();
        return Paragraph.hanging(
                "inputs of %s, seen by %s: ".formatted(reference, target),
                "target moved mean %s, median %s, max %s; class agreement %s"
                        .formatted(
                                number(moved.map(Summary::mean)),
                                number(moved.map(Summary::median)),
                                number(moved.map(Summary::max)),
                                agreement.isPresent()
                                        ? TextTable.percent(agreement.getAsDouble())
                                        : "unknown"));
    }

    private static String number(Optional<Double> value) {
        return value.map(TextTable::number).orElse("-");
    }
}
