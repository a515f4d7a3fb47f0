package stir.api;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * The options for opening a model.
 *
 * @param device the device that computes
 * @param threads the threads that one pass may use, at least 1; backends with a process-wide thread
 *     pool use the first model's number
 * @param cache a folder of the user, into which a backend may unpack its native libraries; it may
 *     not exist yet
 * @param settings settings of one backend, by the names that its {@link BackendProvider#settings}
 *     lists
 * @since 0.1.0
 */
public record ModelOptions(Device device, int threads, Path cache, Map<String, String> settings) {
    /** Checks the number of threads and copies the settings. */
    public ModelOptions {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(cache, "cache");
        settings = Map.copyOf(settings);
        if (threads < 1) {
            throw new UsageException("A model needs at least 1 thread, not " + threads + ".");
        }
    }
}
