package stir.core.study.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import stir.api.Caution;
import stir.api.SimilarityMeasure;
import stir.core.inputs.Inputs;
import stir.core.inputs.Rows;
import stir.core.network.pass.NetworkHead;
import stir.core.runtime.progress.Progress;
import stir.core.runtime.progress.ProgressListener;
import stir.core.score.Stitching;
import stir.core.score.StudiedLayer;
import stir.core.score.Verdict;
import stir.core.score.compute.Direction;
import stir.core.score.compute.HeldRepresentations;
import stir.core.score.compute.PredictedClasses;
import stir.core.score.compute.Representations;
import stir.core.score.compute.RowMemory;
import stir.core.score.compute.Similarities;
import stir.core.score.compute.StitchedNetwork;
import stir.core.store.SaveTimes;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.StudyPlan;
import stir.core.study.plan.Unit;
import stir.core.study.store.CacheKeys;
import stir.core.study.store.ResultStore;
import stir.core.study.store.ScoreBlock;

/** The computation of one unit of scores. Not thread-safe. */
final class ScoreUnit {
    private final Unit.Score unit;
    private final StudyPlan plan;
    private final ResultStore store;
    private final Map<String, SimilarityMeasure> measures;
    private final List<PartGroup> groups;
    private final ScoreBlock before;
    private final NetworkPool networks;
    private final RepresentationCache cache;
    private final ProgressListener listener;
    private final SaveTimes times = new SaveTimes(System::nanoTime);
    private final List<ScoreBlock.Part> results = new ArrayList<>();
    private final Map<StudiedLayer, List<Caution>> examined = new HashMap<>();
    private final long total;
    private long done;
    private int computed;
    private int reused;

    /**
     * Creates a computation that has not begun.
     *
     * @param measures the plan's measures by name
     * @param networks the pool that opens the models; the caller retains ownership
     * @param cache the cache of the inputs' representations
     */
    ScoreUnit(
            Unit.Score unit,
            StudyPlan plan,
            ResultStore store,
            CacheKeys keys,
            Map<String, SimilarityMeasure> measures,
            NetworkPool networks,
            RepresentationCache cache,
            ProgressListener listener) {
        this.unit = unit;
        this.plan = plan;
        this.store = store;
        this.measures = measures;
        this.groups = PartGroup.of(unit, plan, store, keys);
        this.before = store.scores(unit.target(), unit.reference());
        this.networks = networks;
        this.cache = cache;
        this.listener = listener;
        this.total = groups.stream().mapToLong(group -> group.parts().size()).sum();
    }

    /** Returns the number of scores and similarities that were computed. */
    int computed() {
        return computed;
    }

    /** Returns the number of scores and similarities that were stored before. */
    int reused() {
        return reused;
    }

    /** Reads the inputs once for all missing parts, computes these, and stores the results. */
    void run() {
        readInputs();
        compute();
        save();
    }

    /** Computes the missing parts. */
    private void compute() {
        for (var group : groups) {
            var layers = layers(List.of(group), ScorePart::shownLayers);
            Map<String, Representations> shown = layers.isEmpty()
                    ? Map.of()
                    : cache.compute(
                            network(unit.target()), layers, group.shown().get());
            shown.forEach((layer, representations) ->
                    keep(new StudiedLayer(unit.target(), layer), group.path(), representations));
            checkUnchanged();
            for (var part : group.parts()) {
                finish(part, shown);
            }
        }
        checkUnchanged();
    }

    /** Checks the passes so far of networks that were taken for functions of their input. */
    private void checkUnchanged() {
        for (var model : List.of(unit.target(), unit.reference())) {
            var planned = plan.model(model);
            if (planned.inconsistency().isEmpty()
                    && networks.arrays(planned.model()).isEmpty()) {
                var refusal = network(model).change();
                if (refusal.isPresent()) {
                    throw refusal.get();
                }
            }
        }
    }

    /**
     * Computes the inputs' representations at all layers that missing parts read, in one pass per
     * network.
     */
    private void readInputs() {
        var ofTarget = layers(groups, ScorePart::targetLayers);
        var ofReference = layers(groups, ScorePart::referenceLayers);
        ofInputs(unit.target(), ofTarget);
        ofInputs(unit.reference(), ofReference);
    }

    private OpenNetwork network(String model) {
        return networks.get(plan.model(model).model(), plan.inputs());
    }

    /** Returns the representations of the inputs: stored ones, or those of a network. */
    private Map<String, Representations> ofInputs(String model, List<String> layers) {
        var arrays = networks.arrays(plan.model(model).model());
        if (arrays.isEmpty()) {
            return cache.ofInputs(model, network(model), layers, plan.inputs());
        }
        var stored = new LinkedHashMap<String, Representations>();
        var lengths = plan.inputs().facts().lengths();
        layers.forEach(layer -> stored.put(layer, arrays.get().representations(layer, lengths)));
        return stored;
    }

    /** Returns the layers that the incomplete parts of the given groups read. */
    private List<String> layers(List<PartGroup> of, Function<ScorePart, List<String>> layersOfPart) {
        Set<String> layers = new LinkedHashSet<>();
        for (var group : of) {
            for (var part : group.parts()) {
                if (!missing(part).isEmpty()) {
                    layers.addAll(layersOfPart.apply(part));
                }
            }
        }
        return List.copyOf(layers);
    }

    private List<String> missing(ScorePart part) {
        return part.missing(before, plan.experiment().measures());
    }

