package stir.core.study.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import stir.api.Device;
import stir.core.inputs.InputsSpec;
import stir.core.inputs.Interpolation;
import stir.core.inputs.RangeChoice;
import stir.core.inputs.ResizeAndCrop;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.SearchArguments;
import stir.core.inversion.Seed;
import stir.core.network.Resources;
import stir.core.representation.RepresentationReduction;
import stir.core.runtime.machine.MemoryLimit;
import stir.core.score.Protocol;
import stir.core.score.ScoreSettings;
import stir.core.study.plan.About;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.Problem;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudiedSearch;

/** The reader of an experiment from a file's values. */
final class ExperimentReader {
    private static final List<String> KEYS =
            List.of(("models inputs measures search repeats reduce pairs memory limit protocol"
                            + " device threads batch-size title authors notes")
                    .split(" ", -1));

    /** The value of {@code search} that compares only the representations of the inputs. */
    private static final String NONE = "none";

    private static final List<StudiedSearch> DEFAULT_SEARCHES = List.of(StudiedSearch.of(InversionSettings.DEFAULT));

    private static final List<String> INPUT_KEYS =
            List.of("path limit array channel resize crop size interpolation range fixed".split(" ", -1));

    /** All of them compared with each other are a million scores. */
    private static final int MOST_MODELS = 1000;

    private final Path folder;
    private final FileProblems problems;
    private Resources resources = Resources.ofMachine();
    private final List<String> modelNames = new ArrayList<>();
    private ReadableParts parts = ReadableParts.NONE;

    ExperimentReader(Path file, FileProblems problems) {
        var parent = file.getParent();
        this.folder = parent == null ? Path.of("") : parent;
        this.problems = problems;
    }

    /** Reads the parts without problems; empty if too little is left. */
    Optional<Experiment> read(YamlValue root) {
        return root.section("an experiment", KEYS).flatMap(this::experiment);
    }

    /** Returns the parts that were read, with or without problems. */
    ReadableParts parts() {
        return parts;
    }

    private Optional<Experiment> experiment(YamlSection section) {
        section.value("device")
                .flatMap(value -> value.parse(Device::parse))
                .ifPresent(device -> resources = resources.withDevice(device));
        resources(section, "threads", Resources::withThreads);
        resources(section, "batch-size", Resources::withBatchSize);
        var models = models(section);
        var limit = new ArrayList<Integer>();
        var inputs = inputs(section, limit, models);
        var measures = measures(section);
        var protocol = section.value("protocol").flatMap(value -> value.parse(Protocol::parse));
        var searches = protocol.isPresent() && inputs.isPresent()
                ? searches(section, protocol.get(), inputs.get().kind())
                : searches(section, new SearchReader(folder), DEFAULT_SEARCHES);
        var reduction = section.value("reduce")
                .flatMap(value -> value.parse(RepresentationReduction::parse))
                .orElse(ScoreSettings.DEFAULT.reduction());
        var memory = section.value("memory")
                .flatMap(value -> value.parse(MemoryLimit::parse))
                .orElse(ScoreSettings.DEFAULT_MEMORY);
        var repeats = repeats(section, searches);
        var reader = new PairReader(models, modelNames);
        var pairs = section.value("pairs").map(reader::pairs).orElse(List.of());
        var all = Stream.concat(models.stream(), reader.joint().stream()).toList();
        reader.joint().forEach(model -> modelNames.add(model.name()));
        var about = about(section);
        parts = new ReadableParts(all, modelNames, inputs, measures, pairs);
        if (models.isEmpty() || inputs.isEmpty()) {
            return Optional.empty();
        }
        var experiment = Experiment.builder(inputs.get(), all)
                .measures(measures)
                .searches(searches)
                .repeats(repeats)
                .reduction(reduction)
                .memory(memory)
                .about(about);
        limit.forEach(experiment::limit);
        if (!pairs.isEmpty()) {
            experiment.pairs(pairs);
        }
        protocol.ifPresent(experiment::protocol);
        return section.value("protocol")
                .map(value -> value.attempt(experiment::build))
                .orElseGet(() -> Optional.of(experiment.build()));
    }

