package stir.core.network;

import stir.api.Device;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.Model;
import stir.api.Shape;
import stir.api.UsageException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An open network, the layer at which it is measured and what its inputs go through first. It takes
 * the part of the reference or of the target. Whoever opened it closes it.
 */
public final class Network implements AutoCloseable {
    private final String name;
    private final String sha256;
    private final String backend;
    private final Model model;
    private final Optional<String> layer;
    private final Preprocessing preprocessing;
    private final Device device;
    private final int workers;
    private final Map<String, String> settings;
    private final List<SearchedLayer> moreLayers;
    private final double layerWeight;

    private Network(
            String name,
            String sha256,
            String backend,
            Model model,
            Optional<String> layer,
            Preprocessing preprocessing,
            Device device,
            int workers,
            Map<String, String> settings,
            List<SearchedLayer> moreLayers,
            double layerWeight) {
        this.name = Objects.requireNonNull(name, "name");
        this.sha256 = Objects.requireNonNull(sha256, "sha256");
        this.backend = Objects.requireNonNull(backend, "backend");
        this.model = Objects.requireNonNull(model, "model");
        this.layer = layer;
        this.preprocessing = preprocessing;
        this.device = device;
        this.workers = workers;
        this.settings = settings;
        this.moreLayers = moreLayers;
        this.layerWeight = layerWeight;
    }

    /**
     * A network out of a model that is open already, for example one that was built in Java.
     * Closing the network closes the model.
     *
     * @param name what reports call it
     * @param sha256 the hash of the model's bytes in hexadecimal; empty if it came from no file
     * @param backend the id of the backend that opened the model
     * @param model the model
     * @param spec layers, preprocessing, device, threads and settings; the rest is not used
     */
    public static Network of(
            String name, String sha256, String backend, Model model, NetworkSpec spec) {
        int workers = spec.device().kind() == Device.Kind.CPU ? spec.threads() : 1;
        return new Network(
                name,
                sha256,
                backend,
                model,
                spec.layer(),
                spec.preprocessing(),
                spec.device(),
                workers,
                spec.settings(),
                spec.moreLayers(),
                spec.layerWeight());
    }

    /**
     * The same open model, measured and searched at another layer alone. Closing either closes
     * both.
     *
     * @param other the layer's name
     */
    public Network at(String other) {
        return new Network(
                name,
                sha256,
                backend,
                model,
                Optional.of(other),
                preprocessing,
                device,
                workers,
                settings,
                List.of(),
                1);
    }

    /** What reports call it: the model's file. */
    public String name() {
        return name;
    }

    /** The hash of the model's bytes in hexadecimal; empty for a model that came from no file. */
    public String sha256() {
        return sha256;
    }

    /** The id of the backend that runs it. */
    public String backend() {
        return backend;
    }

    /** The model; closed with the network. */
    public Model model() {
        return model;
    }

    /** What the model takes. */
    public InputSpec input() {
        return model.input();
    }

    /** The layers that can be measured, with shapes for inputs of a shape: {@link Model#layers}. */
    public List<Layer> layers(Shape input) {
        return model.layers(input);
    }

    /**
     * The name of the layer that is measured.
     *
     * @throws UsageException if none was chosen and the model proposes none
     */
    public String layer() {
        return layer.or(model::defaultLayer)
                .orElseThrow(
                        () ->
                                new UsageException(
                                        "No layer before the classifier could be told for %s: name one, `stir layers` lists them."
                                                .formatted(name)));
    }

    /**
     * The layers that a search for invariant inputs matches: {@link #layer} first.
     *
     * @throws UsageException as {@link #layer}
     */
    public List<SearchedLayer> searchedLayers() {
        var layers = new ArrayList<SearchedLayer>();
        layers.add(new SearchedLayer(layer(), layerWeight));
        layers.addAll(moreLayers);
        return layers;
    }

    /** What an input in [0,1] goes through before the model takes it. */
    public Preprocessing preprocessing() {
        return preprocessing;
    }

    /** What only its backend understands. */
    public Map<String, String> settings() {
        return settings;
    }

    /** Where it computes. */
    public Device device() {
        return device;
    }

    /**
     * How many threads work with it at a time, each with rows of its own: on the CPU the threads of
     * its {@link NetworkSpec}, on a GPU one.
     */
    public int workers() {
        return workers;
    }

    @Override
    public void close() {
        model.close();
    }
}
