package stir.core.network;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import stir.api.Device;
import stir.api.UsageException;

/**
 * The specification of a network: its file, and how to open it.
 *
 * @param file the model's file or folder
 * @param backend the backend's id; empty to let the backends recognise the file
 * @param layers the layers that a search for invariant inputs matches; the first is the measured
 *     layer. Empty for the model's default, the last layer before the classifier
 * @param preprocessing the transformation of an input before the model receives it
 * @param resources the device, threads and memory that the network may use
 * @param settings settings for the backend
 * @param inputs the inputs of a network with several inputs
 * @param references additional networks that a search for its invariant inputs also matches, with
 *     the resources of this network
 * @since 0.1.0
 */
public record NetworkSpec(
        Path file,
        Optional<String> backend,
        List<SearchedLayer> layers,
        Preprocessing preprocessing,
        Resources resources,
        Map<String, String> settings,
        ModelInputs inputs,
        List<FurtherReference> references) {
    /** Copies the collections. */
    public NetworkSpec {
        layers = List.copyOf(layers);
        settings = Map.copyOf(settings);
        references =
                references.stream().map(reference -> reference.with(resources)).toList();
        if (!references.isEmpty()) {
            checkOneLayer(file, layers);
        }
    }

    private static void checkOneLayer(Path file, List<SearchedLayer> layers) {
        if (layers.size() > 1) {
            throw new UsageException(
                    "A search with several references matches one layer of each: specify one layer of %s."
                            .formatted(file));
        }
    }

    /** Checks that searches match one layer. */
    void checkOneLayer() {
        checkOneLayer(file, layers);
    }

    /** Creates a specification: the default layer, on the CPU with all its processors. */
    public static NetworkSpec of(Path file) {
        return new NetworkSpec(
                file,
                Optional.empty(),
                List.of(),
                Preprocessing.NONE,
                Resources.ofMachine(),
                Map.of(),
                ModelInputs.ONE,
                List.of());
    }

    /** Returns the name of the measured layer; empty for the model's default. */
    public Optional<String> layer() {
        return layers.stream().findFirst().map(SearchedLayer::name);
    }

    /** Returns the weight of the measured layer in a search. */
    public double layerWeight() {
        return layers.isEmpty() ? 1 : layers.get(0).weight();
    }

    /** Returns the layers that a search matches besides the measured one. */
    public List<SearchedLayer> moreLayers() {
        return layers.isEmpty() ? layers : layers.subList(1, layers.size());
    }

    /** Returns the device of the network. */
    public Device device() {
        return resources.device();
    }

    /** Returns the number of threads that the network may use. */
    public int threads() {
        return resources.threads();
    }

    /** Returns a copy with another measured layer, of the same weight. */
    public NetworkSpec withLayer(String other) {
        var measured = Stream.of(new SearchedLayer(other, layerWeight()));
        return withLayers(Stream.concat(measured, moreLayers().stream()).toList());
    }

    /** Returns a copy that is measured at another layer, and searched only there. */
    public NetworkSpec atLayerAlone(String other) {
        return withLayers(List.of(new SearchedLayer(other, 1)));
    }

    /**
     * Returns a copy that is searched at several layers at once.
     *
     * @param other the layers; the first is the measured layer
     */
    public NetworkSpec withLayers(List<SearchedLayer> other) {
        return new NetworkSpec(file, backend, other, preprocessing, resources, settings, inputs, references);
    }

    /** Returns a copy with other preprocessing. */
    public NetworkSpec withPreprocessing(Preprocessing other) {
        return new NetworkSpec(file, backend, layers, other, resources, settings, inputs, references);
    }

    /** Returns a copy with other resources. */
    public NetworkSpec withResources(Resources other) {
        return new NetworkSpec(file, backend, layers, preprocessing, other, settings, inputs, references);
    }

    /** Returns a copy with another number of threads. */
    public NetworkSpec withThreads(int other) {
        return withResources(resources.withThreads(other));
    }

    /** Returns a copy with another batch size. */
    public NetworkSpec withBatchSize(int other) {
        return withResources(resources.withBatchSize(other));
    }

    /** Returns a copy with other settings of its backend. */
    public NetworkSpec withSettings(Map<String, String> other) {
        return new NetworkSpec(file, backend, layers, preprocessing, resources, other, inputs, references);
    }

    /** Returns a copy with other side inputs. */
    public NetworkSpec withInputs(ModelInputs other) {
        return new NetworkSpec(file, backend, layers, preprocessing, resources, settings, other, references);
    }

    /**
     * Returns a copy with additional networks that a search matches.
     *
     * @throws UsageException if the search matches several layers of this one
     */
    public NetworkSpec withReferences(List<FurtherReference> other) {
        return new NetworkSpec(file, backend, layers, preprocessing, resources, settings, inputs, other);
    }
}