    private static About about(YamlSection section) {
        return new About(
                section.value("title").flatMap(YamlValue::words),
                section.value("authors")
                        .map(value -> value.texts(YamlValue::words))
                        .orElse(List.of()),
                section.value("notes").flatMap(YamlValue::words).map(String::strip));
    }

    private void resources(YamlSection section, String key, BiFunction<Resources, Integer, Resources> with) {
        section.value(key)
                .ifPresent(value ->
                        value.whole(number -> with.apply(resources, number)).ifPresent(changed -> resources = changed));
    }

    /** Returns the repeats, if all searches can be repeated that often. */
    private static int repeats(YamlSection section, List<StudiedSearch> searches) {
        return section.value("repeats")
                .flatMap(value -> value.whole(repeats -> checked(repeats, searches)))
                .orElse(ScoreSettings.DEFAULT.repeats());
    }

    private static int checked(int repeats, List<StudiedSearch> searches) {
        for (var search : searches) {
            ScoreSettings.DEFAULT.withInversion(search.settings()).withRepeats(repeats);
        }
        return repeats;
    }

    private List<StudiedModel> models(YamlSection section) {
        var value = section.value("models");
        if (value.isEmpty()) {
            problems.add(new Problem("", "There are no 'models': list at least one."));
            return List.of();
        }
        var reader = new ModelReader(folder, resources);
        var models = new LinkedHashMap<String, StudiedModel>();
        var items = value.get().list();
        if (items.size() > MOST_MODELS) {
            value.get()
                    .problem("An experiment has at most %d models, and this one has %d: divide it."
                            .formatted(MOST_MODELS, items.size()));
            return List.of();
        }
        for (var item : items) {
            var keysOfItem = item.section("a model", ModelReader.KEYS);
            var name = keysOfItem.flatMap(keys -> ModelReader.name(item, keys));
            if (name.filter(modelNames::contains).isPresent()) {
                item.problem("Duplicate model '%s': names must be unique.".formatted(name.get()));
            }
            name.ifPresent(modelNames::add);
            keysOfItem
                    .flatMap(keys -> reader.model(item, keys, name))
                    .filter(model -> hasFactorsOf(models.values(), item, model))
                    .ifPresent(model -> models.putIfAbsent(model.name(), model));
        }
        return List.copyOf(models.values());
    }

    /** Returns whether a model has the same factors as the others, or adds a problem. */
    private static boolean hasFactorsOf(Collection<StudiedModel> others, YamlValue item, StudiedModel model) {
        var problem = others.stream()
                .filter(other -> !other.factors().isEmpty())
                .filter(other -> !model.factors().isEmpty())
                .findFirst()
                .flatMap(model::factorProblem);
        problem.ifPresent(item::problem);
        return problem.isEmpty();
    }

    /**
     * Returns the searches.
     *
     * @param otherwise the searches of a file without any, or with problems
     */
    private static List<StudiedSearch> searches(
            YamlSection section, SearchReader reader, List<StudiedSearch> otherwise) {
        var value = section.value("search");
        if (value.isPresent() && value.get().is(NONE)) {
            return List.of();
        }
        var read = value.map(reader::searches).orElse(List.of());
        return read.isEmpty() ? otherwise : read;
    }

    /** Returns the searches of a protocol, with which those of the file have to agree. */
    private List<StudiedSearch> searches(YamlSection section, Protocol protocol, InputsSpec.Kind kind) {
        var without = protocol.search(
                kind,
                SearchArguments.of(Map.of()),
                problem -> section.value("protocol")
                        .filter(value -> section.value("search").isEmpty())
                        .ifPresent(value -> value.problem("search: " + problem)));
        var otherwise =
                without.orElseGet(() -> protocol.settings(Seed.Kind.SUPER_NOISE).inversion());
        return searches(
                section,
                new SearchReader(folder, (given, to) -> protocol.search(kind, given, to)),
                List.of(StudiedSearch.of(otherwise)));
    }

