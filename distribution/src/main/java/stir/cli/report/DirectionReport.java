package stir.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.core.score.ConvergedScore;
import stir.core.score.DirectedScore;
import stir.core.score.ScoreSettings;
import stir.core.statistics.ConfidenceInterval;
import stir.core.statistics.Estimate;
import stir.core.statistics.Summary;

import java.util.Map;
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

    /** The values and how good the search was. */
    ObjectNode document() {
        var node = JsonDocument.object();
        score.stir()
                .forEach(
                        (measure, estimate) -> {
                            var values = node.putObject(measure);
                            addTo(values, estimate);
                            var corrected = score.baselineCorrected().get(measure);
                            if (corrected != null) {
                                values.put(CORRECTED, corrected);
                            }
                        });
        quality().addTo(node);
        addOutcomes(node);
        score.converged().ifPresent(converged -> addConverged(node, converged));
        if (!score.repeats().isEmpty()) {
            addRepeats(node);
        }
        return node;
    }

    private static void addTo(ObjectNode node, Estimate estimate) {
        node.put("value", estimate.value());
        estimate.interval().ifPresent(interval -> node.set("ci", document(interval)));
    }

    /** Both ends of an interval. */
    static ArrayNode document(ConfidenceInterval interval) {
        return JsonDocument.array().add(interval.low()).add(interval.high());
    }

    private void addOutcomes(ObjectNode node) {
        score.outcomes()
                .kept()
                .ifPresent(
                        kept ->
                                node.putObject("kept")
                                        .put("mean", kept.mean())
                                        .put("median", kept.median())
                                        .put("max", kept.max()));
        score.outcomes()
                .classAgreement()
                .ifPresent(agreement -> node.put("class-agreement", agreement));
        score.outcomes().classLayer().ifPresent(layer -> node.put("class-layer", layer));
    }

    private static void addConverged(ObjectNode node, ConvergedScore converged) {
        var child = node.putObject("converged-only").put("count", converged.count());
        converged.stir().forEach((measure, estimate) -> addTo(child.putObject(measure), estimate));
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

    /** The ceiling and the floors. */
    ObjectNode baselines() {
        var node = JsonDocument.object();
        node.set("self", JsonDocument.numbers(score.self()));
        node.set("seed-only", JsonDocument.numbers(score.seedOnly()));
        node.set("shuffled", JsonDocument.numbers(score.shuffled()));
        return node;
    }

    private SearchQuality quality() {
        return SearchQuality.of(score.inversion(), settings.inversion());
    }

    /** Adds a measure's values, and how far they could go up and down. */
    void addValues(TextTable table, String measure) {
        var corrected = score.baselineCorrected().get(measure);
        var estimate = score.stir().get(measure);
        if (estimate == null) {
            return;
        }
        table.row(
                "  " + name,
                TextTable.number(estimate.value()),
                text(estimate.interval()),
                CORRECTED + " " + (corrected == null ? "-" : TextTable.number(corrected)),
                "self " + value(score.self(), measure),
                "seed-only " + value(score.seedOnly(), measure),
                "shuffled " + value(score.shuffled(), measure));
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

    /** Adds a measure's values to the table of a comparison. */
    void addRow(ResultTable table, String measure) {
        var estimate = score.stir().get(measure);
        if (estimate == null) {
            return;
        }
        table.row(
                measure,
                name,
                estimate.value(),
                cell(estimate.interval().map(ConfidenceInterval::low)),
                cell(estimate.interval().map(ConfidenceInterval::high)),
                cell(Optional.ofNullable(score.self().get(measure))),
                cell(Optional.ofNullable(score.seedOnly().get(measure))),
                cell(Optional.ofNullable(score.shuffled().get(measure))),
                cell(Optional.ofNullable(score.baselineCorrected().get(measure))),
                score.inversion().meanResidual());
    }

    /** A value, or an empty cell. */
    static Object cell(Optional<Double> value) {
        return value.isPresent() ? value.get() : "";
    }

    private void addConverged(TextTable table, String measure, ConvergedScore converged) {
        var estimate = converged.stir().get(measure);
        if (estimate != null) {
            table.row(
                    "    converged-only",
                    TextTable.number(estimate.value()),
                    text(estimate.interval()),
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

    private static String value(Map<String, Double> values, String measure) {
        return TextTable.number(values.getOrDefault(measure, Double.NaN));
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
