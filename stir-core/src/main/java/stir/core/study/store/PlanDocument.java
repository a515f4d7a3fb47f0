package stir.core.study.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.api.Scale;
import stir.api.Shape;
import stir.core.files.JsonFile;
import stir.core.machine.Machine;
import stir.core.machine.StirVersion;
import stir.core.statistics.Estimate;
import stir.core.study.plan.About;
import stir.core.study.plan.PlannedModel;
import stir.core.study.plan.StudyPlan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a study is made of: files and their hashes, settings, versions, and how to repeat it. */
final class PlanDocument {
    /** The shape of the document. */
    static final String SCHEMA = "stir-study/1";

    private static final String MACHINE = "machine";
    private static final String ABOUT = "about";
    private static final String HASH = "sha256";

    private PlanDocument() {}

    /**
     * The document of a plan.
     *
     * @param measures of the plan, and how their values are read
     * @param command how to repeat it; empty if no command did it
     */
    static ObjectNode of(
            StudyPlan plan, CacheKeys identities, Map<String, Scale> measures, String command) {
        var node = JsonFile.object(SCHEMA);
        if (!plan.experiment().about().equals(About.NONE)) {
            node.set(ABOUT, about(plan.experiment().about()));
        }
        if (!command.isEmpty()) {
            node.put("command", command);
        }
        node.putObject("versions")
                .put("stir", StirVersion.current())
                .put("java", Runtime.version().toString());
        var models = node.putArray("models");
        plan.models().forEach(model -> models.add(model(model)));
        var inputs = node.putObject("inputs");
        inputs.put("source", plan.inputs().source());
        inputs.put("count", plan.inputs().count());
        if (!plan.inputs().preparation().isEmpty()) {
            inputs.put("preparation", plan.inputs().preparation());
        }
        inputs.set("shape", shape(plan.inputs().shape()));
        inputs.put(HASH, plan.fingerprint());
        addMeasures(node, measures);
        addSettings(node, plan, identities);
        var pairs = node.putArray("pairs");
        for (var pair : plan.pairs()) {
            var one = pairs.addObject();
            one.set("reference", ScoreDocument.layer(pair.reference()));
            one.set("target", ScoreDocument.layer(pair.target()));
        }
        return node;
    }

    private static ObjectNode about(About about) {
        var node = JsonFile.object();
        about.title().ifPresent(title -> node.put("title", title));
        about.authors().forEach(node.putArray("authors")::add);
        about.notes().ifPresent(notes -> node.put("notes", notes));
        return node;
    }

    /** The measures, and how their values are read. */
    private static void addMeasures(ObjectNode node, Map<String, Scale> measures) {
        var all = node.putArray("measures");
        measures.forEach(
                (id, scale) -> {
                    var one = all.addObject().put("id", id);
                    putEnd(one, "lowest", scale.lowest());
                    putEnd(one, "highest", scale.highest());
                    one.put("larger-is-more-similar", scale.largerIsMoreSimilar());
                });
    }

    /** JSON has no infinity: an open end is null. */
    private static void putEnd(ObjectNode node, String name, double end) {
        if (Double.isFinite(end)) {
            node.put(name, end);
        } else {
            node.putNull(name);
        }
    }

    private static void addSettings(ObjectNode node, StudyPlan plan, CacheKeys identities) {
        var experiment = plan.experiment();
        node.put("reduce", experiment.reduction().word());
        node.put("repeats", experiment.repeats());
        node.put("memory", experiment.memory());
        node.put("ci-level", Estimate.LEVEL);
        var searches = node.putArray("searches");
        for (var run : plan.runs()) {
            if (run.repeat() == 1) {
                var one = searches.addObject().put("name", run.search());
                var typed = run.settings().describe();
                identities
                        .settings(run)
                        .forEach(
                                (name, value) ->
                                        JsonFile.put(one, name, typed.getOrDefault(name, value)));
            }
        }
    }

