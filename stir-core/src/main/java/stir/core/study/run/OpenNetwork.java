package stir.core.study.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import stir.api.DataException;
import stir.api.FakeRelu;
import stir.api.Layer;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inputs.Lengths;
import stir.core.network.Network;
import stir.core.network.pass.CutNetwork;
import stir.core.network.pass.PixelTransform;

/** An open network, cut once at each layer that is read. Not thread-safe. */
public final class OpenNetwork implements AutoCloseable {
    private final Network network;
    private final boolean owned;
    private final Inputs inputs;
    private final int batchSize;
    private final Map<String, CutNetwork> cuts = new HashMap<>();

    OpenNetwork(Network network, boolean owned, Inputs inputs) {
        this.network = network.on(inputs);
        this.owned = owned;
        this.inputs = inputs;
        this.batchSize = Math.min(network.batchSize(), inputs.count());
    }

    /** Returns the network, which is closed with this. */
    public Network network() {
        return network;
    }

    /**
     * Returns the shape of an input as the model takes it.
     *
     * @throws stir.api.StirException if the model does not take these inputs
     */
    public Shape modelShape() {
        return PixelTransform.between(inputs.shape(), network).modelShape();
    }

    /**
     * Returns the name of the measured layer.
     *
     * @throws stir.api.UsageException if none was chosen and the model proposes none
     */
    public String layer() {
        return network.layer(modelShape());
    }

    /** Returns all layers of the network, with shapes. */
    public List<Layer> listed() {
        return network.layers(modelShape());
    }

    /** Returns the number of rows that are processed at a time. */
    public int batchSize() {
        return batchSize;
    }

    /** Returns the lengths of the inputs, if they are padded sequences. */
    Lengths lengths() {
        return network.lengths();
    }

    /** Returns the position of the channels in representations. */
    public Layout layout() {
        return network.input().layout();
    }

    /**
     * Returns the network cut at a layer, without gradients.
     *
     * @throws stir.api.StirException if there is no such layer, or the network can't be cut there
     */
    public CutNetwork cut(String layer) {
        var known = cuts.get(layer);
        if (known != null) {
            return known;
        }
        var cut = CutNetwork.withoutGradients(network, layer, inputs, batchSize);
        cuts.put(layer, cut);
        return cut;
    }

    /**
     * Checks that a layer has gradients.
     *
     * @throws stir.api.StirException if there is no gradient
     */
    public void checkGradient(String layer) {
        Objects.requireNonNull(layer, "layer");
        CutNetwork.of(network, layer, inputs, batchSize, FakeRelu.NONE).close();
    }

    /** Returns the refusal of a network that has changed: {@link CutNetwork#change}. */
    Optional<DataException> change() {
        return cuts.values().stream().flatMap(cut -> cut.change().stream()).findFirst();
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
