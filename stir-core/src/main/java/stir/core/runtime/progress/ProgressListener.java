package stir.core.runtime.progress;

/**
 * A receiver of the progress of long-running work. It is called often, by one thread at a time, and
 * should return at once.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ProgressListener {
    /** A listener that does nothing. */
    ProgressListener SILENT = progress -> {};

    /** Receives the latest state. */
    void update(Progress progress);

    /**
     * Receives a sentence that the user should read, for example that an earlier run is resumed.
     */
    default void note(String sentence) {}
}
