package stir.core.study;

import stir.api.Caution;
import stir.api.Experimental;
import stir.core.runtime.progress.Progress;
import stir.core.runtime.progress.ProgressListener;
import stir.core.study.plan.Unit;
import stir.core.study.plan.Workload;

/**
 * Receives the progress of a study: each step, which is also logged, and the passes within a step.
 *
 * @since 0.1.0
 */
public interface StudyListener extends ProgressListener {
    /** A listener that does nothing. */
    StudyListener SILENT = step -> {};

    /** Receives a step that is done or begins, as a line for people. */
    void step(String line);

    /** Receives all units of the run, before the first begins. */
    @Experimental
    default void plan(Workload work) {}

    /** Receives a reason not to trust the results of models, before the first unit begins. */
    default void caution(Caution caution) {}

    /** Receives a unit that begins. */
    @Experimental
    default void begin(Unit unit) {}

    /** Receives a unit that has ended. */
    @Experimental
    default void end(Unit unit) {}

    @Override
    default void update(Progress progress) {}

    @Override
    default void note(String sentence) {
        step(sentence);
    }
}
