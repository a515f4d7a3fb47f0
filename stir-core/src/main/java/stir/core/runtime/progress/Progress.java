package stir.core.runtime.progress;

/**
 * The progress of a long task.
 *
 * @param task the task's name, for people
 * @param done the units of work that are done
 * @param total the units of work in all, at least 1
 * @param residual the mean relative distance of the inputs that are being searched; NaN where
 *     nothing is searched
 * @since 0.1.0
 */
public record Progress(String task, long done, long total, double residual) {}
