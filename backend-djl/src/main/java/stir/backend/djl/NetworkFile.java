package stir.backend.djl;

import stir.api.FakeRelu;
import stir.api.Shape;
import stir.backend.djl.torchscript.HookedSource;
import stir.backend.djl.torchscript.ListedLayer;
import stir.backend.djl.torchscript.TorchScriptArchive;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A network in a file, and the names of its layers. */
interface NetworkFile extends AutoCloseable {
    /** Returns the network as an archive, whose content may have to be prepared. */
    TorchScriptArchive archive();

    /**
     * Ensures that the content of the archive can be read. Idempotent and thread-safe.
     *
     * @throws stir.api.DataException if the file has changed since it was opened
     */
    void prepare();

    /** Returns the shape of one input as far as the file contains it; rank 0 if it does not. */
    Shape input();

    /**
     * Returns the number of inputs for which the network was exported; empty if any is accepted.
     */
    OptionalInt rows();

    /** Returns the name of the layer before the classifier; empty if there is none. */
    Optional<String> defaultLayer();

    /** Returns the layers, in the order of computation, with unknown shapes. */
    List<ListedLayer> layers();

    /**
     * Returns the layers, in the order of computation, with the shapes that a listing gives.
     *
     * @param lines the result of the program's method that lists the layers
     */
    List<ListedLayer> layers(List<String> lines);

    /** Returns the kind of the operation at a layer. */
    String kind(String layer);

    /**
     * Returns the source with an added method that ends at a layer.
     *
     * @throws stir.api.UsageException if there is no such layer
     */
    HookedSource hook(String layer, FakeRelu fakeRelu);

    /** Returns the facts of {@link stir.api.Model#origin}. */
    Map<String, String> origin();

    @Override
    void close();
}
