package stir.core.network.pass;

import stir.api.Batch;
import stir.api.Layer;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.network.Network;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * An open network that is read at several layers. Closes its hooks, not the network. For one thread
 * at a time.
 */
public final class OpenLayers implements AutoCloseable {
    private final Network network;
    private final Shape pixels;
    private final int batchSize;
    private final Map<String, HookedNetwork> hooked = new HashMap<>();

    /**
     * Layers that are not cut yet.
     *
     * @param network stays its owner's
     * @param pixels the shape of an input
     * @param batchSize the rows that are read at a time
     */
    public OpenLayers(Network network, Shape pixels, int batchSize) {
        this.network = network;
        this.pixels = pixels;
        this.batchSize = batchSize;
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

    /**
     * The shape of a layer's representation.
     *
     * @throws stir.api.StirException if there is no such layer, or the network can't be cut there
     */
    public Shape shape(String layer) {
        return cut(layer).representationShape();
    }

    private HookedNetwork cut(String layer) {
        return hooked.computeIfAbsent(
                layer, name -> HookedNetwork.of(network.at(name), pixels, batchSize, false));
    }

    /**
     * Computes representations at some layers, and hands them over in parts. A part's inputs are
     * read once for all layers.
     *
     * @param layers the layers
     * @param rows what the network is shown
     * @param count how many rows there are
     * @param part takes the next representations of each layer; not to be kept
     * @throws CancellationException if the thread is interrupted
     */
    public void represent(
            List<String> layers, Rows rows, int count, Consumer<Map<String, Batch>> part) {
        for (int from = 0; from < count; from += batchSize) {
            var shown = Batch.allocate(Math.min(batchSize, count - from), pixels);
            for (int row = 0; row < shown.rows(); row++) {
                rows.read(from + row, shown, row);
            }
            var found = new LinkedHashMap<String, Batch>();
            for (var layer : layers) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("Reading representations was interrupted");
                }
                var network = cut(layer);
                var into = Batch.allocate(shown.rows(), network.representationShape());
                network.represent((index, batch, row) -> batch.copyRow(shown, index, row), 0, into);
                found.put(layer, into);
            }
            part.accept(found);
        }
    }

    /** Where the channels of images are in representations. */
    public Layout layout() {
        return network.input().layout();
    }

    @Override
    public void close() {
        hooked.values().forEach(HookedNetwork::close);
        hooked.clear();
    }
}
