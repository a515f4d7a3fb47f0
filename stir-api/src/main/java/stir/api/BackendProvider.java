package stir.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A library that runs networks, loaded by {@link java.util.ServiceLoader}. Discovery is cheap: the
 * constructor loads no native code and reads no file; only {@link #devices} and {@link #open} do.
 *
 * <p>A backend only computes. Stir calls models and hooks through a guard, which checks batches,
 * splits and pads them if the batch size is fixed, and rejects calls after closing. {@link
 * LayerHook} lists the duties of the guard and of the backend.
 *
 * <p>To test an implementation, extend {@code stir.api.contract.BackendContract} from {@code
 * stir-api}'s test-jar.
 *
 * @since 0.1.0
 */
public interface BackendProvider {
    /**
     * Returns the identifier that users write: short, lower case, the same on every call; for
     * example {@code onnx}.
     */
    String id();

    /** Returns a one-line description for lists: formats, library and version. */
    String description();

    /**
     * Returns whether this backend opens a file or folder, judged by its first bytes if possible.
     * Keeps nothing open and never throws for a foreign, broken or missing file.
     */
    Recognition recognise(Path file);

    /**
     * Returns the settings that {@link ModelOptions#settings} may hold for this backend, each with
     * a one-line explanation; empty if there are none. Their values also come from files of others,
     * such as experiments, results and claims. So none may name code, a library or a place to write:
     * such choices belong to variables of the environment and system properties.
     */
    default Map<String, String> settings() {
        return Map.of();
    }

    /**
     * Returns the devices that are available to this backend now, including at least the CPU. Loads
     * native code.
     *
     * @param cache the cache folder, as in {@link ModelOptions#cache}
     * @throws BackendException if the native code does not load
     */
    List<Device> devices(Path cache);

    /**
     * Returns the reason why this backend can't compute on the first GPU, as a clause without a
     * full stop; empty if it can, which is the default for backends without code for GPUs. Loads
     * native code.
     *
     * @param cache the cache folder, as in {@link ModelOptions#cache}
     */
    @Experimental
    default Optional<String> gpuObstacle(Path cache) {
        return Optional.empty();
    }

    /**
     * Opens a model. The caller closes it and thereby frees all native memory that it holds.
     *
     * @param file an existing file or folder, neither a pipe nor a device
     * @param options the options, with values only for the names of {@link #settings}
     * @throws UsageException if the requested device does not exist, or a setting's value is wrong
     * @throws DataException if the file is not a model that this backend can run
     * @throws BackendException if the native code fails
     */
    Model open(Path file, ModelOptions options);

    /**
     * Opens a model with several inputs, one of which is searched. This default rejects side
     * inputs.
     *
     * @throws UsageException as {@link #open(Path, ModelOptions)}, and if the model has other
     *     inputs: {@link SideInputs#choose}
     */
    @Experimental
    default Model open(Path file, ModelOptions options, SideInputs inputs) {
        if (!inputs.equals(SideInputs.NONE)) {
            throw new UsageException(
                    "The backend %s runs networks of one input, so no other is given: omit it.".formatted(id()),
                    Remedy.GIVE_INPUT);
        }
        return open(file, options);
    }
}
