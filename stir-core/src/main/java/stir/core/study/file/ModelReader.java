package stir.core.study.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import stir.api.Device;
import stir.api.Layout;
import stir.api.UsageException;
import stir.core.io.files.ExistingPath;
import stir.core.network.GivenInput;
import stir.core.network.ModelInputs;
import stir.core.network.NetworkSpec;
import stir.core.network.Normalisation;
import stir.core.network.Preprocessing;
import stir.core.network.Resources;
import stir.core.network.SearchedLayer;
import stir.core.network.UnitSample;
import stir.core.study.names.Locations;
import stir.core.study.names.NamePattern;
import stir.core.study.plan.StoredArrays;
import stir.core.study.plan.StudiedModel;

/**
 * The reader of the models of an experiment file.
 *
 * @param folder the folder to which paths are relative
 * @param resources the resources of each model, which may name another device
 */
record ModelReader(Path folder, Resources resources) {
    static final List<String> KEYS =
            List.of(("name group factors file head arrays ids layers units search-layers layer-weights threads"
                            + " backend device settings inputs search-input normalise mean std layout")
                    .split(" ", -1));

    private static final List<String> KEYS_OF_ARRAYS = List.of("name", "group", "factors", "arrays", "ids", "layout");

    /**
     * Reads a model; empty if a problem prevents opening it.
     *
     * @param name the result of {@link #name}
     */
    Optional<StudiedModel> model(YamlValue item, YamlSection keys, Optional<String> name) {
        if (keys.value("arrays").isPresent()) {
            return arrays(item, keys, name);
        }
        if (keys.value("file").isEmpty()) {
            item.problem("'file' of this model is missing: specify a file or folder.");
        }
        var file = keys.value("file").flatMap(value -> value.existing(folder));
        var preprocessing = preprocessing(item, keys);
        var layers = layers(item, keys);
        var more = keys.value("search-layers").map(YamlValue::texts).orElse(List.of());
        var weights = YamlValue.decimals(keys, "layer-weights");
        var settings = byKey(keys, "settings", YamlValue::text);
        var given = byKey(keys, "inputs", this::input);
        var searchedInput = keys.value("search-input").flatMap(YamlValue::text);
        var used = keys.value("device")
                .flatMap(value -> value.parse(Device::parse))
                .map(resources::withDevice)
                .orElse(resources);
        var threads = keys.value("threads")
                .flatMap(value -> value.whole(used::withThreads))
                .orElse(used);
        var backend = keys.value("backend").flatMap(YamlValue::text);
        var head = keys.value("head").flatMap(value -> value.existing(folder));
        if (file.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        rememberPaths(name.get(), item, keys);
        var spec = new NetworkSpec(
                file.get(),
                backend,
                layers.size() == 1 ? List.of(new SearchedLayer(layers.get(0), 1)) : List.of(),
                preprocessing,
                threads,
                settings,
                new ModelInputs(searchedInput, given),
                List.of());
        return Optional.of(new StudiedModel(
                name.get(),
                item.attempt(() -> searchedWith(spec, more, weights)).orElse(spec),
                layers,
                Optional.empty(),
                factors(item, keys),
                head));
    }

    /** Returns the measured layers, or the samples of their units. */
    private static List<String> layers(YamlValue item, YamlSection keys) {
        var layers = keys.value("layers").map(YamlValue::texts).orElse(List.of());
        var units = keys.value("units");
        if (units.isEmpty()) {
            return layers;
        }
        if (layers.isEmpty() || !layers.stream().map(NamePattern::of).allMatch(NamePattern::isName)) {
            item.problem("'units' chooses among the units of 'layers': name each layer in full.");
            return layers;
        }
        return units.get()
                .parse(text -> layers.stream()
                        .map(layer -> UnitSample.parse(layer, text).name())
                        .toList())
                .orElse(layers);
    }

    /** Reads a model of stored arrays; empty if a problem prevents opening it. */
    private Optional<StudiedModel> arrays(YamlValue item, YamlSection keys, Optional<String> name) {
        keys.keys().stream()
                .filter(key -> !KEYS_OF_ARRAYS.contains(key))
                .findFirst()
                .ifPresent(key -> item.problem("A model of 'arrays' has no '%s': its keys are %s."
                        .formatted(key, String.join(", ", KEYS_OF_ARRAYS))));
        var files = byKey(keys, "arrays", value -> value.existing(folder));
        var ids = keys.value("ids").flatMap(value -> value.existing(folder));
        var preprocessing = preprocessing(item, keys);
        if (files.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        rememberPaths(name.get(), item, keys);
        var arrays = new StoredArrays(files, ids);
        var spec = NetworkSpec.of(arrays.first()).withPreprocessing(preprocessing);
        return Optional.of(new StudiedModel(
                name.get(), spec, List.of(), Optional.of(arrays), factors(item, keys), Optional.empty()));
    }

    /** Returns the model's groups by factor. */
    private static Map<String, String> factors(YamlValue item, YamlSection keys) {
        var group = keys.value(StudiedModel.GROUP);
        if (group.isPresent() && keys.value("factors").isPresent()) {
            item.problem("This model has a 'group' and 'factors': write the group as one of the factors.");
        }
        return group.map(value -> value.text().map(text -> Map.of(StudiedModel.GROUP, text)))
                .orElseGet(() -> Optional.of(byKey(keys, "factors", YamlValue::text)))
                .orElse(Map.of());
    }

    /** Returns a section with any keys as values; empty without such a section. */
    private static <T> Map<String, T> byKey(YamlSection keys, String key, Function<YamlValue, Optional<T>> read) {
        return keys.value(key)
                .map(value -> value.byKey("'%s'".formatted(key), read))
                .orElse(Map.of());
    }

    /**
     * Returns the same network, whose searches also match additional layers.
     *
     * @param more the additional layers
     * @param weights the weights of the measured layer and each additional layer; empty for equal
     *     weights
     */
    private static NetworkSpec searchedWith(NetworkSpec spec, List<String> more, List<Double> weights) {
        if (more.isEmpty() && weights.isEmpty()) {
            return spec;
        }
        if (spec.layer().isEmpty()) {
            throw new UsageException("A search at several layers needs one measured layer: put it in 'layers',"
                    + " and the others in 'search-layers'.");
        }
        if (!weights.isEmpty() && weights.size() != more.size() + 1) {
            throw new UsageException(
                    "There are %d layer-weights for %d layers: specify one for the measured layer and one for each of the search-layers."
                            .formatted(weights.size(), more.size() + 1));
        }
        var searched = new ArrayList<SearchedLayer>();
        searched.add(new SearchedLayer(spec.layer().get(), weights.isEmpty() ? 1 : weights.get(0)));
        for (int i = 0; i < more.size(); i++) {
            searched.add(new SearchedLayer(more.get(i), weights.isEmpty() ? 1 : weights.get(i + 1)));
        }
        return spec.withLayers(searched);
    }

    /** Stores the paths that later checks use as places of problems. */
    private static void rememberPaths(String name, YamlValue item, YamlSection keys) {
        var path = Locations.model(name);
        item.named(path);
        for (var key : keys.keys()) {
            keys.value(key).ifPresent(value -> value.named(path + "." + key).list());
        }
    }

    /** Returns a model's name in results. */
    static Optional<String> name(YamlValue item, YamlSection keys) {
        var value = keys.value("name");
        if (value.isEmpty()) {
            item.problem("This model has no 'name': results call it by it.");
            return Optional.empty();
        }
        return value.get().parse(text -> {
            StudiedModel.checkName(text);
            return text;
        });
    }

    /** Returns an input that is not searched: a file with rows, or a value. */
    private Optional<GivenInput> input(YamlValue value) {
        return value.parse(text -> GivenInput.parse(text, path -> ExistingPath.in(folder, path)));
    }

    private static Preprocessing preprocessing(YamlValue item, YamlSection keys) {
        var mean = YamlValue.decimals(keys, "mean");
        var deviation = YamlValue.decimals(keys, "std");
        var layout = keys.value("layout").flatMap(value -> value.word(Layout.class, "layout"));
        var named = keys.value("normalise").flatMap(value -> value.word(Normalisation.class, "normalisation"));
        return item.attempt(() -> Preprocessing.of(named, mean, deviation, layout))
                .orElse(Preprocessing.NONE);
    }
}
