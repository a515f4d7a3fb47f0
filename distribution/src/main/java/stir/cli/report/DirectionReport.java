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
import stir.core.statistics.Summary;
import stir.core.study.store.ScoreDocument;

import java.util.Optional;

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
                corrected(score.baselineCorrected().get(measure)),
                "self " + TextTable.number(score.self().get(measure)),
                "seed-only " + TextTable.number(score.seedOnly().get(measure)),
                "shuffled "
                        + TextTable.number(score.shuffled().get(measure))
                        + spread(score.permutations().get(measure)));
        score.converged().ifPresent(converged -> addConverged(table, measure, converged));
        var repeated = score.repeats().get(measure);
        if (repeated != null) {
            table.row(
                    "    mean of " + repeated.values().size() + " repeats",
                    TextTable.number(repeated.mean()),
                    text(repeated.interval()),
                    "over inversions");
        }
    }

    private static String corrected(@Nullable Estimate estimate) {
        var value = CORRECTED + " " + TextTable.number(estimate);
        return estimate != null && estimate.interval().isPresent()
                ? value + " " + text(estimate.interval())
                : value;
    }

    private static String spread(@Nullable PermutationFloor floor) {
        return floor == null
                ? ""
                : " (sd %s, p %s)"
                        .formatted(
                                TextTable.number(floor.standardDeviation()),
                                TextTable.number(floor.pValue()));
    }

    /** Adds a measure's values to the table of a comparison. */
    void addRow(ResultTable table, String measure) {
        var estimate = score.stir().get(measure);
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
                score.inversion().meanResidual());
    }

    private void addConverged(TextTable table, String measure, ConvergedScore converged) {
        var estimate = converged.stir().get(measure);
        if (estimate != null) {
            table.row(
                    "    converged-only",
                    TextTable.number(estimate),
                    interval(estimate),
                    converged.count() + " of " + score.inversion().count() + " inputs");
        }
    }

    /** An interval as tables show it. */
    static String text(Optional<ConfidenceInterval> interval) {
        return interval.map(
                        ends ->
                                "[%s, %s]"
                                        .formatted(
                                                TextTable.number(ends.low()),
                                                TextTable.number(ends.high())))
                .orElse("no interval");
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
        var kept = score.outcomes().kept();
        table.row(
                "inputs of " + reference + ", seen by " + target + ":",
                "kept mean " + number(kept.map(Summary::mean)),
                "median " + number(kept.map(Summary::median)),
                "max " + number(kept.map(Summary::max)),
                score.outcomes().classAgreement().isPresent()
                        ? "class agreement "
                                + TextTable.percent(score.outcomes().classAgreement().getAsDouble())
                        : "classes can't be told");
    }

    private static String number(Optional<Double> value) {
        return value.map(TextTable::number).orElse("-");
    }
}
