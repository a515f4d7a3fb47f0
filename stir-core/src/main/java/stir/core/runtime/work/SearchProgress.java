package stir.core.runtime.work;

import stir.core.runtime.progress.Progress;
import stir.core.runtime.progress.ProgressListener;

/** The progress of a search, collected from its workers and reported to a listener. */
public final class SearchProgress {
    private final String task;
    private final long total;
    private final ProgressListener listener;
    private long done;
    private long computed;
    private double residuals;
    private int finished;

    public SearchProgress(String task, long total, ProgressListener listener) {
        this.task = task;
        this.total = total;
        this.listener = listener;
    }

    /**
     * Reports row passes; the residual is the mean over the rows of the current batch, and over all
     * that have left the search once no pass remains.
     */
    public synchronized void passed(long rowPasses, double residual) {
        done = Math.min(total, done + rowPasses);
        computed = Math.min(total, computed + rowPasses);
        double shown = done == total && finished > 0 ? residuals / finished : residual;
        listener.update(new Progress(task, done, total, shown, computed));
    }

    /**
     * Reports that an input left the search, and counts the passes that it did not need as done.
     */
    public synchronized void finished(double residual, long rowPassesSaved) {
        residuals += residual;
        finished++;
        done = Math.min(total, done + rowPassesSaved);
        listener.update(new Progress(task, done, total, residuals / finished, computed));
    }
}
