package stir.core.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import stir.api.Experimental;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.api.UsageException;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.inversion.Inversion;
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
import stir.core.study.run.GatherWork;
import stir.core.study.run.NetworkPool;
import stir.core.study.run.ScoreWork;
import stir.core.study.run.SearchWork;
import stir.core.study.run.StageWork;
import stir.core.study.store.Assembly;
import stir.core.study.store.ResultStore;
import stir.core.study.store.StudyFolder;

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
    private final Map<String, SimilarityMeasure> measures;
    private final SearchWork searches;
    private final GatherWork gathering;
    private final ScoreWork scores;

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
        this.measures = new LinkedHashMap<>(measures);
        this.searches = new SearchWork(plan, store, networks, terms);
        this.gathering = new GatherWork(plan, store);
        long held = Runtime.getRuntime().maxMemory() / 4; // the cache changes no result
        this.scores = new ScoreWork(plan, store, networks, measures, held);
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
            } else {
                work(unit).countReused(unit);
            }
        }
        return missing;
    }

    /** Returns whether the results of a unit are missing. */
    public boolean isMissing(Unit unit) {
        return work(unit).isMissing(unit);
    }

    @SuppressWarnings("unchecked") // each work has the units of its stage
    private StageWork<Unit> work(Unit unit) {
        StageWork<? extends Unit> work = switch (unit.stage()) {
            case SEARCH -> searches;
            case GATHER -> gathering;
            case SCORE -> scores;
        };
        return (StageWork<Unit>) work;
    }

    /** Returns the searches whose results a unit reads. */
    List<Unit.Gather> needs(Unit unit) {
        return work(unit).needs(unit);
    }

    /** Returns whether a search has finished all inputs and can be gathered. */
    boolean isFinished(Unit.Gather search) {
        return gathering.isReady(search);
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
        if (unit.stage() == Stage.SCORE) {
            searches.close(); // scores may open other models
        }
        work(unit).run(unit, listener);
    }

    /** Counts a unit that another process has run. */
    void countDone(Unit unit) {
        work(unit).countDone(unit);
    }

    /**
     * Assembles the results of all units and stores the table of all values.
     *
     * @throws UsageException if units are missing; the message names some
     */
    public StudyResults finish() {
        var missing = Stream.of(Stage.GATHER, Stage.SCORE)
                .flatMap(stage -> plan.units(stage).stream())
                .filter(this::isMissing)
                .toList();
        if (!missing.isEmpty()) {
            throw new UsageException("%d units of work are missing, first of all %s: run them, then finish the study."
                    .formatted(missing.size(), missing.get(0)));
        }
        plan.units(Stage.GATHER).forEach(unit -> unit.whole().ifPresent(gathering::clean));
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
        var results = StudyResults.of(
                plan,
                scores,
                similarities,
                scales,
                new StudyWork(
                        gathering.made(),
                        plan.inversions() - gathering.made(),
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
        searches.close();
    }
}
