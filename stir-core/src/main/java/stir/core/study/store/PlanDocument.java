package stir.core.study.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import stir.api.Caution;
import stir.api.Scale;
import stir.api.Shape;
import stir.core.inputs.InputFacts;
import stir.core.io.files.JsonFile;
import stir.core.math.statistics.Estimate;
import stir.core.network.SearchedLayer;
import stir.core.runtime.machine.Machine;
import stir.core.runtime.machine.StirVersion;
import stir.core.score.ScoreSettings;
import stir.core.store.CacheKey;
import stir.core.study.plan.About;
import stir.core.study.plan.PlannedLayer;
import stir.core.study.plan.PlannedModel;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.PlannedReference;
import stir.core.study.plan.StudyPlan;
import stir.core.study.results.GroupedNetwork;

/** The document of a study: files and their hashes, settings, versions, and how to repeat it. */
public record PlanDocument(
        String schema,
        Optional<About> about,
        Optional<String> command,
        Map<String, String> versions,
        @JsonProperty("networks") List<Model> models,
        Data inputs,
        List<Measure> measures,
        Settings settings,
        List<PlannedPair> pairs,
        List<Caution> cautions,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> sha256) {
    /** The name and the version of the document. */
    static final String SCHEMA = "stir-study/2";

    /** The key of a search's name among its settings. */
    public static final String NAME = "name";

    /**
     * The settings of a study.
     *
     * @param reduce the reduction of representations before the measures
     * @param repeats the number of repeats of each search
     * @param memory the limit of memory in bytes
     * @param intervalLevel the probability with which intervals contain the estimated value
     * @param protocol the protocol that the settings follow; empty for settings of one's own
     * @param searches the settings of each search by the names of the options
     */
    public record Settings(
            String reduce,
            int repeats,
            long memory,
            double intervalLevel,
            Optional<String> protocol,
            List<Map<String, Object>> searches) {
        /** Checks the number of repeats, each of which is looked for. */
        public Settings {
            var unused = ScoreSettings.DEFAULT.withRepeats(repeats);
        }
    }

    /** The inputs of a study. */
    public record Data(
            String source,
            int count,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String preparation,
            Optional<String> range,
            OptionalInt rate,
            Shape shape,
            String sha256) {
        /** Checks that there are inputs. */
        public Data {
            if (count < 1) {
                throw new IllegalArgumentException("There can't be %d inputs".formatted(count));
            }
        }
    }

    /** A model of a study. */
    public record Model(
            String name,
            String file,
            String sha256,
            String backend,
            Optional<String> backendSha256,
            String library,
            String device,
            Map<String, String> settings,
            Optional<Map<String, String>> inputs,
            List<Double> mean,
            List<Double> std,
            Optional<String> layout,
            Shape input,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> factors,
            OptionalDouble layerWeight,
            Optional<Map<String, Double>> searchedWith,
            Optional<List<Reference>> references,
            Optional<Head> head,
            List<PlannedLayer> layers,
            Map<String, String> machine) {
        /** Copies the groups, which are not in documents without them. */
        @SuppressWarnings("NullAway") // absent where read
        public Model {
            factors = factors == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(factors));
        }

        private static Model of(PlannedModel model) {
            var spec = model.model().spec();
            var more = weights(spec.moreLayers());
            return new Model(
                    model.name(),
                    spec.file().toString(),
                    model.sha256(),
                    model.backend(),
                    model.identity().backendSha256(),
                    model.machine().getOrDefault("library", ""),
                    spec.device().toString(),
                    new TreeMap<>(spec.settings()),
                    Optional.of(spec.inputs().identity()).filter(all -> !all.isEmpty()),
                    spec.preprocessing().mean(),
                    spec.preprocessing().standardDeviation(),
                    spec.preprocessing().layout().map(Object::toString),
                    model.input(),
                    model.model().factors(),
                    more.isPresent() ? OptionalDouble.of(spec.layerWeight()) : OptionalDouble.empty(),
                    more,
                    Optional.of(model.references().stream().map(Reference::of).toList())
                            .filter(all -> !all.isEmpty()),
                    model.head().map(hash -> Head.of(model, hash)),
                    model.layers(),
                    model.machine());
        }

        private static Optional<Map<String, Double>> weights(List<SearchedLayer> layers) {
            var weights = new LinkedHashMap<String, Double>();
            layers.forEach(layer -> weights.put(layer.name(), layer.weight()));
            return Optional.<Map<String, Double>>of(weights).filter(all -> !all.isEmpty());
        }
    }

    /** The head of a model. */
    public record Head(String model, String sha256) {
        private static Head of(PlannedModel model, String hash) {
            var file = model.model().head().orElseThrow();
            return new Head(String.valueOf(file.getFileName()), hash);
        }
    }

    /** A further network that the searches of a model match. */
    public record Reference(
            String model,
            String sha256,
            String backend,
            Optional<String> backendSha256,
            String layer,
            double weight,
            List<Double> mean,
            List<Double> std) {
        private static Reference of(PlannedReference planned) {
            var spec = planned.reference().spec();
            return new Reference(
                    String.valueOf(spec.file().getFileName()),
                    planned.sha256(),
                    planned.identity().backend(),
                    planned.identity().backendSha256(),
                    planned.layer(),
                    planned.reference().weight(),
                    spec.preprocessing().mean(),
                    spec.preprocessing().standardDeviation());
        }
    }

    /**
     * A measure, the hash of its jar unless it is part of Stir, and its scale. JSON has no infinity:
     * an open end is null.
     */
    public record Measure(
            String id,
            Optional<String> sha256,
            @JsonInclude(JsonInclude.Include.ALWAYS) OptionalDouble lowest,
            @JsonInclude(JsonInclude.Include.ALWAYS) OptionalDouble highest,
            boolean largerIsMoreSimilar) {
        /** Checks that it has a name, and a range. */
        public Measure {
            if (id.isEmpty()) {
                throw new IllegalArgumentException("A measure has no id");
            }
            var unused = scale(lowest, highest, largerIsMoreSimilar);
        }

        private static Measure of(String id, Optional<String> sha256, Scale scale) {
            return new Measure(id, sha256, end(scale.lowest()), end(scale.highest()), scale.largerIsMoreSimilar());
        }

        private static OptionalDouble end(double end) {
            return Double.isFinite(end) ? OptionalDouble.of(end) : OptionalDouble.empty();
        }

        /** Returns the scale of its values. */
        public Scale scale() {
            return scale(lowest, highest, largerIsMoreSimilar);
        }

        private static Scale scale(OptionalDouble lowest, OptionalDouble highest, boolean largerIsMoreSimilar) {
            return new Scale(
                    lowest.orElse(Double.NEGATIVE_INFINITY),
                    highest.orElse(Double.POSITIVE_INFINITY),
                    largerIsMoreSimilar);
        }
    }

    /**
     * Returns the document of a plan.
     *
     * @param scales the scales of the measures
     * @param command the command that repeats the study; empty if no command started it
     */
    public static PlanDocument of(StudyPlan plan, Map<String, Scale> scales, String command) {
        var keys = new CacheKeys(plan);
        var experiment = plan.experiment();
        var inputs = plan.inputs();
        var versions = new LinkedHashMap<String, String>();
        versions.put("stir", StirVersion.current());
        versions.put("java", Runtime.version().toString());
        var measures = new ArrayList<Measure>();
        scales.forEach((id, scale) -> measures.add(
                Measure.of(id, Optional.ofNullable(plan.plugins().measures().get(id)), scale)));
        return new PlanDocument(
                SCHEMA,
                Optional.of(experiment.about()).filter(about -> !about.equals(About.NONE)),
                Optional.of(command).filter(text -> !text.isEmpty()),
                versions,
                plan.models().stream().map(Model::of).toList(),
                new Data(
                        inputs.facts().source(),
                        inputs.count(),
                        inputs.facts().preparation(),
                        inputs.facts().range().stored(),
                        inputs.facts().sound().stream()
                                .mapToInt(InputFacts.Sound::rate)
                                .findFirst(),
                        inputs.shape(),
                        plan.fingerprint()),
                measures,
                new Settings(
                        experiment.reduction().word(),
                        experiment.repeats(),
                        experiment.memory(),
                        Estimate.LEVEL,
                        experiment.protocol().map(Object::toString),
                        searches(plan, keys)),
                plan.pairs(),
                plan.cautions(),
                Map.of());
    }

    /** Returns the same document with the hashes of other stored files, by their names. */
    PlanDocument with(Map<String, String> hashes) {
        return new PlanDocument(
                schema, about, command, versions, models, inputs, measures, settings, pairs, cautions, hashes);
    }

    private static List<Map<String, Object>> searches(StudyPlan plan, CacheKeys keys) {
        var searches = new ArrayList<Map<String, Object>>();
        for (var run : plan.runs()) {
            if (run.repeat() == 1) {
                var one = new LinkedHashMap<String, Object>();
                one.put(NAME, run.search());
                one.putAll(keys.settings(run));
                run.settings().describe().forEach((option, value) -> one.put(key(option), JsonFile.plain(value)));
                searches.add(one);
            }
        }
        return searches;
    }

    /** Returns the key of an option. */
    public static String key(String option) {
        return option.replace('-', '_');
    }

    /** Returns whether it compares two layers in both directions, as a single score does. */
    public boolean isOfTwo() {
        return pairs.size() == 2 && pairs.get(0).equals(pairs.get(1).turned());
    }

    /** Returns the networks with their groups. */
    public List<GroupedNetwork> grouped() {
        return models.stream()
                .map(model -> new GroupedNetwork(
                        model.name(),
                        model.layers().stream().map(PlannedLayer::name).toList(),
                        model.factors()))
                .toList();
    }

    /** Returns what differs in a plan, of models and searches that both have; a sentence each. */
    List<String> differencesFrom(PlanDocument asked) {
        var differences = new ArrayList<String>();
        var was = JsonFile.tree(inputs);
        var is = JsonFile.tree(asked.inputs);
        compare("the inputs", was, is, differences, "source", "preparation", "sha256");
        if (differences.isEmpty()) { // of other inputs, as many and as large
            compare("the inputs", was, is, differences, "source", "preparation");
        }
        compareByName(models, asked.models, differences);
        compareByName(settings.searches, asked.settings.searches, differences);
        return differences;
    }

    /**
     * Returns whether two documents are of the same study, regardless of the place of its files, of
     * its machines, of its title, authors and notes, and of its cautions.
     */
    boolean isSameStudy(PlanDocument asked) {
        return studied().equals(asked.studied());
    }

    private JsonNode studied() {
        var studied = (ObjectNode) JsonFile.tree(this);
        studied.remove(List.of("about", "command", "versions", "cautions", "sha256"));
        studied.withObject("/inputs").remove("source");
        for (var model : studied.path("networks")) {
            ((ObjectNode) model).remove(List.of("file", "machine", "library"));
        }
        return studied;
    }

    private static void compareByName(List<?> stored, List<?> asked, List<String> differences) {
        var byName = new LinkedHashMap<String, JsonNode>();
        JsonFile.tree(stored).forEach(node -> byName.put(node.path(NAME).asText(), node));
        for (var node : JsonFile.tree(asked)) {
            var name = node.path(NAME).asText();
            var other = byName.get(name);
            if (other != null) {
                compare(
                        name,
                        other,
                        node,
                        differences,
                        "file",
                        "factors",
                        "head",
                        "layers",
                        "input",
                        "machine",
                        "library");
            }
        }
    }

    private static void compare(
            String part, JsonNode stored, JsonNode asked, List<String> differences, String... ignored) {
        for (var difference : key(asked, ignored).differencesFrom(key(stored, ignored))) {
            differences.add(part + ": " + difference);
        }
    }

    private static CacheKey key(JsonNode node, String... ignored) {
        var values = new TreeMap<String, String>();
        node.fieldNames().forEachRemaining(name -> values.put(name, text(node.path(name))));
        List.of(ignored).forEach(values::remove);
        return new CacheKey(values);
    }

    private static String text(JsonNode node) {
        var text = node.isValueNode() ? node.asText() : node.toString();
        boolean isLongRange = text.length() > 64 && text.matches("[-0-9.E,/]+");
        return isLongRange ? text.substring(0, 24) + "..." : text;
    }

    /** Returns the machines of this document that differ from those of a plan. */
    List<OtherMachine> machinesUnlike(PlanDocument asked) {
        var differences = new ArrayList<OtherMachine>();
        for (var model : models) {
            var there = new Machine(model.machine);
            asked.models.stream()
                    .filter(other -> other.name.equals(model.name))
                    .map(other -> new OtherMachine(model.name, new Machine(other.machine), there))
                    .filter(OtherMachine::differs)
                    .forEach(differences::add);
        }
        return differences;
    }
}