    private static ObjectNode model(PlannedModel model) {
        var spec = model.model().spec();
        var node = JsonFile.object();
        node.put("name", model.name());
        node.put("file", spec.file().toString());
        node.put(HASH, model.sha256());
        node.put("backend", model.backend());
        node.put("device", spec.device().toString());
        var settings = node.putObject("settings");
        new TreeMap<>(spec.settings()).forEach(settings::put);
        var mean = node.putArray("mean");
        spec.preprocessing().mean().forEach(mean::add);
        var deviation = node.putArray("std");
        spec.preprocessing().standardDeviation().forEach(deviation::add);
        spec.preprocessing().layout().ifPresent(layout -> node.put("layout", layout.toString()));
        node.set("input", shape(model.input()));
        if (!spec.moreLayers().isEmpty()) {
            node.put("layer-weight", spec.layerWeight());
            var more = node.putObject("searched-with");
            spec.moreLayers().forEach(layer -> more.put(layer.name(), layer.weight()));
        }
        var layers = node.putArray("layers");
        for (var layer : model.layers()) {
            var one = layers.addObject().put("name", layer.name());
            one.set("shape", shape(layer.shape()));
            layer.classLayer().ifPresent(name -> one.put("class-layer", name));
        }
        var machine = node.putObject(MACHINE);
        model.machine().forEach(machine::put);
        return node;
    }

    private static ArrayNode shape(Shape shape) {
        var dimensions = JsonFile.object().arrayNode();
        for (int dimension : shape.dimensions()) {
            dimensions.add(dimension);
        }
        return dimensions;
    }

    /**
     * What a stored document says otherwise than a plan, of models and searches that both have; a
     * sentence each.
     */
    static List<String> differences(JsonNode stored, StudyPlan plan, CacheKeys identities) {
        var asked = of(plan, identities, Map.of(), "");
        var differences = new ArrayList<String>();
        var was = stored.path("inputs");
        var is = asked.path("inputs");
        compare("the inputs", was, is, differences, "source", "preparation", HASH);
        if (differences.isEmpty()) { // of other inputs, as many and as large
            compare("the inputs", was, is, differences, "source", "preparation");
        }
        compareByName(stored.path("models"), asked.path("models"), differences);
        compareByName(stored.path("searches"), asked.path("searches"), differences);
        return differences;
    }

    /**
     * Whether two documents are of the same study, wherever its files lie, whoever runs it, and
     * whatever is said of it.
     */
    static boolean isSameStudy(ObjectNode stored, ObjectNode asked) {
        return JsonFile.text(studied(stored)).equals(JsonFile.text(studied(asked)));
    }

    private static ObjectNode studied(ObjectNode document) {
        var studied = document.deepCopy();
        studied.remove(List.of(ABOUT, "command", "versions"));
        studied.withObject("/inputs").remove("source");
        for (var model : studied.path("models")) {
            ((ObjectNode) model).remove(List.of("file", MACHINE));
        }
        return studied;
    }

    private static void compareByName(JsonNode stored, JsonNode asked, List<String> differences) {
        var byName = new LinkedHashMap<String, JsonNode>();
        stored.forEach(node -> byName.put(node.path("name").asText(), node));
        for (var node : asked) {
            var name = node.path("name").asText();
            var other = byName.get(name);
            if (other != null) {
                compare(name, other, node, differences, "file", "layers", "input", MACHINE);
            }
        }
    }

    private static void compare(
            String what,
            JsonNode stored,
            JsonNode asked,
            List<String> differences,
            String... ignored) {
        var names = new TreeMap<String, String>();
        stored.properties().forEach(field -> names.put(field.getKey(), ""));
        asked.properties().forEach(field -> names.put(field.getKey(), ""));
        for (var name : ignored) {
            names.remove(name);
        }
        for (var name : names.keySet()) {
            var was = stored.path(name);
            var is = asked.path(name);
            if (!text(was).equals(text(is))) {
                differences.add(
                        "%s: %s was %s and is %s".formatted(what, name, text(was), text(is)));
            }
        }
    }

    private static String text(JsonNode node) {
        if (node.isMissingNode()) {
            return "not there";
        }
        var text = node.isValueNode() ? node.asText() : node.toString();
        return text.matches("[0-9a-f]{64}") ? text.substring(0, 8) + "..." : text;
    }

    /** Returns the machines of a stored document that differ from those of a plan. */
    static List<OtherMachine> machines(JsonNode stored, StudyPlan plan) {
        var differences = new ArrayList<OtherMachine>();
        for (var node : stored.path("models")) {
            var facts = JsonFile.texts(node.path(MACHINE));
            plan.models().stream()
                    .filter(model -> model.name().equals(node.path("name").asText()))
                    .map(
                            model ->
                                    new OtherMachine(
                                            model.name(),
                                            new Machine(model.machine()),
                                            new Machine(facts)))
                    .filter(OtherMachine::differs)
                    .forEach(differences::add);
        }
        return differences;
    }
}
