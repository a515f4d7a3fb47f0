package stir.core.study.plan;

import stir.api.Caution;
import stir.api.Experimental;
import stir.core.inputs.Inputs;
import stir.core.inversion.search.Inverter;
import stir.core.network.pass.Recolouring;
import stir.core.score.compute.BlockSums;
import stir.core.score.compute.RowMemory;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that a study has to do. What it finds is a function of the plan alone: not of threads, batch
 * size, Java's heap, order or shards.
 *
 * @param experiment what was asked for
 * @param inputs the inputs, limited as asked for
 * @param fingerprint the hash of the inputs' shape and values in hexadecimal
 * @param files the hashes of files that searches name (seeds, candidates, second networks), by path
 * @param models the models, in the experiment's order
 * @param pairs what is compared with what: by reference, then by target
 * @since 0.1.0
 */
public record StudyPlan(
        Experiment experiment,
        Inputs inputs,
        String fingerprint,
        Map<String, String> files,
        List<PlannedModel> models,
        List<PlannedPair> pairs) {
    /** How many inputs a unit of a search has, about. Nothing that is found depends on it. */
    static final int INPUTS_OF_A_UNIT = 500;

    /** Checks that nothing is missing. */
    public StudyPlan {
        Objects.requireNonNull(experiment, "experiment");
        Objects.requireNonNull(inputs, "inputs");
        Objects.requireNonNull(fingerprint, "fingerprint");
        files = new TreeMap<>(files);
        models = List.copyOf(models);
        pairs = List.copyOf(pairs);
    }

    /**
     * The layers that are inverted: one inversion for each search and repeat serves all targets.
     */
    public List<StudiedLayer> references() {
        return pairs.stream().map(PlannedPair::reference).distinct().toList();
    }

    /** The layers that look at invariant inputs. */
    public List<StudiedLayer> targets() {
        return pairs.stream().map(PlannedPair::target).distinct().toList();
    }

    /** The repeats of all searches. */
    public List<SearchRun> runs() {
        var runs = new ArrayList<SearchRun>();
        for (var search : experiment.searches()) {
            for (int repeat = 1; repeat <= experiment.repeats(); repeat++) {
                runs.add(SearchRun.of(search, repeat));
            }
        }
        return runs;
    }

    /** One of {@link #runs}. */
    public SearchRun run(String search, int repeat) {
        return runs().stream()
                .filter(run -> run.search().equals(search) && run.repeat() == repeat)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "No search " + search + ", repeat " + repeat));
    }

    /**
     * The units of a stage, in the order in which one process does them best: model by model, so
     * that each is opened once.
     */
    @Experimental
    public List<Unit> units(Stage stage) {
        return units(stage, INPUTS_OF_A_UNIT);
    }

    /** As {@link #units(Stage)}, with searches cut into ranges of about so many inputs. */
    List<Unit> units(Stage stage, int inputsOfAUnit) {
        var units = new ArrayList<Unit>();
        if (stage == Stage.SUM) {
            int blocks = blocks();
            for (var unit : blocks == 0 ? List.<Unit>of() : units(Stage.SCORE)) {
                var score = (Unit.Score) unit;
                for (int block = 0; block < blocks; block++) {
                    units.add(new Unit.Sums(score.target(), score.reference(), block));
                }
            }
            return units;
        }
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
                    case GATHER ->
                            units.add(new Unit.Gather(reference, run.search(), run.repeat()));
                    case SUM, SCORE -> throw new AssertionError("handled above");
                }
            }
        }
        return units;
    }

    /**
     * Over how many blocks of inputs scores are summed, each of which is a unit of its own; 0 if
     * there are so few inputs that scores are computed from all of them at once.
     */
    public int blocks() {
        int count = inputs.count();
        boolean isLarge =
                count > BlockSums.INPUTS
                        && pairs.stream()
                                .anyMatch(
                                        pair ->
                                                !fits(pair.reference(), pair.target())
                                                        || !fits(pair.target(), pair.target()));
        return isLarge ? (count - 1) / BlockSums.INPUTS + 1 : 0;
    }

    private boolean fits(StudiedLayer a, StudiedLayer b) {
        return new RowMemory(experiment.memory())
                .fits(inputs.count(), layer(a).shape().size(), layer(b).shape().size());
    }

    /**
     * A shard's fixed share of the units of a stage, which the plan alone decides: the costliest
     * units first, each goes to the shard that has least so far. A search's units cost much the
     * same, and so they go to many shards.
     *
     * @param stage {@link Stage#SEARCH}, {@link Stage#SUM} or {@link Stage#SCORE}: gathering
     *     belongs to whoever needs it
     */
    @Experimental
    public List<Unit> share(Stage stage, Shard shard) {
        return new Shares(this).of(stage, shard);
    }

    /** The units of a search that come before it is gathered. */
    @Experimental
    public List<Unit> unitsOf(Unit.Gather whole) {
        var run = run(whole.search(), whole.repeat());
        return List.copyOf(ranges(whole.reference(), run, INPUTS_OF_A_UNIT));
    }

    /**
     * The models, target first, that have a unit of scores: of pairs, or of one's ceilings and
     * floors.
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
            int wanted = (int) Math.min(count, (long) from + inputsOfAUnit);
            int to = Inverter.borderFrom(run.settings(), count, wanted);
            ranges.add(new Unit.Search(reference, run.search(), run.repeat(), from, to));
            from = to;
        }
        return ranges;
    }

    /** The number of inversions, each of all inputs. */
    public int inversions() {
        return references().size() * searchesAndRepeats();
    }

    /** The number of scores: pairs of layers, times searches, times repeats. */
    public int scores() {
        return pairs.size() * searchesAndRepeats();
    }

    /** The number of scores and plain similarities, of which each pair of layers has one. */
    public int comparisons() {
        return scores() + pairs.size();
    }

    /** Returns what happens to the inputs before models take them that a user may not expect. */
    public List<Caution> cautions() {
        var recoloured = new EnumMap<Recolouring, List<String>>(Recolouring.class);
        for (var model : models) {
            Recolouring.of(inputs.shape(), model.input(), model.layout())
                    .ifPresent(
                            change ->
                                    recoloured
                                            .computeIfAbsent(change, unused -> new ArrayList<>())
                                            .add(model.name()));
        }
        return recoloured.entrySet().stream()
                .map(entry -> entry.getKey().caution(entry.getValue()))
                .toList();
    }

    private int searchesAndRepeats() {
        return experiment.searches().size() * experiment.repeats();
    }

    /** The forward and backward passes of one input that inversions take at most. */
    public long searchPasses() {
        return experiment.searches().stream()
                .mapToLong(
                        search ->
                                (long) references().size()
                                        * experiment.repeats()
                                        * inputs.count()
                                        * (search.settings().iterations() + 1L))
                .sum();
    }

    /**
     * The forward passes of one input at a measured layer that comparisons take: of inputs, seeds
     * and invariant inputs.
     */
    public long representationPasses() {
        long seen = pairs.stream().distinct().count() * searchesAndRepeats();
        long seeds = (long) targets().size() * searchesAndRepeats();
        return inputs.count() * (seen + seeds + layers());
    }

    /** The number of measured layers of all models. */
    public int layers() {
        return models.stream().mapToInt(model -> model.layers().size()).sum();
    }

    /** The model of a name. */
    public PlannedModel model(String name) {
        return models.stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No model " + name));
    }

    /** A layer as it was found. */
    public PlannedLayer layer(StudiedLayer at) {
        return model(at.model()).layers().stream()
                .filter(layer -> layer.name().equals(at.layer()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No layer " + at));
    }
}
