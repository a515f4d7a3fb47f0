package stir.core.study;

import stir.api.Experimental;
import stir.api.UsageException;
import stir.core.inversion.Inversion;
import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;
import stir.core.study.store.StudyFolder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Runs an experiment in one process: all units of its work, one after the other. Each reference
 * layer is inverted once for each search and repeat, and its invariant inputs serve all targets.
 *
 * <p>Everything is stored as soon as it is there, by what it depends on: the model's bytes, layer,
 * preprocessing, inputs, settings. A run that was interrupted or killed goes on where it was when
 * the same experiment is run in the same folder, and ends with the same bytes (but for its logs).
 * An experiment with more models, layers, measures, searches, repeats or pairs reuses what is
 * there.
 *
 * <pre>{@code
 * var stir = Stir.load();
 * try (var checked = stir.check(ExperimentFile.read(Path.of("study.yaml")))) {
 *     var results = checked.study().run(Path.of("study"), RunOptions.DEFAULT, StudyListener.SILENT);
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Study {
    private final CheckedExperiment checked;

    Study(CheckedExperiment checked) {
        this.checked = checked;
    }

    /** Whether a study, a score or an inversion was begun in a folder, whichever that was. */
    public static boolean isBegun(Path folder) {
        return new StudyFolder(folder).isBegun();
    }

    /**
     * Does what is to be done and is not done yet.
     *
     * @param folder where it is stored; created if need be
     * @param options how to run it
     * @param listener receives the progress, from one thread at a time
     * @throws UsageException if the folder holds results that the experiment's settings would make
     *     wrong (the message names the setting), or another run works in it
     * @throws stir.api.DataException if a network does not take the inputs, or gives NaN
     * @throws stir.api.BackendException if a network fails, or nothing can be written
     * @throws CancellationException if the calling thread is interrupted; what is done by then is
     *     kept
     */
    public StudyResults run(Path folder, RunOptions options, StudyListener listener) {
        return runIn(folder, options, listener, Study::runAll);
    }

    /**
     * Does what is to be done and is not done yet, its units by other processes: a stage after the
     * other. Units that need what a failed unit did not find are left out, and all others done.
     *
     * @param folder where it is stored, which those processes see too; created if need be
     * @param options as {@link #run(Path, RunOptions, StudyListener)}, errors too
     * @param runner has units done; what it throws ends the run
     * @throws stir.api.DataException if units failed; the listener's notes tell why
     */
    @Experimental
    public StudyResults run(
            Path folder, RunOptions options, StudyListener listener, UnitRunner runner) {
        return runIn(folder, options, listener, (units, log) -> runStages(units, log, runner));
    }

    /** Does all units that are missing. */
    @FunctionalInterface
    private interface Work {
        void run(StudyUnits units, RunLog log);
    }

    private StudyResults runIn(Path folder, RunOptions options, StudyListener listener, Work work) {
        return checked.inFolder(
                folder, false, options, listener, (units, log) -> run(units, log, work));
    }

    /**
     * Makes the searches alone.
     *
     * @param folder where they are stored; empty for memory
     * @param options as {@link #run(Path, RunOptions, StudyListener)}, errors too
     * @return what each search has found, in the order of the plan's references and runs
     */
    List<Inversion> search(Optional<Path> folder, RunOptions options, StudyListener listener) {
        if (folder.isEmpty()) {
            try (var log = RunLog.none(listener);
                    var units = checked.units(options)) {
                return search(units, log);
            }
        }
        return checked.inFolder(folder.get(), false, options, listener, Study::search);
    }

    private static List<Inversion> search(StudyUnits units, RunLog log) {
        units.prepare();
        searchAll(units, log);
        var found = new ArrayList<Inversion>();
        for (var reference : units.plan().references()) {
            for (var run : units.plan().runs()) {
                found.add(units.inversion(reference, run).orElseThrow());
            }
        }
        return found;
    }

    /** Does all work in memory, and stores nothing. */
    public StudyResults run(RunOptions options, StudyListener listener) {
        try (var log = RunLog.none(listener);
                var units = checked.units(options)) {
            return run(units, log, Study::runAll);
        }
    }

    private static StudyResults run(StudyUnits units, RunLog log, Work work) {
        var plan = units.plan();
        log.step(
                "study of %d models, %d layers, %d inputs: %d inversions, %d comparisons"
                        .formatted(
                                plan.models().size(),
                                plan.layers(),
                                plan.inputs().count(),
                                plan.inversions(),
                                plan.comparisons()));
        try {
            units.prepare();
            work.run(units, log);
            var results = units.finish();
            report(results, log);
            return results;
        } catch (CancellationException e) {
            log.step("interrupted: what was done is kept");
            throw e;
        } catch (RuntimeException e) {
            log.step("failed: " + e.getMessage());
            throw e;
        }
    }

    private static void runAll(StudyUnits units, RunLog log) {
        searchAll(units, log);
        for (var unit : units.missing(Stage.SCORE)) {
            run(units, unit, log);
        }
    }

    private static void runStages(StudyUnits units, RunLog log, UnitRunner runner) {
        var failures = new UnitFailures();
        for (var stage : Stage.values()) {
            var ready =
                    units.missing(stage).stream().filter(unit -> !failures.holdUp(unit)).toList();
            if (ready.isEmpty()) {
                continue;
            }
            log.step("%s: %s".formatted(stage.word(), UnitFailures.units(ready.size())));
            var failed = runner.run(stage, ready);
            failures.add(failed);
            ready.stream().filter(unit -> !failed.containsKey(unit)).forEach(units::countDone);
        }
        failures.lines().forEach(log::note);
        failures.check();
    }

    /** Makes the searches, reference by reference, since one is cut for all ranges and repeats. */
    private static void searchAll(StudyUnits units, RunLog log) {
        for (var unit : units.missing(Stage.GATHER)) {
            var gather = (Unit.Gather) unit;
            for (var part : units.plan().unitsOf(gather)) {
                if (units.isMissing(part)) {
                    run(units, part, log);
                }
            }
            run(units, gather, log);
        }
    }

    /**
     * Does one unit, and tells it.
     *
     * @throws CancellationException if the calling thread is interrupted
     */
    static void run(StudyUnits units, Unit unit, RunLog log) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("The study was interrupted");
        }
        log.step(unit.text());
        units.run(unit, log.listener());
    }

    private static void report(StudyResults results, RunLog log) {
        var work = results.work();
        log.step(
                "inversions: %d of %d (%d made now, %d reused)"
                        .formatted(
                                results.plan().inversions(),
                                results.plan().inversions(),
                                work.inversions(),
                                work.inversionsReused()));
        log.step(
                "comparisons: %d of %d (%d computed now, %d reused)"
                        .formatted(
                                work.comparisons() + work.comparisonsReused(),
                                results.plan().comparisons(),
                                work.comparisons(),
                                work.comparisonsReused()));
        log.step("complete");
    }
}
