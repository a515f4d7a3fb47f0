package stir.core.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.core.score.ConvergedScore;
import stir.core.score.InputOutcome;
import stir.core.score.InputOutcomes;
import stir.core.statistics.ConfidenceInterval;
import stir.core.statistics.Estimate;
import stir.core.statistics.Summary;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;

/** Scores and similarities as documents, and back. */
final class ScoreDocument {
    private ScoreDocument() {}

    static ObjectNode of(StudySimilarity similarity) {
        var node = pair(similarity.reference(), similarity.target());
        node.set("similarity", estimates(similarity.similarity()));
        addTexts(node, "cautions", similarity.cautions());
        return node;
    }

    private static ObjectNode pair(StudiedLayer reference, StudiedLayer target) {
        var node = WholeFile.object();
        node.set("reference", layer(reference));
        node.set("target", layer(target));
        return node;
    }

    private static ObjectNode layer(StudiedLayer at) {
        return WholeFile.object().put("model", at.model()).put("layer", at.layer());
    }

    private static ObjectNode estimates(Map<String, Estimate> estimates) {
        var node = WholeFile.object();
        estimates.forEach(
                (measure, estimate) -> {
                    var values = node.putObject(measure).put("value", estimate.value());
                    estimate.interval()
                            .ifPresent(
                                    interval ->
                                            values.putArray("ci")
                                                    .add(interval.low())
                                                    .add(interval.high()));
                });
        return node;
    }

    private static ObjectNode numbers(Map<String, Double> values) {
        var node = WholeFile.object();
        values.forEach(node::put);
        return node;
    }

    private static void addTexts(ObjectNode node, String name, List<String> texts) {
        var array = node.putArray(name);
        texts.forEach(array::add);
    }

    static ObjectNode of(StudyScore score) {
        var node = pair(score.reference(), score.target());
        node.put("search", score.search());
        node.put("repeat", score.repeat());
        node.put("rng-seed", score.rngSeed());
        node.set("stir", estimates(score.stir()));
        node.set("self", numbers(score.self()));
        node.set("seed-only", numbers(score.seedOnly()));
        node.set("shuffled", numbers(score.shuffled()));
        node.set("baseline-corrected", numbers(score.baselineCorrected()));
        score.converged()
                .ifPresent(
                        converged -> {
                            var child = node.putObject("converged-only");
                            child.put("within", converged.within());
                            child.put("count", converged.count());
                            child.set("stir", estimates(converged.stir()));
                        });
        node.set("residual", summary(score.residual()));
        score.outcomes().kept().ifPresent(kept -> node.set("kept", summary(kept)));
        score.outcomes()
                .classAgreement()
                .ifPresent(agreement -> node.put("class-agreement", agreement));
        score.outcomes().classLayer().ifPresent(layer -> node.put("class-layer", layer));
        addInputs(node, score);
        addTexts(node, "cautions", score.cautions());
        return node;
    }

    private static ObjectNode summary(Summary summary) {
        return WholeFile.object()
                .put("mean", summary.mean())
                .put("median", summary.median())
                .put("max", summary.max());
    }

    private static void addInputs(ObjectNode node, StudyScore score) {
        var inputs = node.putObject("inputs");
        var residuals = inputs.putArray("residual");
        score.residuals().forEach(residuals::add);
        var kept = inputs.putArray("kept");
        var before = inputs.putArray("class-before");
        var after = inputs.putArray("class-after");
        for (var outcome : score.outcomes().inputs()) {
            outcome.kept().ifPresentOrElse(kept::add, kept::addNull);
            outcome.classBefore().ifPresentOrElse(before::add, before::addNull);
            outcome.classAfter().ifPresentOrElse(after::add, after::addNull);
        }
    }

    static StudySimilarity similarity(JsonNode node) {
        return new StudySimilarity(
                layer(node.path("reference")),
                layer(node.path("target")),
                estimates(node.path("similarity")),
                texts(node.path("cautions")));
    }

    private static StudiedLayer layer(JsonNode node) {
        return new StudiedLayer(node.path("model").asText(), node.path("layer").asText());
    }

    private static Map<String, Estimate> estimates(JsonNode node) {
        return map(
                node,
                values ->
                        new Estimate(
                                values.path("value").asDouble(),
                                values.has("ci")
                                        ? Optional.of(interval(values.path("ci")))
                                        : Optional.empty()));
    }

    private static ConfidenceInterval interval(JsonNode ends) {
        return new ConfidenceInterval(
                ends.path(0).asDouble(), ends.path(1).asDouble(), Estimate.LEVEL);
    }

    private static <T> Map<String, T> map(JsonNode node, Function<JsonNode, T> value) {
        var map = new LinkedHashMap<String, T>();
        node.properties().forEach(field -> map.put(field.getKey(), value.apply(field.getValue())));
        return map;
    }

    private static List<String> texts(JsonNode node) {
        var texts = new ArrayList<String>();
        node.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    static StudyScore score(JsonNode node) {
        var inputs = node.path("inputs");
        var residuals = new ArrayList<Double>();
        inputs.path("residual").forEach(value -> residuals.add(value.asDouble()));
        return new StudyScore(
                layer(node.path("reference")),
                layer(node.path("target")),
                node.path("search").asText(),
                node.path("repeat").asInt(),
                node.path("rng-seed").asLong(),
                estimates(node.path("stir")),
                map(node.path("self"), JsonNode::asDouble),
                map(node.path("seed-only"), JsonNode::asDouble),
                map(node.path("shuffled"), JsonNode::asDouble),
                map(node.path("baseline-corrected"), JsonNode::asDouble),
                node.has("converged-only")
                        ? Optional.of(converged(node.path("converged-only")))
                        : Optional.empty(),
                residuals,
                outcomes(node, inputs),
                texts(node.path("cautions")));
    }

    private static ConvergedScore converged(JsonNode node) {
        return new ConvergedScore(
                node.path("within").asDouble(),
                node.path("count").asInt(),
                estimates(node.path("stir")));
    }

    private static InputOutcomes outcomes(JsonNode node, JsonNode inputs) {
        var outcomes = new ArrayList<InputOutcome>();
        for (int i = 0; i < inputs.path("kept").size(); i++) {
            var kept = inputs.path("kept").path(i);
            outcomes.add(
                    new InputOutcome(
                            kept.isNumber()
                                    ? OptionalDouble.of(kept.asDouble())
                                    : OptionalDouble.empty(),
                            whole(inputs.path("class-before").path(i)),
                            whole(inputs.path("class-after").path(i))));
        }
        return new InputOutcomes(
                outcomes,
                node.has("class-layer")
                        ? Optional.of(node.path("class-layer").asText())
                        : Optional.empty());
    }

    private static OptionalInt whole(JsonNode node) {
        return node.isNumber() ? OptionalInt.of(node.asInt()) : OptionalInt.empty();
    }
}
