package stir.core.study.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.api.Caution;
import stir.core.files.JsonFile;
import stir.core.score.ConvergedScore;
import stir.core.score.DirectedScore;
import stir.core.score.InputOutcome;
import stir.core.score.InputOutcomes;
import stir.core.score.compute.ShuffledFloors;
import stir.core.statistics.ConfidenceInterval;
import stir.core.statistics.Difference;
import stir.core.statistics.Estimate;
import stir.core.statistics.PermutationFloor;
import stir.core.statistics.PredictionInterval;
import stir.core.statistics.Replicates;
import stir.core.statistics.Summary;
import stir.core.study.plan.StudiedLayer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Blocks of scores as documents, and back; and the parts of them that other documents have, too.
 */
public final class ScoreDocument {
    /** The shape of a block's document. */
    static final String SCHEMA = "stir-scores/2";

    private static final String VALUE = "value";
    private static final String UNDEFINED = "undefined";
    private static final String PREDICTION = "prediction";
    private static final String GROUPS = "groups";

    /** How far a target moved, input by input or as a summary. */
    private static final String TARGET_MOVED = "target-moved";

    private static final String PERMUTATIONS = "permutations";
    private static final String IDENTITY = "depends-on";
    private static final String CAUTIONS = "cautions";

    private ScoreDocument() {}

    static ObjectNode of(ScoreBlock block) {
        var root = JsonFile.object(SCHEMA);
        root.put("target", block.target()).put("reference", block.reference());
        var machines = root.putArray("machines");
        block.machines().forEach(facts -> facts.forEach(machines.addObject()::put));
        var similarities = root.putArray("similarities");
        for (var found : block.similarities()) {
            var node = similarities.addObject();
            addPair(node, found.reference(), found.target());
            node.put(IDENTITY, found.identity());
            node.set("similarity", estimates(found.values()));
            node.set(CAUTIONS, cautions(found.cautions()));
        }
        var ceilings = root.putArray("ceilings");
        block.ceilings().forEach(found -> ceilings.add(of(found, "self")));
        var floors = root.putArray("floors");
        block.floors().forEach(found -> floors.add(of(found, "seed-only")));
        var scores = root.putArray("scores");
        block.scores().forEach(found -> scores.add(of(found)));
        return root;
    }

    private static void addPair(ObjectNode node, StudiedLayer reference, StudiedLayer target) {
        node.set("reference", layer(reference));
        node.set("target", layer(target));
    }

    static ObjectNode layer(StudiedLayer at) {
        return JsonFile.object().put("model", at.model()).put("layer", at.layer());
    }

    private static ObjectNode of(ScoreBlock.Baseline found, String name) {
        var node = JsonFile.object();
        node.set("layer", layer(found.at()));
        node.put("search", found.search()).put("repeat", found.repeat());
        node.put(IDENTITY, found.identity());
        node.set(name, estimates(found.values()));
        return node;
    }

    private static ObjectNode of(ScoreBlock.Score found) {
        var node = JsonFile.object();
        addPair(node, found.reference(), found.target());
        node.put("search", found.search()).put("repeat", found.repeat());
        node.put("rng-seed", found.rngSeed());
        node.put(IDENTITY, found.identity());
        node.set("stir", estimates(found.stir()));
        node.set("shuffled", estimates(found.shuffled().values()));
        if (!found.shuffled().permutations().isEmpty()) {
            node.set(PERMUTATIONS, permutations(found.shuffled().permutations()));
        }
        found.converged().ifPresent(converged -> node.set("converged-only", of(converged)));
        addOutcomes(node, found.outcomes());
        var inputs = node.putObject("inputs");
        var moved = inputs.putArray(TARGET_MOVED);
        var before = inputs.putArray("class-before");
        var after = inputs.putArray("class-after");
        for (var outcome : found.outcomes().inputs()) {
            outcome.targetMoved().ifPresentOrElse(moved::add, moved::addNull);
            outcome.classBefore().ifPresentOrElse(before::add, before::addNull);
            outcome.classAfter().ifPresentOrElse(after::add, after::addNull);
        }
        node.set(CAUTIONS, cautions(found.cautions()));
        return node;
    }

