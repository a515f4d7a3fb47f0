package stir.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A library that runs networks, found by {@link java.util.ServiceLoader}. To be found costs
 * nothing: the constructor loads no native code and reads no file; that comes with {@link #devices}
 * and {@link #open}.
 *
 * <p>A backend is what computes, and no more: models and hooks are called through a guard, which
 * checks batches, cuts and pads them where the batch size is fixed, and lets no call through after
 * closing. {@link LayerHook} tells what is guaranteed and what is left to do.
 *
 * <p>An implementation is tested by extending {@code stir.api.contract.BackendContract}, which
 * {@code stir-api}'s test-jar holds.
 *
 * @since 0.1.0
 */
public interface BackendProvider {
    /** What users call it: short, lower case, the same at every call; for example {@code onnx}. */
    String id();

    /** One line for a list: what it runs and through which library and version. */
    String description();

    /**
     * Whether a file or folder is a model of this backend, told from its first bytes where they
     * tell it. Opens nothing for good and never throws for a foreign, broken or missing file.
     */
    Recognition recognise(Path file);

    /**
     * The settings that {@link ModelOptions#settings} may hold for this backend, each with a line
     * that explains it; empty if there are none.
     */
    default Map<String, String> settings() {
        return Map.of();
    }

    /**
     * The devices that this backend can compute on now; the CPU at least. Loads native code.
     *
     * @param cache as {@link ModelOptions#cache}
     * @throws BackendException if the native code does not load
     */
    List<Device> devices(Path cache);

    /**
     * Opens a model; its caller closes it, and with it all native memory that it holds.
     *
     * @throws UsageException if the file is not there, or if a device or a setting is asked for
     *     that there is not
     * @throws DataException if the file is no model that this backend can run
     * @throws BackendException if the native code fails
     */
    Model open(Path file, ModelOptions options);
}