    /** Adds a part's stored values to the results, and computes the missing ones. */
    private void finish(ScorePart part, Map<String, Representations> shown) {
        var stored = before.find(part.place(), part.cacheKey());
        var missing = missing(part);
        if (missing.isEmpty()) {
            reused += part.isComparison() ? 1 : 0;
            stored.ifPresent(results::add);
            return;
        }
        var newer =
                part.compute(new Computation(missing, shown)).by(plan.plugins().measures());
        results.add(stored.map(older -> older.with(newer, plan.experiment().measures()))
                .orElse(newer));
        computed += part.isComparison() ? 1 : 0;
        step();
        if (times.isDue()) { // so that a kill loses seconds, not hours
            save();
            times.saved();
        }
    }

    /** The missing measures of a part, and the representations that they compare. */
    final class Computation {
        private final Direction direction;
        private final Map<String, Representations> shown;
        private final Set<Caution> cautions = new LinkedHashSet<>();

        private Computation(List<String> ids, Map<String, Representations> shown) {
            var chosen = new LinkedHashMap<String, SimilarityMeasure>();
            ids.forEach(id -> chosen.put(id, Objects.requireNonNull(measures.get(id), id)));
            this.direction = new Direction(
                    plan.inputs().count(),
                    plan.experiment().reduction(),
                    new Similarities(chosen, plan.experiment().memory()),
                    cautions::add);
            this.shown = shown;
            for (var model : new LinkedHashSet<>(List.of(unit.target(), unit.reference()))) {
                plan.model(model).caution().ifPresent(cautions::add);
            }
            var target = plan.model(unit.target());
            if (!unit.target().equals(unit.reference())
                    && plan.model(unit.reference()).matches(target)) {
                cautions.add(Caution.of("matched-target", Map.of("models", target.name())));
            }
        }

        Direction direction() {
            return direction;
        }

        /**
         * Adds the cautions about the units of a layer.
         *
         * @param inputs its representations of the inputs
         */
        void examine(StudiedLayer at, Representations inputs) {
            cautions.addAll(examined.computeIfAbsent(at, layer -> direction.examine(inputs, layer.toString())));
        }

        /** Returns the measure that decides the verdict. */
        String deciding() {
            return Verdict.measure(plan.experiment().measures());
        }

        /** Returns the cautions that the direction has reported so far. */
        List<Caution> cautions() {
            return List.copyOf(cautions);
        }

        /** Returns the target's representations of the inputs. */
        Representations ofInputs(String layer) {
            return inputs(unit.target(), layer);
        }

        /** Returns the reference's representations of the inputs. */
        Representations ofReference(String layer) {
            return inputs(unit.reference(), layer);
        }

        /** Returns the target's representations of the seeds or the invariant inputs. */
        Representations ofShown(String layer) {
            return Objects.requireNonNull(shown.get(layer), layer);
        }

        /**
         * Returns the answers of the target's head to the reference's layer; empty without a head.
         *
         * @param run the search
         * @param inputs the inputs
         * @param path the name of the invariant inputs in paths
         * @param invariant the invariant inputs
         */
        Optional<Stitching> stitching(PlannedPair pair, SearchRun run, Inputs inputs, String path, Rows invariant) {
            var head = plan.model(unit.target()).model().headSpec();
            if (head.isEmpty()) {
                return Optional.empty();
            }
            var target = pair.target().layer();
            var reference = pair.reference().layer();
            var before = new StitchedNetwork.BothNetworks(ofReference(reference), ofInputs(target));
            var after = new StitchedNetwork.BothNetworks(
                    pair.target().equals(pair.reference()) ? ofShown(target) : ofInvariant(reference, path, invariant),
                    ofShown(target));
            var opened = networks.head(head.get()); // last, so that no other network closes it
            try (var outputs = NetworkHead.of(opened, plan.layer(pair.target()).shape())) {
                var memory = new RowMemory(plan.experiment().memory());
                long rngSeed = run.settings().rngSeed();
                return StitchedNetwork.answers(before, after, outputs::of, inputs, memory, rngSeed);
            }
        }

        private Representations ofInvariant(String layer, String path, Rows invariant) {
            var byLayer = cache.ofInputs(path, network(unit.reference()), List.of(layer), invariant);
            return Objects.requireNonNull(byLayer.get(layer), layer);
        }

        /** Returns the classes that the target predicts at a layer. */
        Optional<PredictedClasses> classes(Optional<String> layer) {
            return layer.map(name -> new PredictedClasses(name, ofInputs(name), ofShown(name)));
        }
    }

    private Representations inputs(String model, String layer) {
        var representations = ofInputs(model, List.of(layer)).get(layer);
        keep(new StudiedLayer(model, layer), "inputs", Objects.requireNonNull(representations, layer));
        return representations;
    }

    /** Stores representations if the study keeps them and they are held in memory. */
    private void keep(StudiedLayer at, String path, Representations representations) {
        if (store.keepsRepresentations() && representations instanceof HeldRepresentations held) {
            store.keep(at, path, held.rows());
        }
    }

    private void step() {
        RepresentationCache.checkInterrupted();
        done++;
        listener.update(new Progress(
                "Scoring %s on inputs of %s".formatted(unit.target(), unit.reference()), done, total, Double.NaN));
    }

    /**
     * Stores the results so far, together with the stored ones of parts that were not reached yet.
     */
    private void save() {
        store.write(before.with(results, plan.model(unit.target()).machine()));
    }
}
