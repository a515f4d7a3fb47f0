package stir.backend.onnx;

import stir.api.DataException;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;

import java.nio.FloatBuffer;
import java.nio.file.Path;

/** A check of weights before anything is computed with them. */
final class WeightCheck {
    private WeightCheck() {}

    /**
     * Refuses a graph with NaN among its weights.
     *
     * @throws DataException if there is one; the message names the tensor
     */
    static void refuseNaN(Path file, Graph graph) {
        graph.initialisers()
                .forEach(
                        (name, tensor) -> {
                            if (tensor.type().type() == ElementType.FLOAT
                                    && hasNaN(
                                            ModelFile.read(file, tensor).data().asFloatBuffer())) {
                                throw new DataException(
                                        "The weights '%s' of %s contain NaN: train or export the network again."
                                                .formatted(name, file));
                            }
                        });
    }

    private static boolean hasNaN(FloatBuffer values) {
        for (int i = 0; i < values.limit(); i++) {
            if (Float.isNaN(values.get(i))) {
                return true;
            }
        }
        return false;
    }
}
