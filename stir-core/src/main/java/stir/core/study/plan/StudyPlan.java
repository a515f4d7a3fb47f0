package stir.core.study.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import stir.api.Caution;
import stir.api.Experimental;
import stir.core.inputs.Inputs;
import stir.core.network.InputConversion;
import stir.core.score.StudiedLayer;

/**
 * The work of a study. Its results depend only on the plan, not on threads, batch size, Java's
 * heap, order or shards. Immutable; it finds its parts by name without a search, since studies have
 * up to a million pairs.
 *
 * @since 0.1.0
 */
public final class StudyPlan {
    /** About the number of inputs of a unit of a search. No result depends on it. */
    static final int INPUTS_OF_A_UNIT = 500;

    private final Experiment experiment;
    private final Inputs inputs;
    private final String fingerprint;
    private final Map<String, String> files;
    private final PluginHashes plugins;
    private final List<PlannedModel> models;
    private final List<PlannedPair> pairs;

    private final Map<String, PlannedModel> modelsByName = new LinkedHashMap<>();
    private final Map<StudiedLayer, PlannedLayer> layersByPlace = new HashMap<>();
    private final Map<Networks, List<PlannedPair>> pairsByNetworks = new HashMap<>();
    private final Map<String, List<StudiedLayer>> referencesByModel;
    private final Map<String, List<StudiedLayer>> targetsByModel;
    private final List<StudiedLayer> references;
    private final List<StudiedLayer> targets;
    private final Map<RunName, SearchRun> runs = new LinkedHashMap<>();

    private record Networks(String target, String reference) {}

    private record RunName(String search, int repeat) {}

    /**
     * Creates a plan.
     *
     * @param experiment the experiment, as requested
     * @param inputs the inputs, limited as asked for
     * @param fingerprint the hash of the inputs' shape and values in hexadecimal
     * @param files the hashes of files that searches name (seeds, candidates, second networks), by
     *     path
     * @param plugins the hashes of the jars of measures and terms
     * @param models the models, in the experiment's order
     * @param pairs the compared layers: by reference, then by target
     */
    public StudyPlan(
            Experiment experiment,
            Inputs inputs,
            String fingerprint,
            Map<String, String> files,
            PluginHashes plugins,
            List<PlannedModel> models,
            List<PlannedPair> pairs) {
        this.experiment = experiment;
        this.inputs = inputs;
        this.fingerprint = fingerprint;
        this.files = Collections.unmodifiableMap(new TreeMap<>(files));
        this.plugins = plugins;
        this.models = List.copyOf(models);
        this.pairs = List.copyOf(pairs);
        for (var model : models) {
            modelsByName.putIfAbsent(model.name(), model);
            for (var layer : model.layers()) {
                layersByPlace.putIfAbsent(new StudiedLayer(model.name(), layer.name()), layer);
            }
        }
        for (var pair : pairs) {
            pairsByNetworks
                    .computeIfAbsent(
                            new Networks(pair.target().model(), pair.reference().model()), unused -> new ArrayList<>())
                    .add(pair);
        }
        pairsByNetworks.replaceAll((networks, ofNetworks) -> List.copyOf(ofNetworks));
        this.references = pairs.stream().map(PlannedPair::reference).distinct().toList();
        this.targets = pairs.stream().map(PlannedPair::target).distinct().toList();
        this.referencesByModel = byModel(references);
        this.targetsByModel = byModel(targets);
        for (var search : experiment.searches()) {
            for (int repeat = 1; repeat <= experiment.repeats(); repeat++) {
                runs.put(new RunName(search.name(), repeat), SearchRun.of(search, repeat));
            }
        }
    }

    private static Map<String, List<StudiedLayer>> byModel(List<StudiedLayer> layers) {
        return layers.stream().collect(Collectors.groupingBy(StudiedLayer::model, Collectors.toUnmodifiableList()));
    }

    /** Returns the experiment, as requested. */
    public Experiment experiment() {
        return experiment;
    }

    /** Returns the inputs, limited as asked for. */
    public Inputs inputs() {
        return inputs;
    }

    /** Returns the hash of the inputs' shape and values in hexadecimal. */
    public String fingerprint() {
        return fingerprint;
    }

    /** Returns the hashes of files that searches name, by path. */
    public Map<String, String> files() {
        return files;
    }

    /** Returns the hashes of the jars of measures and terms that are not part of Stir. */
    public PluginHashes plugins() {
        return plugins;
    }

    /** Returns the models, in the experiment's order. */
    public List<PlannedModel> models() {
        return models;
    }

    /** Returns the compared layers: by reference, then by target. */
    public List<PlannedPair> pairs() {
        return pairs;
    }

    /** Returns the compared layers of two models, in the order of {@link #pairs()}. */
    public List<PlannedPair> pairs(String target, String reference) {
        return pairsByNetworks.getOrDefault(new Networks(target, reference), List.of());
    }

    /**
     * Returns the layers that are inverted: one inversion per search and repeat serves all targets.
     */
    public List<StudiedLayer> references() {
        return references;
    }

    /** Returns the layers of a model that are inverted. */
    public List<StudiedLayer> references(String model) {
        return referencesByModel.getOrDefault(model, List.of());
    }

    /** Returns the layers that are scored on invariant inputs. */
    public List<StudiedLayer> targets() {
        return targets;
    }

    /** Returns the layers of a model that are scored on invariant inputs. */
    public List<StudiedLayer> targets(String model) {
        return targetsByModel.getOrDefault(model, List.of());
    }

    /** Returns the repeats of all searches. */
    public List<SearchRun> runs() {
        return List.copyOf(runs.values());
    }

