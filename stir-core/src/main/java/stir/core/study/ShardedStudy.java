package stir.core.study;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import stir.api.Experimental;
import stir.api.UsageException;
import stir.core.runtime.machine.HostName;
import stir.core.study.plan.Shard;
import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;

/**
 * Runs an experiment in many processes that share a folder, on one machine or many: each runs a
 * fixed share of a stage. The cluster's own scheduler starts processes, and restarts them if they
 * fail. When all shards of the two stages are done, {@link Study#run} in the same folder reuses
 * their results and writes the rest. The folder then has the bytes of a run in one process, but for
 * its logs.
 *
 * <pre>{@code
 * try (var checked = stir.check(ExperimentFile.read(Path.of("study.yaml")))) {
 *     var outcome = checked.sharded()
 *             .search(Path.of("/shared/study"), new Shard(3, 16), RunOptions.DEFAULT, listener);
 * }
 * }</pre>
 *
 * <p>A search is gathered by the shard that finds it complete.
 *
 * @since 0.1.0
 */
@Experimental
public final class ShardedStudy {
    private final CheckedExperiment checked;

    ShardedStudy(CheckedExperiment checked) {
        this.checked = checked;
    }

    /**
     * Creates the folder and stores the plan and the inputs in it, before shards begin.
     *
     * @param folder a folder on a file system that all machines share
     * @throws UsageException as {@link Study#run}
     */
    public void prepare(Path folder, RunOptions options, StudyListener listener) {
        checked.inFolder(folder, false, options, listener, StudyRun::prepare);
    }

    /**
     * Runs a shard's share of the searches.
     *
     * @param folder the folder, as for {@link #prepare}; created if it is missing, but not its
     *     parent
     * @param listener the listener that receives the progress
     * @throws UsageException if this machine does not see the folder, if it holds results of other
     *     settings, models or CPU types, or if {@link Study#run} works in it
     * @throws stir.api.BackendException if a network fails, or nothing can be written: another
     *     machine may succeed
     * @throws CancellationException if the calling thread is interrupted; results so far are kept
     */
    public ShardOutcome search(Path folder, Shard shard, RunOptions options, StudyListener listener) {
        return run(folder, Stage.SEARCH, shard, options, listener);
    }

    /**
     * Runs a shard's share of the scores whose searches are complete. Arguments and errors as
     * {@link #search}.
     */
    public ShardOutcome score(Path folder, Shard shard, RunOptions options, StudyListener listener) {
        return run(folder, Stage.SCORE, shard, options, listener);
    }

    private ShardOutcome run(Path folder, Stage stage, Shard shard, RunOptions options, StudyListener listener) {
        checked.check();
        checkSeen(folder, stage);
        return checked.inFolder(folder, true, options, listener, run -> run.share(stage, shard));
    }

    /** Checks that the shared folder exists, or can be created within one that does. */
    private static void checkSeen(Path folder, Stage stage) {
        var parent = folder.toAbsolutePath().normalize().getParent();
        boolean seen = stage == Stage.SCORE ? Study.isBegun(folder) : parent == null || Files.isDirectory(parent);
        if (!seen) {
            throw new UsageException("Host %s does not see %s: use a folder that all machines share%s."
                    .formatted(
                            HostName.here(),
                            stage == Stage.SCORE ? "the searches in " + folder : folder,
                            stage == Stage.SCORE ? ", and search before scoring" : ""));
        }
    }

    /**
     * Returns the units without results: ranges of searches, then scores.
     *
     * @param folder the folder, as for {@link #search}
     * @throws UsageException if this machine does not see the folder
     */
    public List<Unit> missing(Path folder, RunOptions options) {
        checkSeen(folder, Stage.SCORE);
        try (var units = checked.units(folder, options)) {
            var missing = new ArrayList<Unit>(units.missing(Stage.SEARCH));
            missing.addAll(units.missing(Stage.SCORE));
            return missing;
        }
    }
}
