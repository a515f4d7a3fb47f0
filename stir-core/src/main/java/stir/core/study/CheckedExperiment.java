package stir.core.study;

import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import stir.api.DataException;
import stir.api.Experimental;
import stir.api.Remedy;
import stir.api.SimilarityMeasure;
import stir.api.StirException;
import stir.api.UsageException;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.inputs.Inputs;
import stir.core.io.files.FolderLock;
import stir.core.network.Network;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.Problem;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudyPlan;
import stir.core.study.run.NetworkPool;
import stir.core.study.run.StudyResources;
import stir.core.study.store.FolderStore;
import stir.core.study.store.MemoryStore;
import stir.core.study.store.StudyFolder;

/**
 * An experiment after its models and inputs have been opened: either all of its problems, or its
 * plan. The models stay open for the work, if memory allows; the caller closes it.
 *
 * @since 0.1.0
 */
public final class CheckedExperiment implements AutoCloseable {
    private final List<Problem> problems;
    private final Optional<StudyPlan> plan;
    private final NetworkPool networks;
    private final Map<String, SimilarityMeasure> measures;
    private final TermCatalogue terms;
    private final boolean scored;

    private CheckedExperiment(
            List<Problem> problems,
            Optional<StudyPlan> plan,
            NetworkPool networks,
            Map<String, SimilarityMeasure> measures,
            TermCatalogue terms,
            boolean scored) {
        this.problems = List.copyOf(problems);
        this.plan = problems.isEmpty() ? plan : Optional.empty();
        this.networks = networks;
        this.measures = measures;
        this.terms = terms;
        this.scored = scored;
    }

    /** Checks an experiment that was built in Java. */
    public static CheckedExperiment of(StudyResources resources, Experiment experiment) {
        return of(resources, experiment, Optional.empty(), List.of(), true);
    }

    /**
     * Checks the comparison of two open networks.
     *
     * @param lengths other numbers of iterations to compare after
     * @throws UsageException if a layer or measure is unknown or unsuitable, or if the folder of
     *     the request contains a study of other models
     */
    public static CheckedExperiment of(StudyResources resources, CompareRequest request, List<Integer> lengths) {
        var experiment = request.experiment(lengths);
        checkFolder(request.folder(), request.options(), experiment);
        var networks = List.of(request.a(), request.b());
        return withoutProblems(of(resources, experiment, Optional.of(request.inputs()), networks, true));
    }

    /**
     * Checks searches for the invariant inputs of one open network; errors as for a comparison.
     *
     * @param repeats the number of repeats of the search
     */
    public static CheckedExperiment of(StudyResources resources, InvertRequest request, int repeats) {
        var experiment = request.experiment(repeats);
        checkFolder(request.folder(), request.options(), experiment);
        var networks = List.of(request.reference());
        return withoutProblems(of(resources, experiment, Optional.of(request.inputs()), networks, false));
    }

    private static void checkFolder(Optional<Path> folder, RunOptions options, Experiment experiment) {
        if (!options.replaces()) {
            var names = experiment.models().stream().map(StudiedModel::name).toList();
            folder.ifPresent(at -> new StudyFolder(at).checkNoOtherModels(names));
        }
    }

    /** Throws the first problem of an experiment; there is no position in a file to report. */
    private static CheckedExperiment withoutProblems(CheckedExperiment checked) {
        if (checked.problems.isEmpty()) {
            return checked;
        }
        checked.close();
        var first = checked.problems.get(0).refusal();
        throw new UsageException(first.sentence(), first.remedies().toArray(Remedy[]::new));
    }

    /**
     * Checks an experiment.
     *
     * @param inputs the inputs, if they are already open; empty for the experiment's own
     * @param open the networks of its models, if they are open already; the caller retains
     *     ownership
     * @param scored whether measures are also checked
     */
    private static CheckedExperiment of(
            StudyResources resources,
            Experiment experiment,
            Optional<Inputs> inputs,
            List<Network> open,
            boolean scored) {
        var names = experiment.models().stream().map(StudiedModel::name).toList();
        var networks = new HashMap<String, Network>();
        for (int i = 0; i < open.size(); i++) {
            networks.put(names.get(i), open.get(i));
        }
        var pool = new NetworkPool(resources.networks(), networks);
        var planned = plan(resources, pool, experiment, inputs, scored, names);
        return of(resources, pool, experiment, planned.problems(), planned.plan(), scored);
    }

    /** Checks an experiment from a file. */
    public static CheckedExperiment of(StudyResources resources, ExperimentFile file) {
        var pool = new NetworkPool(resources.networks(), Map.of());
        var draft = file.draft();
        if (draft.isEmpty()) {
            var problems = file.with(new PartsCheck(resources.measures(), pool).check(file.parts()));
            return new CheckedExperiment(problems, Optional.empty(), pool, Map.of(), resources.terms(), true);
        }
        var names = file.parts().modelNames();
        var planned = plan(resources, pool, draft.get(), Optional.empty(), true, names);
        var problems = file.with(planned.problems());
        return of(resources, pool, draft.get(), problems, planned.plan(), true);
    }

