package stir.core.study.unit;

import stir.api.FakeRelu;
import stir.api.Layer;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.network.Network;
import stir.core.network.pass.CutNetwork;
import stir.core.network.pass.PixelTransform;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network that is open, and cut once at each layer that is looked at. For one thread at a time.
 */
public final class OpenNetwork implements AutoCloseable {
    private final Network network;
    private final boolean owned;
    private final Shape pixels;
    private final int batchSize;
    private final Map<String, CutNetwork> cuts = new HashMap<>();

    OpenNetwork(Network network, boolean owned, Inputs inputs) {
        this.network = network;
        this.owned = owned;
        this.pixels = inputs.shape();
        this.batchSize = Math.min(network.batchSize(), inputs.count());
    }

    /** The network; closed with this. */
    public Network network() {
        return network;
    }

    /**
     * The shape of an input as the model takes it.
     *
     * @throws stir.api.StirException if it does not take such inputs
     */
    public Shape modelShape() {
        return PixelTransform.between(pixels, network.input(), network.preprocessing())
                .modelShape();
    }

    /** All layers of the network, with shapes. */
    public List<Layer> listed() {
        return network.layers(modelShape());
    }

    /** The rows that are worked on at a time. */
    public int batchSize() {
        return batchSize;
    }

    /** Where the channels of images are in representations. */
    public Layout layout() {
        return network.input().layout();
    }

    /**
     * The network cut at a layer, to be looked at.
     *
     * @throws stir.api.StirException if there is no such layer, or the network can't be cut there
     */
    public CutNetwork cut(String layer) {
        var known = cuts.get(layer);
        if (known != null) {
            return known;
        }
        var cut = CutNetwork.withoutGradients(network, layer, pixels, batchSize);
        cuts.put(layer, cut);
        return cut;
    }

    /**
     * Makes sure that a search can be made at a layer.
     *
     * @throws stir.api.StirException if there is no gradient
     */
    public void checkGradient(String layer) {
        Objects.requireNonNull(layer, "layer");
        CutNetwork.of(network, layer, pixels, batchSize, FakeRelu.NONE).close();
    }

    @Override
    public void close() {
        cuts.values().forEach(CutNetwork::close);
        cuts.clear();
        if (owned) {
            network.close();
        }
    }
}
