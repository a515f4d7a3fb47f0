package stir.core.runtime.progress;

/**
 * The progress of a long task.
 *
 * @param task the task's name, for people
 * @param done the units of work that are done, or turned out to be unnecessary
 * @param total the units of work in all, at least 1
 * @param residual the mean relative distance of the inputs that are being searched; NaN if nothing
 *     is searched
 * @param computed the units of work that were computed, at most {@code done}
 * @since 0.1.0
 */
public record Progress(String task, long done, long total, double residual, long computed) {
    /** Creates the progress of a task whose units are all necessary. */
    public Progress(String task, long done, long total, double residual) {
        this(task, done, total, residual, done);
    }
}
