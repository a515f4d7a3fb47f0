package stir.core.study;

import stir.api.Device;
import stir.api.Layout;
import stir.api.NearestNames;
import stir.api.UsageException;
import stir.core.network.NetworkSpec;
import stir.core.network.Preprocessing;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the models of an experiment's file.
 *
 * @param folder what paths are relative to
 * @param device where models compute that name no device
 * @param threads how many threads each uses
 */
record ModelReader(Path folder, Device device, int threads) {
    static final List<String> KEYS =
            List.of(
                    "name",
                    "file",
                    "layers",
                    "backend",
                    "device",
                    "settings",
                    "mean",
                    "std",
                    "layout");

    /** Reads a model; empty if something is mistaken without which it can't be opened. */
    Optional<StudiedModel> model(YamlValue item, YamlSection keys) {
        if (keys.value("file").isEmpty()) {
            item.mistake("This model has no 'file': name its file or folder.");
        }
        var file =
                keys.value("file")
                        .flatMap(value -> value.parse(text -> ExistingPath.in(folder, text)));
        var name = name(item, keys);
        var preprocessing = preprocessing(item, keys);
        var layers = keys.value("layers").map(YamlValue::texts).orElse(List.of());
        var settings = keys.value("settings").map(ModelReader::settings).orElse(Map.of());
        var on = keys.value("device").flatMap(value -> value.parse(Device::parse)).orElse(device);
        var backend = keys.value("backend").flatMap(YamlValue::text);
        if (file.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        rememberPaths(name.get(), item, keys);
        return item.attempt(
                () ->
                        new StudiedModel(
                                name.get(),
                                new NetworkSpec(
                                        file.get(),
                                        backend,
                                        Optional.empty(),
                                        preprocessing,
                                        on,
                                        threads,
                                        settings),
                                layers));
    }

    /** The paths by which later checks tell where a mistake is. */
    private static void rememberPaths(String name, YamlValue item, YamlSection keys) {
        var path = Places.model(name);
        item.named(path);
        for (var key : keys.keys()) {
            keys.value(key).ifPresent(value -> value.named(path + "." + key).list());
        }
    }

    private static Optional<String> name(YamlValue item, YamlSection keys) {
        var value = keys.value("name");
        if (value.isEmpty()) {
            item.mistake("This model has no 'name': results call it by it.");
            return Optional.empty();
        }
        return value.get()
                .parse(
                        text -> {
                            StudiedModel.checkName(text);
                            return text;
                        });
    }

    private static Map<String, String> settings(YamlValue value) {
        var settings = new LinkedHashMap<String, String>();
        value.freeSection("'settings'")
                .ifPresent(
                        section ->
                                section.keys()
                                        .forEach(
                                                key ->
                                                        section.value(key)
                                                                .flatMap(YamlValue::text)
                                                                .ifPresent(
                                                                        text ->
                                                                                settings.put(
                                                                                        key,
                                                                                        text))));
        return settings;
    }

    private static Preprocessing preprocessing(YamlValue item, YamlSection keys) {
        var mean = YamlValue.decimals(keys, "mean");
        var deviation = YamlValue.decimals(keys, "std");
        var layout = keys.value("layout").flatMap(value -> value.parse(ModelReader::layout));
        return item.attempt(() -> new Preprocessing(mean, deviation, layout))
                .orElse(Preprocessing.NONE);
    }

    private static Layout layout(String text) {
        var names = new LinkedHashMap<String, Layout>();
        Arrays.stream(Layout.values())
                .forEach(
                        layout ->
                                names.put(
                                        layout.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                                        layout));
        var found = names.get(text);
        if (found == null) {
            throw new UsageException(NearestNames.sentence("layout", text, names.keySet()));
        }
        return found;
    }
}