    /** The score of the inputs that were found. */
    private static ObjectNode of(ConvergedScore converged) {
        var node = JsonFile.object();
        node.put("within", converged.within()).put("count", converged.count());
        node.set("stir", estimates(converged.stir()));
        return node;
    }

    /** Adds what a target makes of invariant inputs, over all of them. */
    private static void addOutcomes(ObjectNode node, InputOutcomes outcomes) {
        outcomes.targetMoved().ifPresent(moved -> node.set(TARGET_MOVED, summary(moved)));
        outcomes.classAgreement().ifPresent(agreement -> node.put("class-agreement", agreement));
        outcomes.classLayer().ifPresent(layer -> node.put("class-layer", layer));
    }

    /** The mean, median and maximum of many values. */
    public static ObjectNode summary(Summary summary) {
        return JsonFile.object()
                .put("mean", summary.mean())
                .put("median", summary.median())
                .put("max", summary.max());
    }

    private static ArrayNode cautions(List<Caution> cautions) {
        var array = JsonFile.object().putArray(CAUTIONS);
        cautions.forEach(caution -> array.add(of(caution)));
        return array;
    }

    /**
     * Returns a caution as every document has it: its kind, its measure if it has one, its facts.
     */
    public static ObjectNode of(Caution caution) {
        var node = JsonFile.object().put("kind", caution.kind());
        caution.measure().ifPresent(measure -> node.put("measure", measure));
        var facts = node.putObject("facts");
        caution.facts().forEach((name, value) -> JsonFile.put(facts, name, value));
        return node;
    }

    private static ObjectNode estimates(Map<String, Estimate> estimates) {
        var node = JsonFile.object();
        estimates.forEach(
                (measure, estimate) -> {
                    var values = of(estimate);
                    estimate.groups().ifPresent(groups -> values.set(GROUPS, of(groups)));
                    node.set(measure, values);
                });
        return node;
    }

    private static ObjectNode of(Replicates groups) {
        var node = JsonFile.object().put("rows", groups.rows()).put("seed", groups.seed());
        var parts = node.putArray(partsOf(groups.scheme()));
        for (double value : groups.parts()) {
            parts.add(value);
        }
        return node;
    }

    /** How floors of shuffled pairs spread, by measure. */
    private static ObjectNode permutations(Map<String, PermutationFloor> floors) {
        var node = JsonFile.object();
        floors.forEach(
                (measure, floor) ->
                        node.putObject(measure)
                                .put("mean", floor.mean())
                                .put("sd", floor.standardDeviation())
                                .put("p-value", floor.pValue())
                                .put("count", floor.permutations()));
        return node;
    }

    /** A value with its interval, or null with the reason why there is none. */
    public static ObjectNode of(Estimate estimate) {
        var node = JsonFile.object();
        estimate.value()
                .ifPresentOrElse(value -> node.put(VALUE, value), () -> node.putNull(VALUE));
        estimate.undefined().ifPresent(reason -> node.put(UNDEFINED, reason));
        estimate.interval()
                .ifPresent(
                        interval -> node.putArray("ci").add(interval.low()).add(interval.high()));
        estimate.prediction()
                .ifPresent(next -> node.putArray(PREDICTION).add(next.low()).add(next.high()));
        return node;
    }

    /**
     * Values alone, null where they are not defined.
     *
     * @param estimates by measure
     */
    public static ObjectNode numbers(Map<String, Estimate> estimates) {
        var node = JsonFile.object();
        estimates.forEach(
                (measure, estimate) ->
                        estimate.value()
                                .ifPresentOrElse(
                                        value -> node.put(measure, value),
                                        () -> node.putNull(measure)));
        return node;
    }