    /** Returns one of {@link #runs}. */
    public SearchRun run(String search, int repeat) {
        var run = runs.get(new RunName(search, repeat));
        if (run == null) {
            throw new IllegalArgumentException("No search " + search + ", repeat " + repeat);
        }
        return run;
    }

    /**
     * Returns the units of a stage, in the best order for one process: model by model, to open each
     * once.
     */
    @Experimental
    public List<Unit> units(Stage stage) {
        return units(stage, INPUTS_OF_A_UNIT);
    }

    /**
     * Returns {@link #units(Stage)} with searches divided into ranges of about that many inputs.
     */
    List<Unit> units(Stage stage, int inputsOfAUnit) {
        var units = new ArrayList<Unit>();
        if (stage == Stage.SCORE) {
            var scored = scoredModels();
            for (var target : models) {
                for (var reference : models) {
                    if (scored.contains(new Networks(target.name(), reference.name()))) {
                        units.add(new Unit.Score(target.name(), reference.name()));
                    }
                }
            }
            return units;
        }
        for (var reference : references) {
            for (var run : runs.values()) {
                switch (stage) {
                    case SEARCH -> units.addAll(ranges(reference, run, inputsOfAUnit));
                    case GATHER -> units.add(new Unit.Gather(reference, run.search(), run.repeat()));
                    case SCORE -> throw new AssertionError("handled above");
                }
            }
        }
        return units;
    }

    /**
     * Returns a shard's fixed share of the units of a stage, which depends only on the plan: from
     * the costliest unit to the cheapest, each goes to the shard with the least work so far.
     *
     * @param stage {@link Stage#SEARCH} or {@link Stage#SCORE}: gathering belongs to the shard that
     *     needs it
     */
    @Experimental
    public List<Unit> share(Stage stage, Shard shard) {
        return new Shares(this).of(stage, shard);
    }

    /** Returns the ranges of a search. */
    @Experimental
    public List<Unit> unitsOf(Unit.Gather whole) {
        var run = run(whole.search(), whole.repeat());
        return List.copyOf(ranges(whole.reference(), run, INPUTS_OF_A_UNIT));
    }

    /**
     * Returns the pairs of models, target first, that have a unit of scores: of pairs of layers, or
     * of ceilings and floors.
     */
    private Set<Networks> scoredModels() {
        var scored = new HashSet<>(pairsByNetworks.keySet());
        for (var networks : pairsByNetworks.keySet()) {
            scored.add(new Networks(networks.target, networks.target));
            scored.add(new Networks(networks.reference, networks.reference));
        }
        return scored;
    }

    private List<Unit.Search> ranges(StudiedLayer reference, SearchRun run, int inputsOfAUnit) {
        int count = inputs.count();
        var ranges = new ArrayList<Unit.Search>();
        for (int from = 0; from < count; ) {
            int to = (int) Math.min(count, (long) from + inputsOfAUnit);
            ranges.add(new Unit.Search(reference, run.search(), run.repeat(), from, to));
            from = to;
        }
        return ranges;
    }

    /** Returns the number of inversions, each of all inputs. */
    public int inversions() {
        return references().size() * searchesAndRepeats();
    }

    /** Returns the number of scores: pairs of layers, times searches, times repeats. */
    public int scores() {
        return pairs.size() * searchesAndRepeats();
    }

    /** Returns the number of scores and similarities, one per pair of layers. */
    public int comparisons() {
        return scores() + pairs.size();
    }

    /** Returns the conversions of inputs that a user may not expect. */
    public List<Caution> cautions() {
        var converted = new LinkedHashMap<InputConversion, List<String>>();
        for (var model : models) {
            for (var change : InputConversion.of(inputs.shape(), model.input(), model.layout())) {
                converted.computeIfAbsent(change, unused -> new ArrayList<>()).add(model.name());
            }
        }
        var cautions = new ArrayList<Caution>();
        converted.forEach((change, names) -> {
            var others = new ArrayList<>(models.stream().map(PlannedModel::name).toList());
            others.removeAll(names);
            cautions.add(change.caution(names, others));
        });
        models.forEach(model -> model.caution().ifPresent(cautions::add));
        return cautions;
    }

    private int searchesAndRepeats() {
        return experiment.searches().size() * experiment.repeats();
    }

    /** Returns the most forward and backward passes of one input in all inversions. */
    public long searchPasses() {
        long each = (long) references().size() * experiment.repeats() * inputs.count();
        return experiment.searches().stream()
                .mapToLong(search -> each * (search.settings().iterations() + 1L))
                .sum();
    }

    /**
     * Returns the forward passes of one input at a measured layer in all comparisons: of inputs,
     * seeds and invariant inputs.
     */
    public long representationPasses() {
        long seen = pairs.stream().distinct().count() * searchesAndRepeats();
        long seeds = (long) targets().size() * searchesAndRepeats();
        long stitched = pairs.stream()
                        .filter(pair -> model(pair.target().model()).head().isPresent())
                        .map(PlannedPair::reference)
                        .distinct()
                        .count()
                * searchesAndRepeats();
        return inputs.count() * (seen + seeds + stitched + layers());
    }

    /** Returns the number of measured layers of all models. */
    public int layers() {
        return models.stream().mapToInt(model -> model.layers().size()).sum();
    }

    /** Returns the model of a name. */
    public PlannedModel model(String name) {
        var model = modelsByName.get(name);
        if (model == null) {
            throw new IllegalArgumentException("No model " + name);
        }
        return model;
    }

    /** Returns a layer of a model. */
    public PlannedLayer layer(StudiedLayer at) {
        var layer = layersByPlace.get(at);
        if (layer == null) {
            throw new IllegalArgumentException("No layer " + at);
        }
        return layer;
    }
}
