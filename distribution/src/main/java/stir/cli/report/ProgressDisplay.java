package stir.cli.report;

import stir.core.runtime.progress.ProgressListener;

/** A display of progress. */
public sealed interface ProgressDisplay extends ProgressListener, AutoCloseable
        permits ProgressBar, ProgressLines {
    /** Erases the display, so that the next text begins on an empty line. */
    @Override
    void close();
}
