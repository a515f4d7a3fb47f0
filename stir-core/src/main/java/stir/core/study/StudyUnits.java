package stir.core.study;

import stir.api.Experimental;
import stir.api.Remedy;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.api.UsageException;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.inversion.Inversion;
import stir.core.runtime.progress.ProgressListener;
import stir.core.score.DirectedScore;
import stir.core.score.StudiedLayer;
import stir.core.score.Verdict;
import stir.core.score.compute.RowMemory;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.Stage;
import stir.core.study.plan.StudyPlan;
import stir.core.study.plan.Unit;
import stir.core.study.results.StudyDifferences;
import stir.core.study.results.StudyResults;
import stir.core.study.results.StudySimilarity;
import stir.core.study.results.StudyWork;
import stir.core.study.run.NetworkPool;
import stir.core.study.run.ScoreWork;
import stir.core.study.run.UnitWork;
import stir.core.study.store.Assembly;
import stir.core.study.store.FolderStore;
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
 * <p>Not thread-safe. {@link CheckedExperiment#units} creates it. No lock is taken, so that many
 * processes can share a folder: the caller ensures that no {@link Study} runs in it meanwhile.
 * {@link Study#run(Path, RunOptions, StudyListener, UnitRunner)} locks and prepares the folder; the
 * processes that receive its units call {@link #join} and {@link #run}.
 *
 * @since 0.1.0
 */
@Experimental
public final class StudyUnits implements AutoCloseable {
    private final StudyPlan plan;
    private final ResultStore store;
    private final RunOptions options;
    private final Map<String, SimilarityMeasure> measures;
    private final ScoreWork scores;
    private final UnitWork work;
    private int inversions;

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
        long held = Runtime.getRuntime().maxMemory() / 4; // the cache changes no result
        this.scores = new ScoreWork(plan, store, measures, held);
        this.work = new UnitWork(plan, store, networks, scores, terms);
    }

    /** Returns the plan. */
    public StudyPlan plan() {
        return plan;
    }

    /**
     * Checks that this machine sees a folder in which other processes have prepared a study. {@link
     * #join} does, too, but only once all models are open.
     *
     * @throws UsageException if not; the message names the machine
     */
    public static void checkSeen(Path folder) {
        new StudyFolder(folder).checkSeen();
    }

    /**
     * Checks that the folder was prepared for the same study, where other processes have prepared
     * it: by the same version of Stir, of the same models, inputs and settings. Nothing is written.
     *
     * @throws UsageException if it was not, or can't be seen from this machine; the message names
     *     the machine and what differs
     */
    public void join() {
        checkMemory();
        if (store instanceof FolderStore folder) {
            folder.join(scales(), options.mixesMachines());
        }
    }

    /**
     * Checks the results in the folder, and stores the plan and the inputs. Idempotent.
     *
     * @throws UsageException if results depend on other settings, or were computed on another kind
     *     of machine; the message names what differs
     */
    public void prepare() {
        checkMemory();
        if (store instanceof FolderStore folder) {
            folder.prepare(
                    scales(), options.command(), options.replaces(), options.mixesMachines());
        }
    }

    /**
     * Returns the names of searches whose results are stored in the folder without being asked for.
     */
    List<String> otherSearches() {
        return store instanceof FolderStore folder ? folder.otherSearches() : List.of();
    }

    private void checkMemory() {
        long needed = memoryNeeded();
        long there = Runtime.getRuntime().maxMemory();
        if (needed > there) {
            throw new UsageException(
                    "The comparisons need up to %d MB, but Java has only %d MB: lower the memory limit, or increase the heap."
                            .formatted(needed / 1_000_000, there / 1_000_000),
                    Remedy.LOWER_MEMORY_LIMIT,
                    Remedy.RAISE_JAVA_MEMORY);
        }
    }

    /**
     * Returns the maximum memory that representations of a comparison, or the inputs and invariant
     * inputs themselves, take within the plan's limit.
     */
    private long memoryNeeded() {
        long widest = 0;
        for (var pair : plan.pairs()) {
            widest =
                    Math.max(
                            widest,
                            (long) plan.layer(pair.reference()).shape().size()
                                    + plan.layer(pair.target()).shape().size());
        }
        long ofLayers = Math.min(plan.experiment().memory(), 16L * plan.inputs().count() * widest);
        return Math.max(ofLayers, memoryOfInputs());
    }

    /** Returns the maximum memory that the floor of the inputs themselves takes. */
    private long memoryOfInputs() {
        if (plan.pairs().isEmpty() || plan.runs().isEmpty() || measures.isEmpty()) {
            return 0;
        }
        var deciding = measures.get(Verdict.measure(List.copyOf(measures.keySet())));
        return deciding == null
                ? 0
                : new RowMemory(plan.experiment().memory())
                        .ofInputs(deciding, plan.inputs().count(), plan.inputs().shape().size());
    }

    /** Returns the units of a stage whose results are missing. */
    public List<Unit> missing(Stage stage) {
        var missing = new ArrayList<Unit>();
        for (var unit : plan.units(stage)) {
            if (!work.isDone(unit)) {
                missing.add(unit);
            } else if (unit instanceof Unit.Score done) {
                scores.countReused(done);
            }
        }
        return missing;
    }

    /** Returns whether the results of a unit are missing. */
    public boolean isMissing(Unit unit) {
        return !work.isDone(unit);
    }

    /** Returns the searches whose results a unit of scores reads. */
    List<Unit.Gather> searches(Unit.Score score) {
        return plan.units(Stage.GATHER).stream()
                .map(Unit.Gather.class::cast)
                .filter(search -> search.reference().model().equals(score.reference()))
                .toList();
    }

    /** Returns whether a search has found all inputs, so that it can be gathered. */
    boolean isFound(Unit.Gather search) {
        return store.search(search.reference(), plan.run(search.search(), search.repeat()))
                .isFound();
    }

    /**
     * Runs a unit.
     *
     * @param listener the listener that receives the progress
     * @throws stir.api.DataException if a network does not take the inputs, or gives NaN
     * @throws stir.api.BackendException if a network fails, or nothing can be written
     * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
     */
    public void run(Unit unit, ProgressListener listener) {
        work.run(unit, listener);
        if (unit instanceof Unit.Gather) {
            inversions++;
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
     * Assembles the results of all units, and stores the table of all values.
     *
     * @throws UsageException if units are missing; the message names some
     */
    public StudyResults finish() {
        var missing =
                Stream.of(Stage.GATHER, Stage.SCORE)
                        .flatMap(stage -> plan.units(stage).stream())
                        .filter(unit -> !work.isDone(unit))
                        .toList();
        if (!missing.isEmpty()) {
            throw new UsageException(
                    "%d units of work are missing, first of all %s: run them, then finish the study."
                            .formatted(missing.size(), missing.get(0)));
        }
        for (var unit : plan.units(Stage.GATHER)) {
            work.run(unit, ProgressListener.SILENT); // removes files of late attempts
        }
        return assemble();
    }

    private Map<String, Scale> scales() {
        var scales = new LinkedHashMap<String, Scale>();
        measures.forEach((name, measure) -> scales.put(name, measure.scale()));
        return scales;
    }

    private StudyResults assemble() {
        var assembly = new Assembly(scales(), store::scores);
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
                new StudyResults(
                        plan,
                        scores,
                        similarities,
                        StudyDifferences.of(scores, scales()),
                        scales(),
                        new StudyWork(
                                inversions,
                                plan.inversions() - inversions,
                                this.scores.computed(),
                                this.scores.reused()));
        if (store instanceof FolderStore folder) {
            folder.write(results);
        }
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
        work.close();
    }
}
