package stir.core.network;

import stir.api.Device;
import stir.api.UsageException;

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
 * @param resources what it may use
 * @param settings what only its backend understands
 * @param moreLayers layers that a search for invariant inputs matches besides the measured one,
 *     which weighs {@code layerWeight}; empty for the measured one alone
 * @param layerWeight the weight of the measured layer in such a search; above 0
 * @since 0.1.0
 */
public record NetworkSpec(
        Path file,
        Optional<String> backend,
        Optional<String> layer,
        Preprocessing preprocessing,
        Resources resources,
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
        this(
                file,
                backend,
                layer,
                preprocessing,
                new Resources(device, threads, Resources.BATCH_SIZE),
                settings,
                List.of(),
                1);
    }

    /** Checks the layers and copies the settings. */
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
    }

    /** The network in a file, at its default layer, on the CPU with all its processors. */
    public static NetworkSpec of(Path file) {
        return new NetworkSpec(
                file,
                Optional.empty(),
                Optional.empty(),
                Preprocessing.NONE,
                Resources.ofMachine(),
                Map.of(),
                List.of(),
                1);
    }

    /** The same with a backend. */
    public NetworkSpec withBackend(String other) {
        return new NetworkSpec(
                file,
                Optional.of(other),
                layer,
                preprocessing,
                resources,
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
                resources,
                settings,
                moreLayers,
                layerWeight);
    }

    /** The same at another layer, and searched there alone. */
    public NetworkSpec atLayerAlone(String other) {
        return new NetworkSpec(
                file,
                backend,
                Optional.of(other),
                preprocessing,
                resources,
                settings,
                List.of(),
                1);
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
                resources,
                settings,
                layers.subList(1, layers.size()),
                layers.get(0).weight());
    }

    /** The same with other preprocessing. */
    public NetworkSpec withPreprocessing(Preprocessing other) {
        return new NetworkSpec(
                file, backend, layer, other, resources, settings, moreLayers, layerWeight);
    }

    /** Where it computes. */
    public Device device() {
        return resources.device();
    }

    /** The threads that it may use. */
    public int threads() {
        return resources.threads();
    }

    /** The same with other resources. */
    public NetworkSpec withResources(Resources other) {
        return new NetworkSpec(
                file, backend, layer, preprocessing, other, settings, moreLayers, layerWeight);
    }

    /** The same on another device. */
    public NetworkSpec withDevice(Device other) {
        return withResources(resources.withDevice(other));
    }

    /** The same with another number of threads. */
    public NetworkSpec withThreads(int other) {
        return withResources(resources.withThreads(other));
    }

    /** The same with another batch size. */
    public NetworkSpec withBatchSize(int other) {
        return withResources(resources.withBatchSize(other));
    }

    /** The same with other settings of its backend. */
    public NetworkSpec withSettings(Map<String, String> other) {
        return new NetworkSpec(
                file, backend, layer, preprocessing, resources, other, moreLayers, layerWeight);
    }
}
