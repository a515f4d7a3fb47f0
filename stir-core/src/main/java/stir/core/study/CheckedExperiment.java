package stir.core.study;

import stir.api.Experimental;
import stir.api.SimilarityMeasure;
import stir.api.UsageException;
import stir.core.extension.TermCatalogue;
import stir.core.files.FolderLock;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.Mistake;
import stir.core.study.plan.StudyPlan;
import stir.core.study.store.FolderStore;
import stir.core.study.store.MemoryStore;
import stir.core.study.store.StudyFolder;
import stir.core.study.unit.NetworkPool;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * An experiment after its models and inputs have been opened: either its mistakes, all of them, or
 * what it has to do. The models stay open for the work, as far as memory lets them; whoever checked
 * it closes it.
 *
 * @since 0.1.0
 */
public final class CheckedExperiment implements AutoCloseable {
    private final List<Mistake> mistakes;
    private final Optional<StudyPlan> plan;
    private final NetworkPool networks;
    private final Map<String, SimilarityMeasure> measures;
    private final TermCatalogue terms;

    CheckedExperiment(
            List<Mistake> mistakes,
            Optional<StudyPlan> plan,
            NetworkPool networks,
            Map<String, SimilarityMeasure> measures,
            TermCatalogue terms) {
        this.mistakes = List.copyOf(mistakes);
        this.plan = mistakes.isEmpty() ? plan : Optional.empty();
        this.networks = networks;
        this.measures = measures;
        this.terms = terms;
    }

    /** What is wrong, in the order of the file's lines; empty if there is a plan. */
    public List<Mistake> mistakes() {
        return mistakes;
    }

    /**
     * What there is to do.
     *
     * @throws UsageException if there are mistakes; the message has all of them, a line each
     */
    public StudyPlan plan() {
        if (!mistakes.isEmpty()) {
            throw new UsageException(ExperimentFile.lines(mistakes));
        }
        return Objects.requireNonNull(plan.orElse(null), "an experiment without mistakes");
    }

    /** The study in one process. */
    public Study study() {
        return new Study(this);
    }

    /** The study in many processes. */
    @Experimental
    public ShardedStudy sharded() {
        return new ShardedStudy(this);
    }

    /**
     * The units of the study's work, kept in a folder that other processes may work in as well.
     *
     * @throws UsageException as {@link #plan}
     */
    @Experimental
    public StudyUnits units(Path folder, RunOptions options) {
        var store =
                new FolderStore(plan(), new StudyFolder(folder), options.keepsRepresentations());
        return new StudyUnits(plan(), store, networks, measures, terms, options);
    }

    /**
     * Does work in a folder, which is held meanwhile and gets another log.
     *
     * @param shared whether other processes may hold it too; if not, what killed runs have left
     *     unfinished is removed
     * @throws UsageException as {@link #plan}, before anything is written; or if another run holds
     *     the folder
     */
    <T> T inFolder(
            Path folder,
            boolean shared,
            RunOptions options,
            StudyListener listener,
            BiFunction<StudyUnits, RunLog, T> work) {
        var unused = plan();
        try (var lock = FolderLock.of(folder, shared, listener::note);
                var log = RunLog.begin(folder.resolve("logs"), Clock.systemUTC(), listener);
                var units = units(folder, options)) {
            if (!shared) {
                lock.sweep();
            }
            return work.apply(units, log);
        }
    }

    /**
     * The units of the study's work, kept in memory.
     *
     * @throws UsageException as {@link #plan}
     */
    @Experimental
    public StudyUnits units(RunOptions options) {
        return new StudyUnits(plan(), new MemoryStore(plan()), networks, measures, terms, options);
    }

    /**
     * What the study is going to cost, about: measured with a few passes and comparisons.
     *
     * @param nanoseconds a clock
     * @throws UsageException as {@link #plan}
     */
    public StudyCost cost(LongSupplier nanoseconds) {
        return new CostEstimate(plan(), networks, measures, nanoseconds).estimate();
    }

    /** Closes the models; a second call does nothing. */
    @Override
    public void close() {
        networks.close();
    }
}
