package stir.core.network;

import stir.api.Device;
import stir.api.UsageException;
import stir.core.inversion.Rival;

import java.nio.file.Path;
import java.util.List;
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
 * @param moreLayers layers that a search for invariant inputs matches besides the measured one,
 *     which weighs {@code layerWeight}; empty for the measured one alone
 * @param layerWeight the weight of the measured layer in such a search; above 0
 */
public record NetworkSpec(
        Path file,
        Optional<String> backend,
        Optional<String> layer,
        Preprocessing preprocessing,
        Device device,
        int threads,
        Map<String, String> settings,
        List<SearchedLayer> moreLayers,
        double layerWeight) {
    /** A network that is searched at the measured layer alone. */
    public NetworkSpec(
            Path file,
            Optional<String> backend,
            Optional<String> layer,
            Preprocessing preprocessing,
            Device device,
            int threads,
            Map<String, String> settings) {
        this(file, backend, layer, preprocessing, device, threads, settings, List.of(), 1);
    }

    /** Checks the threads and copies the settings. */
    public NetworkSpec {
        Objects.requireNonNull(file, "file");
        settings = Map.copyOf(settings);
        moreLayers = List.copyOf(moreLayers);
        if (!moreLayers.isEmpty() && layer.isEmpty()) {
            throw new UsageException(
                    "A search at several layers needs the name of the measured one, the first.");
        }
        if (layer.isPresent()) {
            var unused = new SearchedLayer(layer.get(), layerWeight); // checks the weight
        }
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

    /** The second network of a search, on the CPU with all its processors. */
    public static NetworkSpec of(Rival rival) {
        var spec =
                of(rival.model())
                        .withPreprocessing(
                                new Preprocessing(
                                        rival.mean(), rival.standardDeviation(), Optional.empty()));
        return rival.layer().map(spec::withLayer).orElse(spec);
    }

    /** The same with a backend. */
    public NetworkSpec withBackend(String other) {
        return new NetworkSpec(
                file,
                Optional.of(other),
                layer,
                preprocessing,
                device,
                threads,
                settings,
                moreLayers,
                layerWeight);
    }

    /** The same at another layer. */
    public NetworkSpec withLayer(String other) {
        return new NetworkSpec(
                file,
                backend,
                Optional.of(other),
                preprocessing,
                device,
                threads,
                settings,
                moreLayers,
                layerWeight);
    }

    /**
     * The same, searched at several layers at once.
     *
     * @param layers the first is the one that is measured; at least one
     */
    public NetworkSpec withLayers(List<SearchedLayer> layers) {
        return new NetworkSpec(
                file,
                backend,
                Optional.of(layers.get(0).name()),
                preprocessing,
                device,
                threads,
                settings,
                layers.subList(1, layers.size()),
                layers.get(0).weight());
    }

    /** The same with other preprocessing. */
    public NetworkSpec withPreprocessing(Preprocessing other) {
        return new NetworkSpec(
                file, backend, layer, other, device, threads, settings, moreLayers, layerWeight);
    }

    /** The same on another device. */
    public NetworkSpec withDevice(Device other) {
        return new NetworkSpec(
                file,
                backend,
                layer,
                preprocessing,
                other,
                threads,
                settings,
                moreLayers,
                layerWeight);
    }

    /** The same with another number of threads. */
    public NetworkSpec withThreads(int other) {
        return new NetworkSpec(
                file,
                backend,
                layer,
                preprocessing,
                device,
                other,
                settings,
                moreLayers,
                layerWeight);
    }

    /** The same with other settings of its backend. */
    public NetworkSpec withSettings(Map<String, String> other) {
        return new NetworkSpec(
                file,
                backend,
                layer,
                preprocessing,
                device,
                threads,
                other,
                moreLayers,
                layerWeight);
    }
}
