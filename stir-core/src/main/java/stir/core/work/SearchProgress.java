package stir.core.work;

import stir.core.progress.Progress;
import stir.core.progress.ProgressListener;

/** Collects what the workers of a search do, and tells a listener. */
public final class SearchProgress {
    private final String task;
    private final long total;
    private final ProgressListener listener;
    private long done;
    private double residuals;
    private int finished;

    public SearchProgress(String task, long total, ProgressListener listener) {
        this.task = task;
        this.total = total;
        this.listener = listener;
    }

    /** Row passes were made; the residual is the mean of the rows that are being searched. */
    public synchronized void passed(long rowPasses, double residual) {
        done = Math.min(total, done + rowPasses);
        listener.update(new Progress(task, done, total, residual));
    }

    /** An input left the search, and the passes that it did not need are not to be waited for. */
    public synchronized void finished(double residual, long rowPassesSaved) {
        residuals += residual;
        finished++;
        done = Math.min(total, done + rowPassesSaved);
        listener.update(new Progress(task, done, total, residuals / finished));
    }
}
