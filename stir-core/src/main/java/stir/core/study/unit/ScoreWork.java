package stir.core.study.unit;

import stir.api.Caution;
import stir.api.SimilarityMeasure;
import stir.core.inputs.Inputs.Rows;
import stir.core.inversion.Inversion;
import stir.core.inversion.start.SeedSource;
import stir.core.progress.Progress;
import stir.core.progress.ProgressListener;
import stir.core.score.ConvergedScore;
import stir.core.score.compute.BlockSums;
import stir.core.score.compute.Direction;
import stir.core.score.compute.HeldRepresentations;
import stir.core.score.compute.PredictedClasses;
import stir.core.score.compute.Representations;
import stir.core.score.compute.ShuffledFloors;
import stir.core.score.compute.Similarities;
import stir.core.statistics.Estimate;
import stir.core.store.SaveTimes;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.StudiedLayer;
import stir.core.study.plan.StudyPlan;
import stir.core.study.plan.Unit;
import stir.core.study.store.Identities;
import stir.core.study.store.ResultStore;
import stir.core.study.store.ScoreBlock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Scores a target model on the invariant inputs of a reference model: each invariant input is read
 * once for all layers of the target. What is stored already, of whatever measures, is not computed
 * again.
 */
public final class ScoreWork {
    private final StudyPlan plan;
    private final ResultStore store;
    private final Identities identities;
    private final Map<String, SimilarityMeasure> measures;
    private final Looking looking;
    private int computed;
    private int reused;

    /**
     * Work that is not begun.
     *
     * @param measures of the plan, by what the user calls them
     * @param held about how many bytes of representations may be held; nothing depends on it but
     *     time
     */
    public ScoreWork(
            StudyPlan plan, ResultStore store, Map<String, SimilarityMeasure> measures, long held) {
        this.plan = plan;
        this.store = store;
        this.identities = new Identities(plan);
        this.measures = measures;
        this.looking = new Looking(plan.inputs().count(), held);
    }

    /** How many scores and similarities were computed. */
    public int computed() {
        return computed;
    }

    /** How many scores and similarities were there already. */
    public int reused() {
        return reused;
    }

    /** Notes the scores of a unit that was done already. */
    public void reuse(Unit.Score unit) {
        reused += scoresAndSimilarities(unit);
    }

    /** Notes the scores of a unit that another process has done. */
    public void countComputed(Unit.Score unit) {
        computed += scoresAndSimilarities(unit);
    }

    private int scoresAndSimilarities(Unit.Score unit) {
        return pairs(unit).size() * (1 + plan.runs().size());
    }

    private List<PlannedPair> pairs(Unit.Score unit) {
        return plan.pairs().stream()
                .filter(
                        pair ->
                                pair.target().model().equals(unit.target())
                                        && pair.reference().model().equals(unit.reference()))
                .toList();
    }

    /** The layers of a model that are inverted, where the unit has its ceilings. */
    private List<StudiedLayer> ceilings(Unit.Score unit) {
        return unit.target().equals(unit.reference())
                ? plan.references().stream()
                        .filter(at -> at.model().equals(unit.reference()))
                        .toList()
                : List.of();
    }

    /** The layers of a model that look, where the unit has its floors. */
    private List<StudiedLayer> floors(Unit.Score unit) {
        return unit.target().equals(unit.reference())
                ? plan.targets().stream().filter(at -> at.model().equals(unit.target())).toList()
                : List.of();
    }

    private List<String> missing(Map<String, Estimate> values) {
        return plan.experiment().measures().stream()
                .filter(measure -> !values.containsKey(measure))
                .toList();
    }

    private List<String> all() {
        return plan.experiment().measures();
    }

    private List<String> missingSimilarity(ScoreBlock block, PlannedPair pair) {
        return block.similarity(pair.reference(), pair.target(), identities.ofSimilarity(pair))
                .map(found -> missing(found.values()))
                .orElseGet(this::all);
    }

    private List<String> missingCeiling(ScoreBlock block, StudiedLayer at, SearchRun run) {
        return ScoreBlock.baseline(
                        block.ceilings(),
                        at,
                        run.search(),
                        run.repeat(),
                        identities.ofCeiling(at, run))
                .map(found -> missing(found.values()))
                .orElseGet(this::all);
    }

    private List<String> missingFloor(ScoreBlock block, StudiedLayer at, SearchRun run) {
        return ScoreBlock.baseline(
                        block.floors(), at, run.search(), run.repeat(), identities.ofFloor(at, run))
                .map(found -> missing(found.values()))
                .orElseGet(this::all);
    }

