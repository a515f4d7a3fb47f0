package stir.core.study.file;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stir.api.UsageException;
import stir.api.support.NearestNames;
import stir.core.network.FurtherReference;
import stir.core.network.NetworkSpec;
import stir.core.study.names.Locations;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudiedPairs;

/**
 * The reader of the pairs of an experiment file. References that are matched together become a
 * model of their own.
 */
final class PairReader {
    private static final List<String> KEYS =
            List.of("reference", "reference-layer", "reference-weights", "target", "target-layer");

    private final List<StudiedModel> models;
    private final List<String> names;
    private final Map<String, StudiedModel> joint = new LinkedHashMap<>();

    /**
     * Creates a reader.
     *
     * @param models those without problems
     * @param names the names of all models
     */
    PairReader(List<StudiedModel> models, List<String> names) {
        this.models = List.copyOf(models);
        this.names = List.copyOf(names);
    }

    /** Returns the models of references that are matched together. */
    Collection<StudiedModel> joint() {
        return joint.values();
    }

    /** Reads the rules of compared layers; none if all are compared. */
    List<StudiedPairs> pairs(YamlValue value) {
        if (!value.isList() && !value.isSection()) {
            value.text()
                    .filter(text -> !text.equals("all"))
                    .ifPresent(text -> value.problem(
                            "pairs: '%s' is unknown: write 'all', or a list of {reference: NAME, target: NAME}."
                                    .formatted(text)));
            return List.of();
        }
        return value.list().stream()
                .map(item -> item.section("a pair", KEYS).flatMap(keys -> pair(item, keys)))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<StudiedPairs> pair(YamlValue item, YamlSection keys) {
        if (keys.value("reference").filter(YamlValue::isList).isPresent()) {
            if (hasProblems(keys)) {
                return Optional.empty(); // a model's problems are reported there
            }
            return item.attempt(() -> joint(keys)).map(model -> {
                item.named(Locations.model(model.name()));
                joint.put(model.name(), model);
                return pair(model.name(), "*", keys);
            });
        }
        if (keys.value("reference-weights").isPresent()) {
            item.problem("'reference-weights' require a list of references.");
        }
        return Optional.of(pair(part(keys, "reference"), part(keys, "reference-layer"), keys));
    }

    /** Returns whether a reference is a model that could not be read. */
    private boolean hasProblems(YamlSection keys) {
        var read = models.stream().map(StudiedModel::name).toList();
        return keys.value("reference").map(YamlValue::texts).orElse(List.of()).stream()
                .anyMatch(name -> names.contains(name) && !read.contains(name));
    }

    private static StudiedPairs pair(String reference, String layer, YamlSection keys) {
        return new StudiedPairs(reference, layer, part(keys, "target"), part(keys, "target-layer"));
    }

    private static String part(YamlSection keys, String key) {
        return keys.value(key).flatMap(YamlValue::text).orElse("*");
    }

    /**
     * Returns the model for references that are matched together, the first of which is measured.
     */
    private StudiedModel joint(YamlSection keys) {
        var listed = keys.value("reference").map(YamlValue::texts).orElse(List.of());
        var layers = keys.value("reference-layer").map(YamlValue::texts).orElse(List.of());
        if (new HashSet<>(listed).size() < listed.size() || listed.size() < 2) {
            throw new UsageException("A list of references names two or more, each once.");
        }
        if (!layers.isEmpty() && layers.size() != listed.size()) {
            throw new UsageException("There are %d layers for %d references: specify one for each."
                    .formatted(layers.size(), listed.size()));
        }
        var specs = new ArrayList<NetworkSpec>();
        for (int i = 0; i < listed.size(); i++) {
            specs.add(spec(model(listed.get(i)), layers.isEmpty() ? "" : layers.get(i)));
        }
        var first = specs.get(0);
        var further = specs.subList(1, specs.size());
        var model = new StudiedModel(
                StudiedModel.jointName(listed),
                first.withReferences(FurtherReference.of(further, YamlValue.decimals(keys, "reference-weights"))),
                first.layer().stream().toList(),
                Optional.empty(),
                Map.of(),
                Optional.empty());
        var known = joint.getOrDefault(model.name(), model);
        if (!known.equals(model)) {
            throw new UsageException(
                    "Another pair has these references with other layers or weights: use a separate experiment.");
        }
        return model;
    }

    private StudiedModel model(String name) {
        return models.stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException(NearestNames.sentence("model", name, names)));
    }

    /** Returns the specification of a reference at one layer. */
    private static NetworkSpec spec(StudiedModel model, String layer) {
        if (model.arrays().isPresent()) {
            throw new UsageException(
                    "'%s' has stored arrays and no network, so a search is not possible.".formatted(model.name()));
        }
        if (layer.isEmpty() && model.layers().size() > 1) {
            throw new UsageException(
                    "'%s' is measured at several layers: specify one for each reference in 'reference-layer'."
                            .formatted(model.name()));
        }
        return layer.isEmpty() ? model.spec() : model.spec().atLayerAlone(layer);
    }
}
