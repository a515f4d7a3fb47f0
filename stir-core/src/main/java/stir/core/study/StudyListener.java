package stir.core.study;

import stir.core.progress.Progress;
import stir.core.progress.ProgressListener;

/**
 * Hears how far a study has come: each step, which is also written into the log, and within a step
 * the passes.
 *
 * @since 0.1.0
 */
public interface StudyListener extends ProgressListener {
    /** A listener that does nothing. */
    StudyListener SILENT = step -> {};

    /** Takes what has been done or is about to be done, a line for people. */
    void step(String line);

    @Override
    default void update(Progress progress) {}

    @Override
    default void note(String sentence) {
        step(sentence);
    }
}
