package stir.core.progress;

/**
 * Hears how far long work has come. Called often, by one thread at a time; it should return at
 * once.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ProgressListener {
    /** A listener that does nothing. */
    ProgressListener SILENT = progress -> {};

    /** Takes the latest state. */
    void update(Progress progress);

    /** Takes a sentence that the user should read, for example that earlier work goes on. */
    default void note(String sentence) {}
}
