package stir.cli.report;

import stir.core.progress.ProgressListener;

/** Shows how far work has come. */
public sealed interface ProgressDisplay extends ProgressListener, AutoCloseable
        permits ProgressBar, ProgressLines {
    /** Makes room, so that what follows begins on a clean line. */
    @Override
    void close();
}
