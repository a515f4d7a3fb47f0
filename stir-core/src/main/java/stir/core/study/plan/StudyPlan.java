package stir.core.study.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import stir.api.Caution;
import stir.api.Experimental;
import stir.core.inputs.Inputs;
import stir.core.network.InputConversion;
import stir.core.score.StudiedLayer;

/**
 * The work of a study. Its results depend only on the plan, not on threads, batch size, Java's
 * heap, order or shards.
 *
 * @param experiment the experiment, as requested
 * @param inputs the inputs, limited as asked for
 * @param fingerprint the hash of the inputs' shape and values in hexadecimal
 * @param files the hashes of files that searches name (seeds, candidates, second networks), by path
 * @param models the models, in the experiment's order
 * @param pairs the compared layers: by reference, then by target
 * @since 0.1.0
 */
public record StudyPlan(
        Experiment experiment,
        Inputs inputs,
        String fingerprint,
        Map<String, String> files,
        List<PlannedModel> models,
        List<PlannedPair> pairs) {
    /** About the number of inputs of a unit of a search. No result depends on it. */
    static final int INPUTS_OF_A_UNIT = 500;

    /** Copies the collections. */
    public StudyPlan {
        files = new TreeMap<>(files);
        models = List.copyOf(models);
        pairs = List.copyOf(pairs);
    }

    /**
     * Returns the layers that are inverted: one inversion per search and repeat serves all targets.
     */
    public List<StudiedLayer> references() {
        return pairs.stream().map(PlannedPair::reference).distinct().toList();
    }

    /** Returns the layers that are scored on invariant inputs. */
    public List<StudiedLayer> targets() {
        return pairs.stream().map(PlannedPair::target).distinct().toList();
    }

    /** Returns the repeats of all searches. */
    public List<SearchRun> runs() {
        var runs = new ArrayList<SearchRun>();
        for (var search : experiment.searches()) {
            for (int repeat = 1; repeat <= experiment.repeats(); repeat++) {
                runs.add(SearchRun.of(search, repeat));
            }
        }
        return runs;
    }

    /** Returns one of {@link #runs}. */
    public SearchRun run(String search, int repeat) {
        return runs().stream()
                .filter(run -> run.search().equals(search) && run.repeat() == repeat)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No search " + search + ", repeat " + repeat));
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
                    if (scored.contains(List.of(target.name(), reference.name()))) {
                        units.add(new Unit.Score(target.name(), reference.name()));
                    }
                }
            }
            return units;
        }
        for (var reference : references()) {
            for (var run : runs()) {
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
    private Set<List<String>> scoredModels() {
        var scored = new HashSet<List<String>>();
        for (var pair : pairs) {
            var target = pair.target().model();
            var reference = pair.reference().model();
            scored.add(List.of(target, reference));
            scored.add(List.of(target, target));
            scored.add(List.of(reference, reference));
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
        return models.stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No model " + name));
    }

    /** Returns a layer of a model. */
    public PlannedLayer layer(StudiedLayer at) {
        return model(at.model()).layers().stream()
                .filter(layer -> layer.name().equals(at.layer()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No layer " + at));
    }
}