    private Optional<ScoreBlock.Score> stored(ScoreBlock block, PlannedPair pair, SearchRun run) {
        return block.score(
                pair.reference(),
                pair.target(),
                run.search(),
                run.repeat(),
                identities.ofScore(pair, run));
    }

    private List<String> missingScore(ScoreBlock block, PlannedPair pair, SearchRun run) {
        return stored(block, pair, run).map(found -> missing(found.stir())).orElseGet(this::all);
    }

    /** Whether all of a unit is stored. */
    boolean isDone(Unit.Score unit) {
        var block = store.scores(unit.target(), unit.reference());
        return pairs(unit).stream()
                        .allMatch(
                                pair ->
                                        missingSimilarity(block, pair).isEmpty()
                                                && plan.runs().stream()
                                                        .allMatch(
                                                                run ->
                                                                        missingScore(
                                                                                        block, pair,
                                                                                        run)
                                                                                .isEmpty()))
                && ceilings(unit).stream()
                        .allMatch(
                                at ->
                                        plan.runs().stream()
                                                .allMatch(
                                                        run ->
                                                                missingCeiling(block, at, run)
                                                                        .isEmpty()))
                && floors(unit).stream()
                        .allMatch(
                                at ->
                                        plan.runs().stream()
                                                .allMatch(
                                                        run ->
                                                                missingFloor(block, at, run)
                                                                        .isEmpty()));
    }

    /** Whether the sums of a block are stored, or no longer needed. */
    boolean isDone(Unit.Sums unit) {
        return store.sums(unit, complete(unit.whole())).isPresent() || isDone(unit.whole());
    }

    /** Whether the sums of all blocks are stored. */
    public boolean isSummed(Unit.Score unit) {
        var complete = complete(unit); // reads the scores so far, once for all blocks
        return IntStream.range(0, plan.blocks())
                .mapToObj(block -> new Unit.Sums(unit.target(), unit.reference(), block))
                .allMatch(sums -> store.sums(sums, complete).isPresent());
    }

    /** What all sums of a unit depend on, which is stored after the last of them. */
    private String complete(Unit.Score score) {
        var all = new StringBuilder("complete ").append(all()).append(missingOf(score));
        for (var pair : pairs(score)) {
            all.append(' ').append(identities.ofSimilarity(pair));
            plan.runs().forEach(run -> all.append(' ').append(identities.ofScore(pair, run)));
        }
        for (var run : plan.runs()) {
            ceilings(score).forEach(at -> all.append(' ').append(identities.ofCeiling(at, run)));
            floors(score).forEach(at -> all.append(' ').append(identities.ofFloor(at, run)));
        }
        return all.toString();
    }

    /** Which measures are computed of which pairs, which the sums depend on as well. */
    private String missingOf(Unit.Score unit) {
        var block = store.scores(unit.target(), unit.reference());
        var missing = new StringBuilder();
        for (var pair : pairs(unit)) {
            missing.append(missingSimilarity(block, pair));
            plan.runs().forEach(run -> missing.append(missingScore(block, pair, run)));
        }
        return missing.toString();
    }

    /** Sums over a block of inputs what a unit's scores are put together from. */
    void run(Unit.Sums unit, NetworkPool networks, ProgressListener listener) {
        if (isDone(unit)) {
            return; // a late attempt has nothing to add
        }
        // What is shown to a network is of this block alone: nothing is held for other blocks.
        var sums = new SumsOfBlock(unit);
        new One(unit.whole(), networks, listener, new Looking(plan.inputs().count(), 0), sums)
                .compareAll();
        store.keepSums(unit, complete(unit.whole()), new byte[0]);
    }

    /** Stores the sums over one block, and puts nothing together. */
    private final class SumsOfBlock implements BlockSums {
        private final Unit.Sums unit;

        SumsOfBlock(Unit.Sums unit) {
            this.unit = unit;
        }

        @Override
        public Optional<byte[]> of(String what, int block, Supplier<byte[]> compute) {
            if (block == unit.block() && store.sums(unit, what).isEmpty()) {
                store.keepSums(unit, what, compute.get());
            }
            return Optional.empty();
        }

        @Override
        public boolean areForLater() {
            return true;
        }
    }

    /** The sums that are stored; those that are not are computed. */
    private BlockSums stored(Unit.Score unit) {
        return plan.blocks() == 0
                ? BlockSums.HERE
                : (what, block, compute) ->
                        store.sums(new Unit.Sums(unit.target(), unit.reference(), block), what)
                                .or(() -> Optional.of(compute.get()));
    }

