package stir.core.study;

import stir.api.UsageException;
import stir.core.Stir;
import stir.core.extension.MeasureCatalogue;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Runs experiments. Each reference layer is inverted once for each search and repeat, and its
 * invariant inputs serve all targets.
 *
 * <p>Everything is stored as soon as it is there, by what it depends on: the model's bytes, layer,
 * preprocessing, inputs, settings. A run that was interrupted or killed goes on where it was when
 * the same experiment is run in the same folder, and ends with the same bytes (but for its logs).
 * An experiment with more models, layers, measures, searches, repeats or pairs reuses what is
 * there.
 *
 * <pre>{@code
 * var stir = Stir.load();
 * var plan = CheckedExperiment.of(stir, ExperimentFile.read(Path.of("study.yaml"))).plan();
 * var results = Study.of(stir, plan).run(Path.of("study"), StudyListener.SILENT);
 * }</pre>
 */
public final class Study {
    private final Stir stir;
    private final StudyPlan plan;
    private final String command;

    private Study(Stir stir, StudyPlan plan, String command) {
        this.stir = stir;
        this.plan = plan;
        this.command = command;
    }

    /**
     * A study that has not begun.
     *
     * @param stir opens the models, one at a time
     * @param plan what there is to do
     */
    public static Study of(Stir stir, StudyPlan plan) {
        return new Study(stir, plan, "");
    }

    /** The same study, whose document tells by which command it is repeated. */
    public Study repeatedBy(String line) {
        return new Study(stir, plan, line);
    }

    /**
     * Does what is to be done and is not done yet.
     *
     * @param folder where it is stored; created if need be
     * @param listener hears how far it has come, by one thread at a time
     * @throws UsageException if the folder holds results that the experiment's settings would make
     *     wrong (the message names the setting), or another run works in it
     * @throws stir.api.DataException if a network does not take the inputs, or gives NaN
     * @throws stir.api.BackendException if a network fails, or nothing can be written
     * @throws CancellationException if the calling thread is interrupted; what is done by then is
     *     kept
     */
    public StudyResults run(Path folder, StudyListener listener) {
        var place = new StudyFolder(folder);
        var store = new StudyStore(plan, place, StudyKeys.of(plan));
        var needs = StudyNeeds.of(plan);
        var measures = new MeasureCatalogue(stir.extensions()).select(plan.experiment().measures());
        try (var lock = StudyLock.of(place.logs());
                var log = RunLog.begin(place.logs(), Clock.systemUTC(), listener)) {
            lock.sweep(folder);
            store.check(needs);
            log.step(
                    "study of %d models, %d layers, %d inputs: %d inversions, %d comparisons"
                            .formatted(
                                    plan.models().size(),
                                    plan.layers(),
                                    plan.inputs().count(),
                                    plan.inversions(),
                                    plan.comparisons()));
            try {
                return run(store, needs, new StudyComparisons(store, needs, measures, log), log);
            } catch (CancellationException e) {
                log.step("interrupted: what was done is kept");
                throw e;
            } catch (RuntimeException e) {
                log.step("failed: " + e.getMessage());
                throw e;
            }
        }
    }

    private StudyResults run(
            StudyStore store, StudyNeeds needs, StudyComparisons comparisons, RunLog log) {
        WholeFile.write(store.folder().document(), StudyDocument.of(plan, store.keys(), command));
        var steps = new StudySteps(stir, store, needs, log);
        steps.prepare();
        steps.invert();
        steps.represent();
        List<StudySimilarity> similarities = comparisons.similarities();
        List<StudyScore> scores = comparisons.scores();
        WholeFile.write(store.folder().table(), StudyTable.of(similarities, scores));
        log.step("complete: " + store.folder().root());
        return new StudyResults(
                store.folder().root(),
                plan,
                scores,
                similarities,
                new StudyWork(
                        steps.inversions(),
                        steps.inversionsReused(),
                        steps.representations(),
                        steps.representationsReused(),
                        comparisons.computed(),
                        comparisons.reused()));
    }
}
