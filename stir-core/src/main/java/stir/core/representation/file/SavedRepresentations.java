package stir.core.representation.file;

import java.nio.file.Path;
import java.util.Optional;
import stir.api.Shape;
import stir.core.network.Inconsistency;

/**
 * Representations saved in a file.
 *
 * @param file a {@code .npy} file of float32
 * @param layer the layer's name
 * @param shape the shape of a row
 * @param rows the number of rows: one per input, in the inputs' order, or several where each
 *     position is a row
 * @param inputs the number of inputs
 * @param existing the number of these that an earlier run had represented
 * @param inconsistency the reason why the network is not a function of its input; empty if it is
 * @since 0.1.0
 */
public record SavedRepresentations(
        Path file,
        String layer,
        Shape shape,
        int rows,
        int inputs,
        int existing,
        Optional<Inconsistency> inconsistency) {}
