package stir.core.study;

import stir.api.Norm;
import stir.api.UsageException;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.Seed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Reads searches, whose keys are the command line's options. */
final class SearchReader {
    /** Changes one setting to a value; empty if the value is mistaken. */
    private interface Setting {
        Optional<InversionSettings> set(InversionSettings settings, YamlValue value);

        /** A setting that is parsed and put into a copy. */
        static <T> Setting of(
                Function<YamlValue, Optional<T>> read,
                BiFunction<InversionSettings, T, InversionSettings> with) {
            return (settings, value) ->
                    read.apply(value)
                            .flatMap(found -> value.attempt(() -> with.apply(settings, found)));
        }
    }

    private final Path folder;
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    /**
     * A reader.
     *
     * @param folder what files of seeds are relative to
     */
    SearchReader(Path folder) {
        this.folder = folder;
        // In this order: the optimiser brings its own number of iterations.
        settings.put(
                "optimizer",
                Setting.of(
                        value -> value.parse(Optimizer::parse), InversionSettings::withOptimizer));
        settings.put("iterations", Setting.of(YamlValue::whole, InversionSettings::withIterations));
        settings.put("tolerance", Setting.of(YamlValue::decimal, InversionSettings::withTolerance));
        settings.put(
                "seed", Setting.of(value -> value.parse(this::seed), InversionSettings::withSeed));
        settings.put("rng-seed", Setting.of(YamlValue::wholeLong, InversionSettings::withRngSeed));
        settings.put(
                "norm", Setting.of(value -> value.parse(Norm::parse), InversionSettings::withNorm));
        settings.put("batch-size", Setting.of(YamlValue::whole, InversionSettings::withBatchSize));
        settings.put("fake-relu", Setting.of(YamlValue::yes, InversionSettings::withFakeRelu));
    }

    private Seed seed(String text) {
        return Seed.KINDS.contains(text)
                ? Seed.parse(text)
                : Seed.parse(folder.resolve(text).toString());
    }

    /** Reads one search or a list of them. */
    List<StudiedSearch> searches(YamlValue value) {
        var searches = new LinkedHashMap<String, StudiedSearch>();
        var known = new ArrayList<String>(List.of("name"));
        known.addAll(settings.keySet());
        for (var item : value.list()) {
            item.section("a search", known)
                    .flatMap(keys -> search(item, keys))
                    .ifPresent(
                            search -> {
                                if (searches.putIfAbsent(search.name(), search) != null) {
                                    item.mistake(
                                            "There is another search '%s': give each a 'name' of its own."
                                                    .formatted(search.name()));
                                }
                            });
        }
        return List.copyOf(searches.values());
    }

    private Optional<StudiedSearch> search(YamlValue item, YamlSection keys) {
        var found = InversionSettings.REFERENCE;
        for (var setting : settings.entrySet()) {
            var value = keys.value(setting.getKey());
            if (value.isPresent()) {
                found = setting.getValue().set(found, value.get()).orElse(found);
            }
        }
        var complete = found;
        var name = keys.value("name").flatMap(YamlValue::text);
        return item.attempt(
                () -> {
                    try {
                        return name.map(text -> new StudiedSearch(text, complete))
                                .orElseGet(() -> StudiedSearch.of(complete));
                    } catch (UsageException e) {
                        throw new UsageException("search: " + e.getMessage(), e);
                    }
                });
    }
}