    /** Computes what is missing of a unit, and stores all of it. */
    void run(Unit.Score unit, NetworkPool networks, ProgressListener listener) {
        new One(unit, networks, listener, looking, stored(unit)).run();
        store.dropSums(unit);
    }

    /** One unit while it is done. */
    private final class One {
        private final Unit.Score unit;
        private final ScoreBlock before;
        private final OpenNetwork target;
        private final OpenNetwork reference;
        private final ProgressListener listener;
        private final Looking looking;
        private final BlockSums sums;
        private final long total;
        private long done;
        private final SaveTimes times = new SaveTimes(System::nanoTime);
        private final List<ScoreBlock.Similarity> similarities = new ArrayList<>();
        private final List<ScoreBlock.Baseline> ceilings = new ArrayList<>();
        private final List<ScoreBlock.Baseline> floors = new ArrayList<>();
        private final List<ScoreBlock.Score> scores = new ArrayList<>();

        One(
                Unit.Score unit,
                NetworkPool networks,
                ProgressListener listener,
                Looking looking,
                BlockSums sums) {
            this.unit = unit;
            this.looking = looking;
            this.sums = sums;
            this.before = store.scores(unit.target(), unit.reference());
            this.target = open(networks, unit.target());
            this.reference = open(networks, unit.reference());
            this.listener = listener;
            this.total =
                    Math.max(1, (long) pairs(unit).size() * (1 + plan.runs().size()))
                            + (long) plan.runs().size()
                                    * (ScoreWork.this.ceilings(unit).size()
                                            + ScoreWork.this.floors(unit).size());
        }

        private OpenNetwork open(NetworkPool networks, String model) {
            return networks.get(plan.model(model).model(), plan.inputs());
        }

        private void step() {
            Looking.checkInterrupted();
            done++;
            listener.update(
                    new Progress(
                            "Scoring %s on inputs of %s".formatted(unit.target(), unit.reference()),
                            Math.min(done, total),
                            total,
                            Double.NaN));
        }

        /** Shows the inputs once to all layers that look at them. */
        private void lookAtInputs() {
            var ofTarget = new LinkedHashSet<String>();
            var ofReference = new LinkedHashSet<String>();
            ScoreWork.this.floors(unit).forEach(at -> ofTarget.add(at.layer()));
            for (var pair : pairs(unit)) {
                ofTarget.add(pair.target().layer());
                classLayer(pair).ifPresent(ofTarget::add);
                ofReference.add(pair.reference().layer());
            }
            ScoreWork.this.ceilings(unit).forEach(at -> ofReference.add(at.layer()));
            looking.atInputs(unit.target(), target, List.copyOf(ofTarget), plan.inputs()::read);
            looking.atInputs(
                    unit.reference(), reference, List.copyOf(ofReference), plan.inputs()::read);
        }

        void run() {
            lookAtInputs();
            compareAll();
            save();
        }

        /** Comes by all that is compared, so that the sums of a block are made. */
        void compareAll() {
            for (var pair : pairs(unit)) {
                compare(pair);
                saveNowAndThen();
            }
            for (var run : plan.runs()) {
                floors(run);
                for (var at : references()) {
                    saveNowAndThen();
                    score(at, run);
                }
            }
        }

        /** Saves what is there, so that a kill loses seconds of a unit that takes hours. */
        private void saveNowAndThen() {
            if (!sums.areForLater() && times.isDue()) {
                save();
                times.saved();
            }
        }

        /** Saves what is there; what is stored and not looked at yet stays. */
        private void save() {
            store.write(
                    new ScoreBlock(
                                    unit.target(),
                                    unit.reference(),
                                    before.machines(),
                                    similarities,
                                    ceilings,
                                    floors,
                                    scores)
                            .withRestOf(before)
                            .with(plan.model(unit.target()).machine()));
        }

        private List<StudiedLayer> references() {
            var all = new LinkedHashSet<>(ScoreWork.this.ceilings(unit));
            pairs(unit).forEach(pair -> all.add(pair.reference()));
            return List.copyOf(all);
        }

        private Direction direction(String what, List<String> ids, List<Caution> cautions) {
            var chosen = new LinkedHashMap<String, SimilarityMeasure>();
            ids.forEach(id -> chosen.put(id, Objects.requireNonNull(measures.get(id), id)));
            return new Direction(
                    what,
                    plan.inputs().count(),
                    plan.experiment().reduction(),
                    new Similarities(chosen, plan.experiment().memory(), sums),
                    cautions::add);
        }

