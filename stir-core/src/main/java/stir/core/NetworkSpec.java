package stir.core;

import stir.api.Device;
import stir.api.UsageException;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which network is to be opened, and how.
 *
 * @param file the model's file or folder
 * @param backend the backend's id; empty to let the backends recognise the file
 * @param layer the layer to measure; empty for the model's default, the last one before the
 *     classifier
 * @param preprocessing what happens to an input in [0,1] before the model takes it
 * @param device where it computes
 * @param threads the threads that it may use, at least 1
 * @param settings what only its backend understands
 */
public record NetworkSpec(
        Path file,
        Optional<String> backend,
        Optional<String> layer,
        Preprocessing preprocessing,
        Device device,
        int threads,
        Map<String, String> settings) {
    /** Checks the threads and copies the settings. */
    public NetworkSpec {
        Objects.requireNonNull(file, "file");
        settings = Map.copyOf(settings);
        if (threads < 1) {
            throw new UsageException("A network needs at least 1 thread, not " + threads + ".");
        }
    }

    /** The network in a file, at its default layer, on the CPU with all its processors. */
    public static NetworkSpec of(Path file) {
        return new NetworkSpec(
                file,
                Optional.empty(),
                Optional.empty(),
                Preprocessing.NONE,
                Device.CPU,
                Runtime.getRuntime().availableProcessors(),
                Map.of());
    }

    /** The same with a backend. */
    public NetworkSpec withBackend(String other) {
        return new NetworkSpec(
                file, Optional.of(other), layer, preprocessing, device, threads, settings);
    }

    /** The same at another layer. */
    public NetworkSpec withLayer(String other) {
        return new NetworkSpec(
                file, backend, Optional.of(other), preprocessing, device, threads, settings);
    }

    /** The same with other preprocessing. */
    public NetworkSpec withPreprocessing(Preprocessing other) {
        return new NetworkSpec(file, backend, layer, other, device, threads, settings);
    }

    /** The same on another device. */
    public NetworkSpec withDevice(Device other) {
        return new NetworkSpec(file, backend, layer, preprocessing, other, threads, settings);
    }

    /** The same with another number of threads. */
    public NetworkSpec withThreads(int other) {
        return new NetworkSpec(file, backend, layer, preprocessing, device, other, settings);
    }

    /** The same with other settings of its backend. */
    public NetworkSpec withSettings(Map<String, String> other) {
        return new NetworkSpec(file, backend, layer, preprocessing, device, threads, other);
    }
}
