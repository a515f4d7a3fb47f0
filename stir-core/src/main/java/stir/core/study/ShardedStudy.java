package stir.core.study;

import stir.api.DataException;
import stir.api.Experimental;
import stir.api.StirException;
import stir.api.UsageException;
import stir.core.machine.HostName;
import stir.core.study.plan.Shard;
import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Runs an experiment in many processes, on as many machines as one likes, that share a folder: each
 * does a fixed share of a stage. There is no scheduler; a cluster's starts the processes, and
 * starts those again that died. When all shards of both stages are done, {@link Study#run} in the
 * same folder finds everything there, and writes what remains. The folder has the bytes then that
 * one process would have written, but for its logs.
 *
 * <pre>{@code
 * try (var checked = stir.check(ExperimentFile.read(Path.of("study.yaml")))) {
 *     var outcome = checked.sharded()
 *             .search(Path.of("/shared/study"), new Shard(3, 16), RunOptions.DEFAULT, listener);
 * }
 * }</pre>
 *
 * A search is gathered by the shard that finds it complete.
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
     * Makes the folder, and stores the plan and the inputs in it, before shards begin.
     *
     * @param folder on a file system that all machines share
     * @throws UsageException as {@link Study#run}
     */
    public void prepare(Path folder, RunOptions options, StudyListener listener) {
        var unused =
                checked.inFolder(
                        folder,
                        false,
                        options,
                        listener,
                        (units, log) -> {
                            units.prepare();
                            int inversions = units.plan().inversions();
                            log.step("prepared for shards: %d inversions".formatted(inversions));
                            return units.plan();
                        });
    }

    /**
     * Does a shard's share of the searches.
     *
     * @param folder as {@link #prepare}; it is made if need be, but not the folder that it lies in
     * @param listener receives the progress
     * @throws UsageException if this machine does not see the folder, if it holds results of other
     *     settings, models or kinds of machines, or if {@link Study#run} works in it
     * @throws stir.api.BackendException if a network fails, or nothing can be written: another
     *     machine may do better
     * @throws CancellationException if the calling thread is interrupted; what was found is kept
     */
    public ShardOutcome search(
            Path folder, Shard shard, RunOptions options, StudyListener listener) {
        return run(folder, Stage.SEARCH, shard, options, listener);
    }

    /**
     * Does a shard's share of the scores, as far as the searches that they need are complete.
     * Arguments and errors as {@link #search}.
     */
    public ShardOutcome score(
            Path folder, Shard shard, RunOptions options, StudyListener listener) {
        return run(folder, Stage.SCORE, shard, options, listener);
    }

    private ShardOutcome run(
            Path folder, Stage stage, Shard shard, RunOptions options, StudyListener listener) {
        var unused = checked.plan(); // its mistakes come before what is wrong with the folder
        checkSeen(folder, stage);
        return checked.inFolder(
                folder, true, options, listener, (units, log) -> run(stage, shard, units, log));
    }

    private static ShardOutcome run(Stage stage, Shard shard, StudyUnits units, RunLog log) {
        // Many inputs are summed in blocks; whoever adds the last one puts them together.
        boolean isSummed = stage == Stage.SCORE && units.plan().blocks() > 0;
        var dealt = isSummed ? Stage.SUM : stage;
        var share = units.plan().share(dealt, shard);
        log.step(
                "shard %s of stage %s on %s: %d units"
                        .formatted(shard, stage.word(), HostName.here(), share.size()));
        units.prepare();
        var outcome = new Run(dealt, units, log).run(stage, shard, share);
        log.step("ended: " + outcome.sentence());
        return outcome;
    }

    /** A folder that all machines share is there, or is made within one that is. */
    private static void checkSeen(Path folder, Stage stage) {
        var parent = folder.toAbsolutePath().normalize().getParent();
        boolean seen =
                stage == Stage.SCORE
                        ? Study.isBegun(folder)
                        : parent == null || Files.isDirectory(parent);
        if (!seen) {
            throw new UsageException(
                    "Host %s does not see %s: give a folder that all machines share%s."
                            .formatted(
                                    HostName.here(),
                                    stage == Stage.SCORE ? "the searches in " + folder : folder,
                                    stage == Stage.SCORE ? ", and search before scoring" : ""));
        }
    }

    /**
     * The units whose results are not there yet: ranges of searches, then scores.
     *
     * @param folder as {@link #search}
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

    /** A shard at work. */
    private static final class Run {
        private final Stage stage;
        private final StudyUnits units;
        private final RunLog log;
        private final List<ShardOutcome.Failure> failed = new ArrayList<>();
        private final LinkedHashSet<Unit> missing = new LinkedHashSet<>();
        private int done;

        Run(Stage stage, StudyUnits units, RunLog log) {
            this.stage = stage;
            this.units = units;
            this.log = log;
        }

        ShardOutcome run(Stage asked, Shard shard, List<Unit> share) {
            var searched = new LinkedHashSet<Unit.Gather>();
            var scored = new LinkedHashSet<Unit.Score>();
            for (var unit : share) {
                if (unit instanceof Unit.Search search) {
                    searched.add(search.whole());
                } else if (unit instanceof Unit.Sums sums) {
                    scored.add(sums.whole());
                }
                if (units.isMissing(unit) && isReady(unit)) {
                    attempt(unit).ifPresent(failed::add);
                }
            }
            searched.forEach(this::gather);
            for (var unit : scored) {
                if (units.isMissing(unit) && units.isSummed(unit)) {
                    attempt(unit).ifPresent(failed::add);
                }
            }
            return new ShardOutcome(
                    asked, shard, share.size(), done, List.copyOf(failed), List.copyOf(missing));
        }

        /** Whether all that a unit needs is there; puts together what only has to be. */
        private boolean isReady(Unit unit) {
            if (unit instanceof Unit.Search) {
                return true;
            }
            boolean ready = true;
            var score = unit instanceof Unit.Sums sums ? sums.whole() : (Unit.Score) unit;
            for (var search : units.searches(score)) {
                if (!gather(search)) {
                    missing.add(search);
                    ready = false;
                }
            }
            return ready;
        }

        /** Puts a search together if all of it was found; false if not. */
        private boolean gather(Unit.Gather search) {
            if (!units.isMissing(search)) {
                return true;
            }
            if (!units.isFound(search)) {
                return false;
            }
            Study.run(units, search, log);
            return true;
        }

        /** Does a unit; what its data make impossible is told with all others. */
        private Optional<ShardOutcome.Failure> attempt(Unit unit) {
            try {
                Study.run(units, unit, log);
                if (unit.stage() == stage) {
                    done++;
                }
                return Optional.empty();
            } catch (UsageException | DataException e) {
                return Optional.of(failure(unit, e));
            }
        }

        private ShardOutcome.Failure failure(Unit unit, StirException reason) {
            log.step("failed: %s: %s".formatted(unit, reason.getMessage()));
            return new ShardOutcome.Failure(unit, reason.getMessage());
        }
    }
}