        private Representations ofInputs(String model, OpenNetwork network, String layer) {
            return keep(
                    new StudiedLayer(model, layer),
                    "inputs",
                    representations(
                            looking.atInputs(model, network, List.of(layer), plan.inputs()::read),
                            layer));
        }

        private Representations keep(StudiedLayer at, String shown, Representations found) {
            if (!sums.areForLater()
                    && store.keepsRepresentations()
                    && found instanceof HeldRepresentations held) {
                store.keep(at, shown, held.rows());
            }
            return found;
        }

        private static Representations representations(
                Map<String, Representations> found, String layer) {
            return Objects.requireNonNull(found.get(layer), layer);
        }

        private void compare(PlannedPair pair) {
            var identity = identities.ofSimilarity(pair);
            var stored = before.similarity(pair.reference(), pair.target(), identity);
            var ids = missingSimilarity(before, pair);
            if (ids.isEmpty()) {
                reused++;
                stored.ifPresent(similarities::add);
                return;
            }
            var cautions = new ArrayList<Caution>();
            var values =
                    direction("similarity " + identity, ids, cautions)
                            .similarity(
                                    ofInputs(unit.target(), target, pair.target().layer()),
                                    ofInputs(unit.reference(), reference, pair.reference().layer()),
                                    identities.intervalSeed());
            similarities.add(
                    new ScoreBlock.Similarity(
                            pair.reference(),
                            pair.target(),
                            identity,
                            ScoreBlock.merged(
                                    all(),
                                    stored.map(ScoreBlock.Similarity::values).orElse(Map.of()),
                                    values),
                            ScoreBlock.merged(
                                    stored.map(ScoreBlock.Similarity::cautions).orElse(List.of()),
                                    cautions)));
            computed++;
            step();
        }

        /** What the target scores on the seeds of a search. */
        private void floors(SearchRun run) {
            var missing = new LinkedHashMap<StudiedLayer, List<String>>();
            for (var at : ScoreWork.this.floors(unit)) {
                missing.put(at, missingFloor(before, at, run));
            }
            var layers =
                    missing.entrySet().stream()
                            .filter(entry -> !entry.getValue().isEmpty())
                            .map(entry -> entry.getKey().layer())
                            .toList();
            Map<String, Representations> seen =
                    layers.isEmpty() ? Map.of() : looking.at(target, layers, seeds(run));
            missing.forEach(
                    (at, ids) -> {
                        var identity = identities.ofFloor(at, run);
                        var stored =
                                ScoreBlock.baseline(
                                        before.floors(), at, run.search(), run.repeat(), identity);
                        if (ids.isEmpty()) {
                            stored.ifPresent(floors::add);
                            return;
                        }
                        var after =
                                keep(
                                        at,
                                        "seeds/" + run.search() + "/repeat-" + run.repeat(),
                                        representations(seen, at.layer()));
                        var values =
                                direction("floor " + identity, ids, new ArrayList<>())
                                        .floor(
                                                ofInputs(unit.target(), target, at.layer()),
                                                after,
                                                run.settings().seed());
                        floors.add(baseline(at, run, identity, stored, values));
                        step();
                    });
        }

        private Rows seeds(SearchRun run) {
            return new SeedSource(run.settings().seed(), run.settings().rngSeed(), plan.inputs())
                    ::write;
        }

        private ScoreBlock.Baseline baseline(
                StudiedLayer at,
                SearchRun run,
                String identity,
                Optional<ScoreBlock.Baseline> stored,
                Map<String, Estimate> values) {
            return new ScoreBlock.Baseline(
                    at,
                    run.search(),
                    run.repeat(),
                    identity,
                    ScoreBlock.merged(
                            all(),
                            stored.map(ScoreBlock.Baseline::values).orElse(Map.of()),
                            values));
        }

