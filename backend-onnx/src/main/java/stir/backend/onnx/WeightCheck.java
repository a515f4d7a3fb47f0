package stir.backend.onnx;

import stir.api.DataException;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;

import java.nio.FloatBuffer;
import java.nio.file.Path;

/** Looks at weights before anything is computed with them. */
final class WeightCheck {
    private WeightCheck() {}

    /**
     * Refuses a graph with a weight that is no number.
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
                                        "The weights '%s' of %s hold NaN: train or export the network anew."
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
