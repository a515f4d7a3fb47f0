package stir.core.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.api.Shape;
import stir.core.Stir;
import stir.core.statistics.Estimate;

import java.util.Map;

/** What a study is made of: files and their hashes, settings, versions, and how to repeat it. */
final class StudyDocument {
    private StudyDocument() {}

    /**
     * The document of a plan.
     *
     * @param command how to repeat it; empty if no command did it
     */
    static ObjectNode of(StudyPlan plan, StudyKeys keys, String command) {
        var node = WholeFile.object();
        if (!command.isEmpty()) {
            node.put("command", command);
        }
        node.putObject("versions")
                .put("stir", Stir.version())
                .put("java", Runtime.version().toString());
        var models = node.putArray("models");
        plan.models().forEach(model -> models.add(model(model)));
        var inputs = node.putObject("inputs");
        inputs.put("source", plan.inputs().source());
        inputs.put("count", plan.inputs().count());
        inputs.set("shape", shape(plan.inputs().shape()));
        inputs.put("sha256", keys.inputs());
        addSettings(node, plan.experiment());
        var pairs = node.putArray("pairs");
        for (var pair : plan.pairs()) {
            var one = pairs.addObject();
            one.set("reference", layer(pair.reference()));
            one.set("target", layer(pair.target()));
        }
        return node;
    }

    private static void addSettings(ObjectNode node, Experiment experiment) {
        var measures = node.putArray("measures");
        experiment.measures().forEach(measures::add);
        node.put("reduce", experiment.reduction().word());
        node.put("repeats", experiment.repeats());
        node.put("ci-level", Estimate.LEVEL);
        var searches = node.putArray("searches");
        for (var search : experiment.searches()) {
            var one = searches.addObject().put("name", search.name());
            search.settings().describe().forEach(one::putPOJO);
        }
    }

    private static ObjectNode model(PlannedModel model) {
        var spec = model.model().spec();
        var node = WholeFile.object();
        node.put("name", model.name());
        node.put("file", spec.file().toString());
        node.put("sha256", model.sha256());
        node.put("backend", model.backend());
        node.put("device", spec.device().toString());
        var settings = node.putObject("settings");
        spec.settings().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
        var mean = node.putArray("mean");
        spec.preprocessing().mean().forEach(mean::add);
        var deviation = node.putArray("std");
        spec.preprocessing().standardDeviation().forEach(deviation::add);
        node.set("input", shape(model.input()));
        var layers = node.putArray("layers");
        for (var layer : model.layers()) {
            var one = layers.addObject().put("name", layer.name());
            one.put("folder", StudyFolder.name(layer.name()));
            one.set("shape", shape(layer.shape()));
            layer.classLayer().ifPresent(name -> one.put("class-layer", name));
        }
        return node;
    }

    private static ObjectNode layer(StudiedLayer at) {
        return WholeFile.object().put("model", at.model()).put("layer", at.layer());
    }

    private static JsonNode shape(Shape shape) {
        var dimensions = WholeFile.object().arrayNode();
        for (int dimension : shape.dimensions()) {
            dimensions.add(dimension);
        }
        return dimensions;
    }
}