    /**
     * A direction of a comparison, as every document has it: for each measure its value, interval
     * and baseline-corrected value, and what the target makes of the invariant inputs.
     *
     * @param score the direction
     */
    public static ObjectNode of(DirectedScore score) {
        var node = JsonFile.object();
        score.stir()
                .forEach(
                        (measure, estimate) -> {
                            var values = of(estimate);
                            var corrected = score.baselineCorrected().get(measure);
                            if (corrected != null && corrected.isDefined()) {
                                values.put("baseline-corrected", corrected.value().getAsDouble());
                                corrected
                                        .interval()
                                        .ifPresent(
                                                ends ->
                                                        values.putArray("baseline-corrected-ci")
                                                                .add(ends.low())
                                                                .add(ends.high()));
                            }
                            node.set(measure, values);
                        });
        addOutcomes(node, score.outcomes());
        score.converged().ifPresent(converged -> node.set("converged-only", of(converged)));
        return node;
    }

    /** A difference with its interval and p-values. */
    public static ObjectNode of(Difference difference) {
        var node = JsonFile.object().put(VALUE, difference.difference());
        node.putArray("ci").add(difference.interval().low()).add(difference.interval().high());
        return node.put("p-value", difference.pValue())
                .put("p-value-corrected", difference.correctedPValue());
    }

    /** The ceiling and the floors of a direction, and why some are not defined. */
    public static ObjectNode baselines(DirectedScore score) {
        var baselines = new LinkedHashMap<String, Map<String, Estimate>>();
        baselines.put("self", score.self());
        baselines.put("seed-only", score.seedOnly());
        baselines.put("shuffled", score.shuffled());
        var node = JsonFile.object();
        baselines.forEach((name, values) -> node.set(name, numbers(values)));
        if (!score.permutations().isEmpty()) {
            node.set(PERMUTATIONS, permutations(score.permutations()));
        }
        baselines.put("baseline-corrected", score.baselineCorrected());
        var undefined = JsonFile.object();
        baselines.forEach(
                (name, values) ->
                        values.forEach(
                                (measure, estimate) ->
                                        estimate.undefined()
                                                .ifPresent(
                                                        reason ->
                                                                undefined
                                                                        .withObject("/" + name)
                                                                        .put(measure, reason))));
        if (!undefined.isEmpty()) {
            node.set(UNDEFINED, undefined);
        }
        return node;
    }

    static ScoreBlock block(JsonNode root) {
        var machines = new ArrayList<Map<String, String>>();
        root.path("machines").forEach(node -> machines.add(new TreeMap<>(JsonFile.texts(node))));
        var similarities = new ArrayList<ScoreBlock.Similarity>();
        root.path("similarities")
                .forEach(
                        node ->
                                similarities.add(
                                        new ScoreBlock.Similarity(
                                                layer(node.path("reference")),
                                                layer(node.path("target")),
                                                node.path(IDENTITY).asText(),
                                                estimates(node.path("similarity")),
                                                list(
                                                        node.path(CAUTIONS),
                                                        ScoreDocument::caution))));
        var scores = new ArrayList<ScoreBlock.Score>();
        root.path("scores").forEach(node -> scores.add(score(node)));
        return new ScoreBlock(
                root.path("target").asText(),
                root.path("reference").asText(),
                machines,
                similarities,
                baselines(root.path("ceilings"), "self"),
                baselines(root.path("floors"), "seed-only"),
                scores);
    }

    private static List<ScoreBlock.Baseline> baselines(JsonNode nodes, String name) {
        var baselines = new ArrayList<ScoreBlock.Baseline>();
        nodes.forEach(
                node ->
                        baselines.add(
                                new ScoreBlock.Baseline(
                                        layer(node.path("layer")),
                                        node.path("search").asText(),
                                        node.path("repeat").asInt(),
                                        node.path(IDENTITY).asText(),
                                        estimates(node.path(name)))));
        return baselines;
    }