    private Optional<InputsSpec> inputs(YamlSection section, List<Integer> limit, List<StudiedModel> models) {
        section.value("limit").ifPresent(count -> addLimit(count, limit));
        var value = section.value("inputs");
        if (value.isEmpty()) {
            if (!models.isEmpty()
                    && models.stream().allMatch(model -> model.arrays().isPresent())) {
                return Optional.of(InputsSpec.of(models.get(0).spec().file()));
            }
            problems.add(new Problem("", "'inputs' is missing: specify a file or folder."));
            return Optional.empty();
        }
        if (!value.get().isSection()) {
            return value.get().existing(folder).map(InputsSpec::of);
        }
        var keys = value.get().section("'inputs'", INPUT_KEYS);
        keys.flatMap(ofInputs -> ofInputs.value("limit")).ifPresent(ofInputs -> addLimit(ofInputs, limit));
        var path = keys.flatMap(ofInputs -> ofInputs.value("path"));
        if (path.isEmpty()) {
            value.get().problem("'path' of the inputs is missing: specify a file or folder.");
        }
        var framing = keys.flatMap(ofInputs -> framing(value.get(), ofInputs)).orElse(ResizeAndCrop.NONE);
        var array = keys.flatMap(ofInputs -> ofInputs.value("array").or(() -> ofInputs.value("channel")))
                .flatMap(YamlValue::text);
        var range = keys.flatMap(ofInputs -> ofInputs.value("range")).flatMap(ExperimentReader::range);
        var fixed = keys.flatMap(ofInputs -> ofInputs.value("fixed")).flatMap(mask -> mask.existing(folder));
        return path.flatMap(file -> file.existing(folder))
                .map(file -> new InputsSpec(file, array, framing, range, fixed));
    }

    /** Reads data, free, a pair of numbers, or a list with a pair per channel. */
    private static Optional<RangeChoice> range(YamlValue value) {
        if (!value.isList()) {
            return value.parse(RangeChoice::parse);
        }
        var items = value.list();
        var pairs = items.stream().allMatch(YamlValue::isList)
                ? items.stream().map(pair -> String.join(",", pair.texts())).toList()
                : List.of(String.join(",", value.texts()));
        return value.attempt(() -> RangeChoice.parse(String.join("/", pairs)));
    }

    private static Optional<ResizeAndCrop> framing(YamlValue inputs, YamlSection keys) {
        var interpolation = keys.value("interpolation")
                .flatMap(value -> value.word(Interpolation.class, "interpolation"))
                .orElse(Interpolation.BILINEAR);
        var resize = keys.value("resize").flatMap(YamlValue::text);
        var crop = keys.value("crop").flatMap(YamlValue::text);
        var size = keys.value("size").flatMap(YamlValue::text);
        return inputs.attempt(() -> ResizeAndCrop.parse(resize, crop, size, interpolation));
    }

    private static void addLimit(YamlValue value, List<Integer> limit) {
        var number = value.whole();
        number.filter(count -> count >= 1).ifPresent(limit::add);
        number.filter(count -> count < 1)
                .map("limit: %d leaves no inputs: it must be at least 1."::formatted)
                .ifPresent(value::problem);
    }

    private static List<String> measures(YamlSection section) {
        var measures = new LinkedHashSet<String>();
        var items = section.value("measures").map(YamlValue::list).orElse(List.of());
        for (var item : items) {
            item.text()
                    .filter(text -> !measures.add(text))
                    .map("The measure '%s' is there twice."::formatted)
                    .ifPresent(item::problem);
        }
        return measures.isEmpty() ? ScoreSettings.DEFAULT.measures() : List.copyOf(measures);
    }
}
