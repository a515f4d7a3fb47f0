package stir.core.study;

import stir.api.DataException;
import stir.api.Experimental;
import stir.api.SimilarityMeasure;
import stir.api.StirException;
import stir.api.UsageException;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.io.files.FolderLock;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.Problem;
import stir.core.study.plan.StudyPlan;
import stir.core.study.run.NetworkPool;
import stir.core.study.store.FolderStore;
import stir.core.study.store.MemoryStore;
import stir.core.study.store.StudyFolder;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * An experiment after its models and inputs have been opened: either all of its problems, or its
 * plan. The models stay open for the work, as far as memory allows; the caller closes it.
 *
 * @since 0.1.0
 */
public final class CheckedExperiment implements AutoCloseable {
    private final List<Problem> problems;
    private final Optional<StudyPlan> plan;
    private final NetworkPool networks;
    private final Map<String, SimilarityMeasure> measures;
    private final TermCatalogue terms;

    CheckedExperiment(
            List<Problem> problems,
            Optional<StudyPlan> plan,
            NetworkPool networks,
            Map<String, SimilarityMeasure> measures,
            TermCatalogue terms) {
        this.problems = List.copyOf(problems);
        this.plan = problems.isEmpty() ? plan : Optional.empty();
        this.networks = networks;
        this.measures = measures;
        this.terms = terms;
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
     * @throws UsageException as {@link #plan}
     * @throws DataException if a model is not a function of its input, unless that is allowed
     */
    @Experimental
    public StudyUnits units(Path folder, RunOptions options) {
        checkModels(options);
        var store =
                new FolderStore(plan(), new StudyFolder(folder), options.keepsRepresentations());
        return new StudyUnits(plan(), store, networks, measures, terms, options);
    }

    /**
     * Locks a folder, starts another log, and runs work.
     *
     * @param shared whether other processes may lock it too; if not, unfinished files of killed
     *     runs are removed
     * @throws UsageException as {@link #plan}, before anything is written; or if another run has
     *     locked the folder
     */
    <T> T inFolder(
            Path folder,
            boolean shared,
            RunOptions options,
            StudyListener listener,
            BiFunction<StudyUnits, RunLog, T> work) {
        checkModels(options);
        try (var lock = FolderLock.of(folder, shared, listener::note);
                var log = RunLog.begin(folder.resolve("logs"), Clock.systemUTC(), listener);
                var units = units(folder, options)) {
            if (!shared) {
                lock.sweep();
            }
            T result;
            try {
                result = work.apply(units, log);
            } catch (StirException e) {
                lock.check(List.of()); // a folder that is not there explains the failure
                throw e;
            }
            lock.check(StudyFolder.PREPARED);
            return result;
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
        return new CostEstimate(plan(), networks, measures, nanoseconds).estimate();
    }

    /** Closes the models. Idempotent. */
    @Override
    public void close() {
        networks.close();
    }
}