    private static ScoreBlock.Score score(JsonNode node) {
        return new ScoreBlock.Score(
                layer(node.path("reference")),
                layer(node.path("target")),
                node.path("search").asText(),
                node.path("repeat").asInt(),
                node.path("rng-seed").asLong(),
                node.path(IDENTITY).asText(),
                estimates(node.path("stir")),
                new ShuffledFloors(
                        estimates(node.path("shuffled")),
                        map(
                                node.path(PERMUTATIONS),
                                floor ->
                                        new PermutationFloor(
                                                floor.path("mean").asDouble(),
                                                floor.path("sd").asDouble(),
                                                floor.path("p-value").asDouble(),
                                                floor.path("count").asInt()))),
                node.has("converged-only")
                        ? Optional.of(converged(node.path("converged-only")))
                        : Optional.empty(),
                outcomes(node, node.path("inputs")),
                list(node.path(CAUTIONS), ScoreDocument::caution));
    }

    private static ConvergedScore converged(JsonNode node) {
        return new ConvergedScore(
                node.path("within").asDouble(),
                node.path("count").asInt(),
                estimates(node.path("stir")));
    }

    private static InputOutcomes outcomes(JsonNode node, JsonNode inputs) {
        var outcomes = new ArrayList<InputOutcome>();
        for (int i = 0; i < inputs.path(TARGET_MOVED).size(); i++) {
            var moved = inputs.path(TARGET_MOVED).path(i);
            outcomes.add(
                    new InputOutcome(
                            moved.isNumber()
                                    ? OptionalDouble.of(moved.asDouble())
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

    public static StudiedLayer layer(JsonNode node) {
        return new StudiedLayer(node.path("model").asText(), node.path("layer").asText());
    }

    private static Map<String, Estimate> estimates(JsonNode node) {
        return map(node, ScoreDocument::estimate);
    }

    private static Estimate estimate(JsonNode values) {
        var value = values.path(VALUE);
        if (!value.isNumber()) {
            return Estimate.undefined(values.path(UNDEFINED).asText("It is not defined."));
        }
        var ci = values.path("ci");
        var next = values.path(PREDICTION);
        return new Estimate(
                OptionalDouble.of(value.asDouble()),
                ci.isArray()
                        ? Optional.of(
                                new ConfidenceInterval(
                                        ci.path(0).asDouble(),
                                        ci.path(1).asDouble(),
                                        Estimate.LEVEL))
                        : Optional.empty(),
                next.isArray()
                        ? Optional.of(
                                new PredictionInterval(
                                        next.path(0).asDouble(),
                                        next.path(1).asDouble(),
                                        Estimate.LEVEL))
                        : Optional.empty(),
                values.has(GROUPS)
                        ? Optional.of(groups(value.asDouble(), values.path(GROUPS)))
                        : Optional.empty(),
                Optional.empty());
    }

    private static Replicates groups(double value, JsonNode node) {
        var scheme =
                node.has(partsOf(Replicates.Scheme.HALVES))
                        ? Replicates.Scheme.HALVES
                        : Replicates.Scheme.GROUPS;
        var stored = node.path(partsOf(scheme));
        var parts = new double[stored.size()];
        for (int part = 0; part < parts.length; part++) {
            parts[part] = stored.path(part).asDouble();
        }
        return Replicates.of(
                scheme, value, parts, node.path("rows").asInt(), node.path("seed").asLong());
    }

    private static String partsOf(Replicates.Scheme scheme) {
        return scheme == Replicates.Scheme.GROUPS ? "without" : "halves";
    }

    private static <T> Map<String, T> map(JsonNode node, Function<JsonNode, T> value) {
        var map = new LinkedHashMap<String, T>();
        node.properties().forEach(field -> map.put(field.getKey(), value.apply(field.getValue())));
        return map;
    }

    private static Caution caution(JsonNode node) {
        return new Caution(
                node.path("kind").asText(),
                Optional.ofNullable(node.get("measure")).map(JsonNode::asText),
                map(node.path("facts"), ScoreDocument::fact));
    }

    private static Object fact(JsonNode node) {
        return node.isIntegralNumber()
                ? (Object) node.asLong()
                : node.isNumber() ? (Object) node.asDouble() : node.asText();
    }

    private static <T> List<T> list(JsonNode nodes, Function<JsonNode, T> element) {
        var list = new ArrayList<T>();
        nodes.forEach(node -> list.add(element.apply(node)));
        return list;
    }
}
