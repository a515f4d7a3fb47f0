package stir.core.study;

import stir.api.Experimental;
import stir.api.UsageException;
import stir.core.inversion.Inversion;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.StudyPlan;
import stir.core.study.results.StudyResults;
import stir.core.study.store.StudyFolder;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Runs an experiment. Each reference layer is inverted once per search and repeat, and its
 * invariant inputs serve all targets.
 *
 * <p>Results are stored as soon as they are found, by all that they depend on: the model's bytes,
 * layer, preprocessing, inputs, settings. After an interruption, the same experiment in the same
 * folder continues, and ends with the same bytes (but for its logs). An experiment with more
 * models, layers, measures, searches, repeats or pairs reuses the stored results.
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

    /** Returns whether a study, a score or an inversion was begun in a folder. */
    public static boolean isBegun(Path folder) {
        return new StudyFolder(folder).isBegun();
    }

    /**
     * Runs the missing units in this process.
     *
     * @param folder the folder of the results; created if it is missing
     * @param options the options of the run
     * @param listener the listener that receives the progress, from one thread at a time
     * @throws UsageException if the folder holds results that the experiment's settings would make
     *     wrong (the message names the setting), or another run works in it
     * @throws stir.api.DataException if a network does not take the inputs, or gives NaN
     * @throws stir.api.BackendException if a network fails, or nothing can be written
     * @throws CancellationException if the calling thread is interrupted; results so far are kept
     */
    public StudyResults run(Path folder, RunOptions options, StudyListener listener) {
        return checked.inFolder(folder, false, options, listener, Study::runHere);
    }

    /**
     * Runs the missing units in other processes, stage by stage. Units that need what a failed unit
     * did not find are left out, and all others run.
     *
     * @param folder the folder of the results, which those processes share; created if it is
     *     missing
     * @param options the options, as for {@link #run(Path, RunOptions, StudyListener)}; so are the
     *     errors
     * @param runner the runner of the units; its exceptions end the run
     * @throws stir.api.DataException if units failed; the listener's notes have the reasons
     */
    @Experimental
    public StudyResults run(
            Path folder, RunOptions options, StudyListener listener, UnitRunner runner) {
        return checked.inFolder(
                folder,
                false,
                options,
                listener,
                (units, log) -> run(units, log, StudyRun.elsewhere(units, log, runner)::byStage));
    }

    /** Runs everything in memory, and stores nothing. */
    public StudyResults run(RunOptions options, StudyListener listener) {
        return inMemory(options, listener, Study::runHere);
    }

    /**
     * Runs the searches alone.
     *
     * @param folder the folder of the results; empty to hold them in memory
     * @param options the options, as for {@link #run(Path, RunOptions, StudyListener)}; so are the
     *     errors
     * @return the results in the order of the plan's references and runs
     */
    List<Inversion> search(Optional<Path> folder, RunOptions options, StudyListener listener) {
        return folder.isEmpty()
                ? inMemory(options, listener, Study::search)
                : checked.inFolder(folder.get(), false, options, listener, Study::search);
    }

    private <T> T inMemory(
            RunOptions options, StudyListener listener, BiFunction<StudyUnits, RunLog, T> work) {
        try (var log = RunLog.none(listener);
                var units = checked.units(options)) {
            return work.apply(units, log);
        }
    }

    private static List<Inversion> search(StudyUnits units, RunLog log) {
        units.prepare();
        noteOthers(units, log);
        return StudyRun.here(units, log, false).searches();
    }

    private static StudyResults runHere(StudyUnits units, RunLog log) {
        return run(units, log, StudyRun.here(units, log, false)::byReference);
    }

    private static StudyResults run(StudyUnits units, RunLog log, Runnable work) {
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
            noteOthers(units, log);
            noteLimit(plan, log);
            work.run();
            var results = units.finish();
            report(results, log);
            return results;
        } catch (CancellationException e) {
            log.write("interrupted: what was done is kept");
            throw e;
        } catch (RuntimeException e) {
            log.write("failed: " + e.getMessage());
            throw e;
        }
    }

    /** Notes that the folder holds results of other searches, which the tables do not have. */
    private static void noteOthers(StudyUnits units, RunLog log) {
        var others = units.otherSearches();
        if (!others.isEmpty()) {
            log.note(
                    "the folder also contains results of %s (%s), which remain stored; the answer, tables and reports describe %s."
                            .formatted(
                                    others.size() == 1 ? "another search" : "other searches",
                                    String.join(", ", others),
                                    units.plan().runs().stream()
                                            .map(SearchRun::search)
                                            .distinct()
                                            .collect(Collectors.joining(", "))));
        }
    }

    /** Notes that there are fewer inputs than were asked for. */
    private static void noteLimit(StudyPlan plan, RunLog log) {
        int count = plan.inputs().count();
        plan.experiment()
                .limit()
                .ifPresent(
                        limit -> {
                            if (limit > count) {
                                log.note(
                                        "there are %d inputs, fewer than the limit of %d."
                                                .formatted(count, limit));
                            }
                        });
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
