package stir.backend.djl;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import stir.api.FakeRelu;
import stir.api.Shape;
import stir.backend.djl.libtorch.Arguments;
import stir.backend.djl.libtorch.HookedSource;
import stir.backend.djl.libtorch.ListedLayer;
import stir.backend.djl.libtorch.UnknownOperation;

/** A network in a file, and the names of its layers. */
interface NetworkFile {
    /** Returns the user's file. */
    Path file();

    /** Returns the tensors that the network takes. */
    Arguments arguments();

    /**
     * Returns the sizes that the file states for an input, with that of the batch first, unknown
     * ones at most 0; null if it states none.
     */
    @Nullable
    List<Long> stated(String name);

    /**
     * Writes an archive that libtorch loads.
     *
     * @param source the source that it runs
     * @param unknown the operations that libtorch does not support
     * @throws stir.api.BackendException if it can't be written
     * @throws stir.api.DataException if the file has changed since it was opened
     */
    void write(Path copy, HookedSource source, Collection<UnknownOperation> unknown);

    /** Returns whether the network contains attention that computes otherwise with gradients. */
    boolean hasFusedAttention();

    /** Returns a function that trains, if the network was exported in training mode. */
    Optional<String> training();

    /** Returns the precision of weights that are converted to single precision, if any are. */
    Optional<String> precision();

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

    /** Returns the source with a method that lists the layers. */
    HookedSource listing();

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
}