        /** All that looks at the invariant inputs of one reference layer. */
        private void score(StudiedLayer at, SearchRun run) {
            var looked = pairs(unit).stream().filter(pair -> pair.reference().equals(at)).toList();
            boolean ceiling = ScoreWork.this.ceilings(unit).contains(at);
            var ceilingIds = ceiling ? missingCeiling(before, at, run) : List.<String>of();
            var layers = new LinkedHashSet<String>();
            if (!ceilingIds.isEmpty()) {
                layers.add(at.layer());
            }
            for (var pair : looked) {
                if (!missingScore(before, pair, run).isEmpty()) {
                    layers.add(pair.target().layer());
                    classLayer(pair).ifPresent(layers::add);
                }
            }
            Map<String, Representations> seen = Map.of();
            var inversion = store.search(at, run).inversion();
            if (!layers.isEmpty()) {
                seen =
                        looking.at(
                                target,
                                List.copyOf(layers),
                                inversion
                                                .orElseThrow(
                                                        () ->
                                                                new IllegalStateException(
                                                                        unit
                                                                                + " needs its searches first"))
                                                .invariantInputs()
                                        ::read);
            }
            for (var layer : seen.entrySet()) {
                keep(
                        new StudiedLayer(unit.target(), layer.getKey()),
                        "invariant/%s/%s/%s/repeat-%d"
                                .formatted(
                                        at.model(),
                                        at.layer().replaceAll("[^A-Za-z0-9._@#-]", "_"),
                                        run.search(),
                                        run.repeat()),
                        layer.getValue());
            }
            if (ceiling) {
                ceiling(at, run, ceilingIds, seen);
            }
            for (var pair : looked) {
                score(pair, run, seen, inversion);
            }
        }

        private void ceiling(
                StudiedLayer at,
                SearchRun run,
                List<String> ids,
                Map<String, Representations> seen) {
            var identity = identities.ofCeiling(at, run);
            var stored =
                    ScoreBlock.baseline(
                            before.ceilings(), at, run.search(), run.repeat(), identity);
            if (ids.isEmpty()) {
                stored.ifPresent(ceilings::add);
                return;
            }
            var values =
                    direction("ceiling " + identity, ids, new ArrayList<>())
                            .ceiling(
                                    ofInputs(unit.target(), target, at.layer()),
                                    representations(seen, at.layer()),
                                    run.settings().rngSeed());
            ceilings.add(baseline(at, run, identity, stored, values));
            step();
        }

        private Optional<String> classLayer(PlannedPair pair) {
            return plan.layer(pair.target()).classLayer();
        }

        private void score(
                PlannedPair pair,
                SearchRun run,
                Map<String, Representations> seen,
                Optional<Inversion> inversion) {
            var stored = stored(before, pair, run);
            var ids = missingScore(before, pair, run);
            if (ids.isEmpty()) {
                reused++;
                stored.ifPresent(scores::add);
                return;
            }
            var cautions = new ArrayList<Caution>();
            var found =
                    direction("score " + identities.ofScore(pair, run), ids, cautions)
                            .score(
                                    run.settings(),
                                    ofInputs(unit.target(), target, pair.target().layer()),
                                    representations(seen, pair.target().layer()),
                                    residuals(inversion.orElseThrow()),
                                    classLayer(pair)
                                            .map(
                                                    name ->
                                                            new PredictedClasses(
                                                                    name,
                                                                    ofInputs(
                                                                            unit.target(),
                                                                            target,
                                                                            name),
                                                                    representations(seen, name))));
            scores.add(
                    new ScoreBlock.Score(
                            pair.reference(),
                            pair.target(),
                            run.search(),
                            run.repeat(),
                            run.settings().rngSeed(),
                            identities.ofScore(pair, run),
                            ScoreBlock.merged(
                                    all(),
                                    stored.map(ScoreBlock.Score::stir).orElse(Map.of()),
                                    found.stir()),
                            ScoreBlock.merged(
                                    all(),
                                    stored.map(ScoreBlock.Score::shuffled)
                                            .orElse(new ShuffledFloors(Map.of(), Map.of())),
                                    found.shuffled()),
                            converged(stored, found.converged()),
                            found.outcomes(),
                            ScoreBlock.merged(
                                    stored.map(ScoreBlock.Score::cautions).orElse(List.of()),
                                    cautions)));
            computed++;
            step();
        }

        private Optional<ConvergedScore> converged(
                Optional<ScoreBlock.Score> stored, Optional<ConvergedScore> found) {
            var older = stored.flatMap(ScoreBlock.Score::converged);
            if (older.isEmpty() || found.isEmpty()) {
                return found.isPresent() ? found : older;
            }
            return Optional.of(
                    new ConvergedScore(
                            found.get().within(),
                            found.get().count(),
                            ScoreBlock.merged(all(), older.get().stir(), found.get().stir())));
        }

        private static double[] residuals(Inversion inversion) {
            return IntStream.range(0, inversion.count()).mapToDouble(inversion::residual).toArray();
        }
    }
}
