package stir.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import stir.core.score.ConvergedScore;
import stir.core.score.DirectedScore;
import stir.core.score.ScoreSettings;
import stir.core.statistics.ConfidenceInterval;
import stir.core.statistics.Estimate;
import stir.core.statistics.PermutationFloor;
import stir.core.statistics.PredictionInterval;
import stir.core.statistics.Summary;
import stir.core.study.store.ScoreDocument;

import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * One direction of a comparison.
 *
 * @param name what it is called, {@code STIR(a | b)}
 * @param score what was found
 * @param settings how it was found
 */
record DirectionReport(String name, DirectedScore score, ScoreSettings settings) {
    /** What a value is called that is 0 at the floor and 1 at the ceiling. */
    static final String CORRECTED = "baseline-corrected";

    /** The values, what the target made of the inputs, and how good the search was. */
    ObjectNode document() {
        var node = ScoreDocument.of(score);
        quality().addTo(node);
        if (!score.repeats().isEmpty()) {
            addRepeats(node);
        }
        return node;
    }

    /** Both ends of an interval. */
    static ArrayNode document(ConfidenceInterval interval) {
        return JsonDocument.array().add(interval.low()).add(interval.high());
    }

    private void addRepeats(ObjectNode node) {
        var child = node.putObject("repeats").put("count", settings.repeats());
        var seeds = child.putArray("rng-seeds");
        for (int i = 0; i < settings.repeats(); i++) {
            seeds.add(settings.inversion().rngSeed() + i);
        }
        score.repeats()
                .forEach(
                        (measure, repeated) -> {
                            var values = child.putObject(measure).put("mean", repeated.mean());
                            repeated.interval()
                                    .ifPresent(interval -> values.set("ci", document(interval)));
                            repeated.prediction()
                                    .ifPresent(
                                            next ->
                                                    values.putArray("prediction")
                                                            .add(next.low())
                                                            .add(next.high()));
                            var each = values.putArray("values");
                            repeated.values().forEach(each::add);
                        });
    }

    private SearchQuality quality() {
        return SearchQuality.of(score.inversion(), settings.inversion());
    }

    /** Adds a measure's values, and how far they could go up and down. */
    void addValues(TextTable table, String measure) {
        var estimate = score.stir().get(measure);
        table.row(
                "  " + name,
                TextTable.number(estimate),
                interval(estimate),
                TextTable.number(score.self().get(measure)),
                TextTable.number(score.seedOnly().get(measure)),
                TextTable.number(score.shuffled().get(measure)));
        addPrediction(table, estimate);
        addCorrected(table, score.baselineCorrected().get(measure));
        addSpread(table, score.permutations().get(measure));
        score.converged().ifPresent(converged -> addConverged(table, measure, converged));
        var repeated = score.repeats().get(measure);
        if (repeated != null) {
            table.row(
                    "    mean of " + repeated.values().size() + " repeats",
                    TextTable.number(repeated.mean()),
                    text(repeated.interval()),
                    repeated.prediction().map(next -> text(next.low(), next.high())).orElse(""),
                    "over inversions");
        }
    }

    /** Adds where the value of the next inputs lies, if that is known. */
    static void addPrediction(TextTable table, @Nullable Estimate estimate) {
        if (!prediction(estimate).isEmpty()) {
            table.row("    next inputs", "", prediction(estimate));
        }
    }

    private static void addCorrected(TextTable table, @Nullable Estimate corrected) {
        table.row(
                "    " + CORRECTED,
                TextTable.number(corrected),
                corrected == null || corrected.interval().isEmpty()
                        ? ""
                        : text(corrected.interval()));
    }

    private static void addSpread(TextTable table, @Nullable PermutationFloor floor) {
        if (floor != null) {
            table.row(
                    "    %d shufflings".formatted(floor.permutations()),
                    TextTable.number(floor.mean()),
                    "sd " + TextTable.number(floor.standardDeviation()),
                    "p " + TextTable.number(floor.pValue()));
        }
    }

    /** Adds a measure's values to the table of a comparison. */
    void addRow(ResultTable table, String measure) {
        var estimate = score.stir().get(measure);
        var floor = score.permutations().get(measure);
        var corrected = score.baselineCorrected().get(measure);
        table.row(
                measure,
                name,
                ResultTable.cell(estimate),
                ResultTable.cell(estimate, ConfidenceInterval::low),
                ResultTable.cell(estimate, ConfidenceInterval::high),
                ResultTable.cell(score.self().get(measure)),
                ResultTable.cell(score.seedOnly().get(measure)),
                ResultTable.cell(score.shuffled().get(measure)),
                ResultTable.cell(score.baselineCorrected().get(measure)),
                score.inversion().meanResidual(),
                end(estimate, PredictionInterval::low),
                end(estimate, PredictionInterval::high),
                of(floor, PermutationFloor::standardDeviation),
                of(floor, PermutationFloor::pValue),
                ResultTable.cell(corrected, ConfidenceInterval::low),
                ResultTable.cell(corrected, ConfidenceInterval::high));
    }

    static Object end(@Nullable Estimate estimate, ToDoubleFunction<PredictionInterval> end) {
        return Optional.ofNullable(estimate)
                .flatMap(Estimate::prediction)
                .<Object>map(end::applyAsDouble)
                .orElse("");
    }

    private static Object of(
            @Nullable PermutationFloor floor, ToDoubleFunction<PermutationFloor> value) {
        return floor == null ? "" : (Object) value.applyAsDouble(floor);
    }

    private void addConverged(TextTable table, String measure, ConvergedScore converged) {
        var estimate = converged.stir().get(measure);
        if (estimate != null) {
            table.row(
                    "    converged-only",
                    TextTable.number(estimate),
                    interval(estimate),
                    converged.count() + " of " + score.inversion().count());
        }
    }

    /** An interval as tables show it. */
    static String text(Optional<ConfidenceInterval> interval) {
        return interval.map(ends -> text(ends.low(), ends.high())).orElse("no interval");
    }

    private static String text(double low, double high) {
        return "[%s, %s]".formatted(TextTable.number(low), TextTable.number(high));
    }

    /** Where a value would lie for the next inputs, as tables show it. */
    static String prediction(@Nullable Estimate estimate) {
        return estimate == null
                ? ""
                : estimate.prediction().map(next -> text(next.low(), next.high())).orElse("");
    }

    /** A value's interval as tables show it. */
    static String interval(@Nullable Estimate estimate) {
        return estimate != null && estimate.isDefined() ? text(estimate.interval()) : "";
    }

    /** Adds how good the search for the reference's invariant inputs was. */
    void addQuality(TextTable table, String reference) {
        quality().addTo(table, "search for " + reference + ":");
    }

    /** Adds what the target made of them. */
    void addOutcomes(TextTable table, String reference, String target) {
        var moved = score.outcomes().targetMoved();
        table.row(
                "inputs of " + reference + ", seen by " + target + ":",
                "target moved mean " + number(moved.map(Summary::mean)),
                "median " + number(moved.map(Summary::median)),
                "max " + number(moved.map(Summary::max)));
        table.row(
                "",
                score.outcomes().classAgreement().isPresent()
                        ? "class agreement "
                                + TextTable.percent(score.outcomes().classAgreement().getAsDouble())
                        : "class agreement unknown");
    }

    private static String number(Optional<Double> value) {
        return value.map(TextTable::number).orElse("-");
    }
}
