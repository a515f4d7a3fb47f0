package stir.core.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import stir.api.Experimental;
import stir.api.UsageException;
import stir.core.inversion.Inversion;
import stir.core.study.results.StudyResults;
import stir.core.study.store.StudyFolder;

/**
 * Runs an experiment. Each reference layer is inverted once per search and repeat, and its
 * invariant inputs serve all targets.
 *
 * <p>Results are stored as soon as they are computed, keyed by everything that they depend on: the
 * model's bytes, layer, preprocessing, inputs, settings, and the jars of backends, measures and
 * terms that are not part of Stir. After an interruption, the same experiment
 * in the same folder continues, and ends with the same bytes (but for its logs). An experiment with
 * more models, layers, measures, searches, repeats or pairs reuses the stored results.
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
     * @param folder the results folder; created if it is missing
     * @param options the options of the run
     * @param listener the listener that receives the progress, from one thread at a time
     * @throws UsageException if the folder holds results that the experiment's settings would make
     *     wrong (the message names the setting), another run works in it, or a network has no hash
     * @throws stir.api.DataException if a network does not accept the inputs, or returns NaN
     * @throws stir.api.BackendException if a network fails, or nothing can be written
     * @throws CancellationException if the calling thread is interrupted; results so far are kept
     */
    public StudyResults run(Path folder, RunOptions options, StudyListener listener) {
        return checked.inFolder(folder, false, options, listener, StudyRun::results);
    }

    /**
     * Runs the missing units in other processes, stage by stage. Units that depend on a failed unit
     * are left out, and all others run.
     *
     * @param folder the results folder, which those processes share; created if it is missing
     * @param options the options, as for {@link #run(Path, RunOptions, StudyListener)}; so are the
     *     errors
     * @param runner the runner of the units; its exceptions end the run
     * @throws stir.api.DataException if units failed; the listener's notes have the reasons
     */
    @Experimental
    public StudyResults run(Path folder, RunOptions options, StudyListener listener, UnitRunner runner) {
        return checked.inFolder(
                folder, false, options, listener, run -> run.elsewhere(runner).results());
    }

    /** Runs everything in memory and stores nothing. */
    public StudyResults run(RunOptions options, StudyListener listener) {
        return checked.inMemory(options, listener, StudyRun::results);
    }

    /**
     * Runs only the searches.
     *
     * @param folder the results folder; empty to keep results in memory
     * @param options the options, as for {@link #run(Path, RunOptions, StudyListener)}; so are the
     *     errors
     * @return the results in the order of the plan's references and runs
     */
    public List<Inversion> search(Optional<Path> folder, RunOptions options, StudyListener listener) {
        return folder.isEmpty()
                ? checked.inMemory(options, listener, StudyRun::searches)
                : checked.inFolder(folder.get(), false, options, listener, StudyRun::searches);
    }
}