    private static StudyPlanner.Planned plan(
            StudyResources resources,
            NetworkPool pool,
            Experiment experiment,
            Optional<Inputs> inputs,
            boolean scored,
            List<String> names) {
        try {
            return new StudyPlanner(resources, pool, experiment, inputs, scored, names).plan();
        } catch (RuntimeException | Error e) {
            pool.close();
            throw e;
        }
    }

    private static CheckedExperiment of(
            StudyResources resources,
            NetworkPool pool,
            Experiment experiment,
            List<Problem> problems,
            Optional<StudyPlan> plan,
            boolean scored) {
        var chosen = problems.isEmpty()
                ? resources.measures().select(experiment.measures())
                : Map.<String, SimilarityMeasure>of();
        return new CheckedExperiment(problems, plan, pool, chosen, resources.terms(), scored);
    }

    /** Returns the problems, in the order of the file's lines; empty if there is a plan. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * Checks that there are no problems.
     *
     * @throws UsageException if there are; the message has all of them, one per line
     */
    void check() {
        if (!problems.isEmpty()) {
            throw new UsageException(ExperimentFile.lines(problems));
        }
    }

    /**
     * Returns the plan.
     *
     * @throws UsageException if there are problems; the message has all of them, one per line
     */
    public StudyPlan plan() {
        check();
        return Objects.requireNonNull(plan.orElse(null), "an experiment without problems");
    }

    /**
     * Checks that the models are functions of their input, or may be others.
     *
     * @throws DataException if one is not
     */
    private void checkModels(RunOptions options) {
        for (var model : plan().models()) {
            if (model.inconsistency().isPresent() && !options.allowsInconsistent()) {
                var file = model.model().spec().file().toString();
                throw model.inconsistency().get().refusal(file);
            }
        }
    }

    /**
     * Checks that the models have hashes, by which their stored results are recognised.
     *
     * @throws UsageException if one has none
     */
    private void checkStorable() {
        for (var model : plan().models()) {
            if (model.sha256().isEmpty()) {
                throw new UsageException(
                        "The results of '%s' can't be stored, since another network of this name would get them: give Network.of the SHA-256 of its weights, or use no folder."
                                .formatted(model.name()));
            }
        }
    }

    /** Returns the study. */
    public Study study() {
        return new Study(this);
    }

    /** Returns the study in shards. */
    @Experimental
    public ShardedStudy sharded() {
        return new ShardedStudy(this);
    }

    /**
     * Returns the units of the study, stored in a folder that other processes may use as well.
     *
     * @throws UsageException as {@link #plan}, or if a model has no hash
     * @throws DataException if a model is not a function of its input, unless that is allowed
     */
    @Experimental
    public StudyUnits units(Path folder, RunOptions options) {
        checkStorable();
        checkModels(options);
        var store = new FolderStore(plan(), new StudyFolder(folder), options.keepsRepresentations());
        return new StudyUnits(plan(), store, networks, measures, terms, options);
    }

    /**
     * Locks a folder, starts another log, and runs work.
     *
     * @param shared whether other processes may also lock it, each for a shard of the work; if not,
     *     unfinished files of killed runs are removed
     * @throws UsageException as {@link #plan}, before anything is written; or if another run has
     *     locked the folder
     */
    <T> T inFolder(
            Path folder, boolean shared, RunOptions options, StudyListener listener, Function<StudyRun, T> work) {
        checkStorable();
        checkModels(options);
        try (var lock = FolderLock.of(folder, shared, listener::note);
                var log = RunLog.begin(folder.resolve("logs"), Clock.systemUTC(), listener);
                var units = units(folder, options)) {
            if (!shared) {
                lock.sweep();
            }
            T result;
            try {
                result = work.apply(new StudyRun(units, log, shared));
            } catch (StirException e) {
                lock.check(List.of()); // a folder that is not there explains the failure
                throw e;
            }
            lock.check(StudyFolder.PREPARED);
            return result;
        }
    }

    /** Runs work in memory. */
    <T> T inMemory(RunOptions options, StudyListener listener, Function<StudyRun, T> work) {
        try (var log = RunLog.none(listener);
                var units = units(options)) {
            return work.apply(new StudyRun(units, log, false));
        }
    }

    /**
     * Returns the units of the study, stored in memory.
     *
     * @throws UsageException as {@link #plan}
     * @throws DataException if a model is not a function of its input, unless that is allowed
     */
    @Experimental
    public StudyUnits units(RunOptions options) {
        checkModels(options);
        return new StudyUnits(plan(), new MemoryStore(plan()), networks, measures, terms, options);
    }

    /**
     * Estimates the cost of the study from a few passes and comparisons.
     *
     * @param nanoseconds a clock
     * @throws UsageException as {@link #plan}
     */
    public StudyCost cost(LongSupplier nanoseconds) {
        var estimate = new CostEstimate(plan(), networks, measures, nanoseconds);
        return scored ? estimate.ofStudy() : estimate.ofSearches();
    }

    /** Returns whether the study compares networks, and does not only search. */
    public boolean isScored() {
        return scored;
    }

    /** Closes the models. Idempotent. */
    @Override
    public void close() {
        networks.close();
    }
}
