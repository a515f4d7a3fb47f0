package stir.core.study;

import stir.core.runtime.progress.Progress;
import stir.core.runtime.progress.ProgressListener;

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

    @Override
    default void update(Progress progress) {}

    @Override
    default void note(String sentence) {
        step(sentence);
    }
}
