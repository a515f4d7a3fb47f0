package stir.core.study;

import stir.api.Norm;
import stir.api.UsageException;
import stir.core.inversion.Ball;
import stir.core.inversion.Distortion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Movement;
import stir.core.inversion.Optimizer;
import stir.core.inversion.Preset;
import stir.core.inversion.Regulariser;
import stir.core.inversion.Rival;
import stir.core.inversion.Seed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    private static final String PRESET = "preset";

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
        settings.put("tv", regulariser(Regulariser.TotalVariation::parse));
        settings.put("blur", regulariser(Regulariser.Blur::parse));
        settings.put("grey", regulariser(Regulariser.Grey::parse));
        settings.put(
                "transform",
                Setting.of(
                        value -> Optional.of(value.texts()),
                        (search, texts) ->
                                search.withObjective(
                                        search.objective()
                                                .withDistortions(
                                                        Distortion.parse(
                                                                String.join(",", texts))))));
        settings.put("step", movement(YamlValue::decimal, Movement::withStep));
        settings.put("momentum", movement(YamlValue::decimal, Movement::withMomentum));
        settings.put("fourier", movement(YamlValue::yes, Movement::withFourier));
        settings.put("ball", movement(value -> value.parse(Ball::parse), Movement::withBall));
        settings.put(
                "candidates",
                Setting.of(
                        value -> value.parse(text -> ExistingPath.in(folder, text)),
                        InversionSettings::withCandidates));
    }

    private static Setting regulariser(Function<String, Regulariser> parser) {
        return Setting.of(
                value -> value.parse(parser),
                (search, term) -> {
                    var terms = new TreeMap<String, Regulariser>();
                    search.objective()
                            .regularisers()
                            .forEach(other -> terms.put(other.name(), other));
                    terms.put(term.name(), term);
                    return search.withObjective(
                            search.objective()
                                    .withRegularisers(terms.values().toArray(Regulariser[]::new)));
                });
    }

    private static <T> Setting movement(
            Function<YamlValue, Optional<T>> read, BiFunction<Movement, T, Movement> with) {
        return Setting.of(
                read, (search, value) -> search.withMovement(with.apply(search.movement(), value)));
    }

    private Seed seed(String text) {
        var file = folder.resolve(text);
        return Seed.parse(Files.exists(file) ? file.toString() : text);
    }

    /** Reads one search or a list of them. */
    List<StudiedSearch> searches(YamlValue value) {
        var searches = new LinkedHashMap<String, StudiedSearch>();
        var known = new ArrayList<String>(List.of("name", PRESET));
        known.addAll(settings.keySet());
        known.addAll(RivalReader.KEYS);
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
        var found =
                keys.value(PRESET)
                        .flatMap(value -> value.parse(Preset::parse))
                        .orElse(Preset.REFERENCE)
                        .settings();
        for (var setting : settings.entrySet()) {
            var value = keys.value(setting.getKey());
            if (value.isPresent()) {
                found = setting.getValue().set(found, value.get()).orElse(found);
            }
        }
        var searched = found;
        var complete =
                new RivalReader(folder, keys)
                        .rival(item)
                        .flatMap(rival -> item.attempt(() -> with(rival, searched)))
                        .orElse(searched);
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

    private static InversionSettings with(Rival rival, InversionSettings search) {
        return search.withObjective(search.objective().withRival(rival));
    }
}
