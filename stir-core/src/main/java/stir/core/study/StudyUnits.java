package stir.core.study;

import org.jspecify.annotations.Nullable;

import stir.api.Experimental;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.api.UsageException;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.inversion.Inversion;
import stir.core.inversion.search.Inverter;
import stir.core.inversion.search.RunMetadata;
import stir.core.inversion.search.SearchStore;
import stir.core.inversion.search.SearchedNetworks;
import stir.core.runtime.progress.ProgressListener;
import stir.core.score.DirectedScore;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.Stage;
import stir.core.study.plan.StudyPlan;
import stir.core.study.plan.Unit;
import stir.core.study.results.StudyResults;
import stir.core.study.results.StudySimilarity;
import stir.core.study.results.StudyWork;
import stir.core.study.run.ComparisonMemory;
import stir.core.study.run.NetworkPool;
import stir.core.study.run.ScoreWork;
import stir.core.study.store.Assembly;
import stir.core.study.store.ResultStore;
import stir.core.study.store.StudyFolder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The units of a study. Any process may run any of them, a stage after the stages before it, in any
 * order and more than once: the results have the same bytes.
 *
 * <pre>{@code
 * units.prepare();
 * for (var stage : Stage.values()) {
 *     for (var unit : units.missing(stage)) {
 *         units.run(unit, listener);
 *     }
 * }
 * var results = units.finish();
 * }</pre>
 *
 * <p>Not thread-safe. {@link CheckedExperiment#units} creates it. Processes share a folder without
 * a lock: the caller ensures that no {@link Study} runs in it meanwhile. {@link Study#run(Path,
 * RunOptions, StudyListener, UnitRunner)} locks and prepares the folder; the processes that receive
 * its units call {@link #join} and {@link #run}.
 *
 * @since 0.1.0
 */
@Experimental
public final class StudyUnits implements AutoCloseable {
    private final StudyPlan plan;
    private final ResultStore store;
    private final RunOptions options;
    private final NetworkPool networks;
    private final Map<String, SimilarityMeasure> measures;
    private final TermCatalogue terms;
    private final ScoreWork scores;
    private @Nullable Searched searched;
    private int inversions;

    /** A reference that is cut for a search and shared by its ranges and repeats. */
    private record Searched(StudiedLayer reference, String search, SearchedNetworks cut) {}

    StudyUnits(
            StudyPlan plan,
            ResultStore store,
            NetworkPool networks,
            Map<String, SimilarityMeasure> measures,
            TermCatalogue terms,
            RunOptions options) {
        this.plan = plan;
        this.store = store;
        this.options = options;
        this.networks = networks;
        this.measures = new LinkedHashMap<>(measures);
        this.terms = terms;
        long held = Runtime.getRuntime().maxMemory() / 4; // the cache changes no result
        this.scores = new ScoreWork(plan, store, measures, held);
    }

    /** Returns the plan. */
    public StudyPlan plan() {
        return plan;
    }

    /**
     * Checks that this machine sees a folder in which other processes have prepared a study. {@link
     * #join} also does, but only when all models are open.
     *
     * @throws UsageException if not; the message names the machine
     */
    public static void checkSeen(Path folder) {
        new StudyFolder(folder).checkSeen();
    }

    /**
     * Checks that the folder, prepared by another process, is for the same study: by the same
     * version of Stir, with the same models, inputs and settings. Nothing is written.
     *
     * @throws UsageException if it was not, or can't be seen from this machine; the message names
     *     the machine and what differs
     */
    public void join() {
        new ComparisonMemory(plan, measures).check();
        store.join(scales(), options.mixesMachines());
    }

    /**
     * Checks the results in the folder and stores the plan and the inputs. Idempotent.
     *
     * @throws UsageException if results depend on other settings, or were computed on another CPU
     *     type; the message names what differs
     */
    public void prepare() {
        new ComparisonMemory(plan, measures).check();
        store.prepare(scales(), options.command(), options.replaces(), options.mixesMachines());
    }

    /** Returns the names of searches whose results are in the folder but not part of the study. */
    List<String> otherSearches() {
        return store.otherSearches();
    }

    /** Returns the units of a stage whose results are missing. */
    public List<Unit> missing(Stage stage) {
        return missing(plan.units(stage));
    }

    /** Returns the units whose results are missing, and counts the others. */
    List<Unit> missing(List<? extends Unit> units) {
        var missing = new ArrayList<Unit>();
        for (var unit : units) {
            if (isMissing(unit)) {
                missing.add(unit);
            } else if (unit instanceof Unit.Score done) {
                scores.countReused(done);
            }
        }
        return missing;
    }

    /** Returns whether the results of a unit are missing. */
    public boolean isMissing(Unit unit) {
        if (unit instanceof Unit.Score score) {
            return !scores.isDone(score);
        }
        var search = search(unit);
        return search.inversion().isEmpty()
                && !(unit instanceof Unit.Search part
                        && search.found(part.from(), part.to()).cardinality()
                                == part.to() - part.from());
    }

    /** Returns the store of the search that a unit belongs to. */
    private SearchStore search(Unit unit) {
        var whole = unit instanceof Unit.Search part ? part.whole() : (Unit.Gather) unit;
        return store.search(whole.reference(), plan.run(whole.search(), whole.repeat()));
    }

    /** Returns the searches whose results a unit of scores reads. */
    List<Unit.Gather> searches(Unit.Score score) {
        return plan.units(Stage.GATHER).stream()
                .map(Unit.Gather.class::cast)
                .filter(search -> search.reference().model().equals(score.reference()))
                .toList();
    }

    /** Returns whether a search has finished all inputs and can be gathered. */
    boolean isFound(Unit.Gather search) {
        return search(search).isFound();
    }

    /**
     * Runs a unit.
     *
     * @param listener the listener that receives the progress
     * @throws stir.api.DataException if a network does not accept the inputs, or returns NaN
     * @throws stir.api.BackendException if a network fails, or nothing can be written
     * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
     */
    public void run(Unit unit, ProgressListener listener) {
        if (unit instanceof Unit.Search part) {
            search(part, listener);
        } else if (unit instanceof Unit.Gather whole) {
            search(whole).gather();
            inversions++;
        } else {
            closeSearched(); // scores may open other models
            scores.run((Unit.Score) unit, networks, listener);
        }
    }

    private void search(Unit.Search unit, ProgressListener listener) {
        var place = search(unit);
        if (place.inversion().isPresent()) {
            return; // a late attempt has nothing to add
        }
        var run = plan.run(unit.search(), unit.repeat());
        var cut = cut(unit.reference(), run);
        var inverter = new Inverter(run.settings(), cut, plan.inputs(), terms, Optional.empty());
        var metadata =
                new RunMetadata(
                        cut.reference().fakeRelu(), plan.model(unit.reference().model()).machine());
        try (var rows = place.open(unit.from(), unit.to(), metadata, listener::note)) {
            inverter.search(unit.from(), unit.to(), rows, listener);
        }
    }

    private SearchedNetworks cut(StudiedLayer reference, SearchRun run) {
        var last = searched;
        if (last != null
                && last.reference().equals(reference)
                && last.search().equals(run.search())) {
            return last.cut();
        }
        closeSearched();
        var planned = plan.model(reference.model());
        var open = networks.get(planned.model(), plan.inputs());
        var cut =
                SearchedNetworks.of(
                        open.network().searchedAt(reference.layer()),
                        plan.inputs(),
                        open.batchSize(),
                        run.settings(),
                        networks);
        if (planned.inconsistency().isPresent()) { // and was allowed
            cut.ignoreChanges();
        }
        searched = new Searched(reference, run.search(), cut);
        return cut;
    }

    private void closeSearched() {
        var last = searched;
        searched = null;
        if (last != null) {
            last.cut().close();
        }
    }

    /** Counts a unit that another process has run. */
    void countDone(Unit unit) {
        if (unit instanceof Unit.Gather) {
            inversions++;
        } else if (unit instanceof Unit.Score score) {
            scores.countComputed(score);
        }
    }

    /**
     * Assembles the results of all units and stores the table of all values.
     *
     * @throws UsageException if units are missing; the message names some
     */
    public StudyResults finish() {
        var missing =
                Stream.of(Stage.GATHER, Stage.SCORE)
                        .flatMap(stage -> plan.units(stage).stream())
                        .filter(this::isMissing)
                        .toList();
        if (!missing.isEmpty()) {
            throw new UsageException(
                    "%d units of work are missing, first of all %s: run them, then finish the study."
                            .formatted(missing.size(), missing.get(0)));
        }
        for (var unit : plan.units(Stage.GATHER)) {
            search(unit).gather(); // removes files of late attempts
        }
        return assemble();
    }

    private Map<String, Scale> scales() {
        var scales = new LinkedHashMap<String, Scale>();
        measures.forEach((name, measure) -> scales.put(name, measure.scale()));
        return scales;
    }

    private StudyResults assemble() {
        var scales = scales();
        var assembly = new Assembly(scales, store::scores);
        var similarities = new ArrayList<StudySimilarity>();
        var scores = new ArrayList<DirectedScore>();
        for (var pair : plan.pairs()) {
            assembly.similarity(pair).ifPresent(similarities::add);
            for (var run : plan.runs()) {
                inversion(pair.reference(), run)
                        .flatMap(at -> assembly.score(pair, run, at))
                        .ifPresent(scores::add);
            }
        }
        var results =
                StudyResults.of(
                        plan,
                        scores,
                        similarities,
                        scales,
                        new StudyWork(
                                inversions,
                                plan.inversions() - inversions,
                                this.scores.computed(),
                                this.scores.reused()));
        store.write(results);
        return results;
    }

    /**
     * Returns the invariant inputs of a reference after a repeat of a search; empty until they are
     * gathered.
     */
    public Optional<Inversion> inversion(StudiedLayer reference, SearchRun run) {
        return store.search(reference, run).inversion();
    }

    /** Closes all layer hooks. Idempotent. */
    @Override
    public void close() {
        closeSearched();
    }
}
