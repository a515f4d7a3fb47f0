package stir.backend.onnx.rewrite;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.Tensor;

/** A convolution that includes the batch normalisation after it. */
final class FoldedNormalisation {
    private static final float DEFAULT_EPSILON = 1e-5f;

    private FoldedNormalisation() {}

    /**
     * Returns a convolution equivalent to both nodes, if all weights are constant; its weights are
     * added to the initialisers.
     */
    static Optional<Node> of(Node convolution, Node normalisation, Map<String, Tensor> initialisers) {
        var kernel = readable(initialisers, convolution.input(1));
        boolean biased = !convolution.input(2).isEmpty();
        boolean constant = normalisation.inputs().stream()
                .skip(1)
                .allMatch(name -> readable(initialisers, name).isPresent());
        if (kernel.isEmpty()
                || !constant
                || (biased && readable(initialisers, convolution.input(2)).isEmpty())) {
            return Optional.empty();
        }
        var scale = floats(initialisers, normalisation, 1);
        var offset = floats(initialisers, normalisation, 2);
        var mean = floats(initialisers, normalisation, 3);
        var variance = floats(initialisers, normalisation, 4);
        double epsilon = normalisation.real("epsilon", DEFAULT_EPSILON);
        var weights = kernel.get().toFloats();
        var bias = biased ? floats(initialisers, convolution, 2) : new float[scale.length];
        int each = weights.length / scale.length;
        for (int channel = 0; channel < scale.length; channel++) {
            double factor = scale[channel] / Math.sqrt(variance[channel] + epsilon);
            bias[channel] = (float) ((bias[channel] - mean[channel]) * factor + offset[channel]);
            for (int i = channel * each; i < (channel + 1) * each; i++) {
                weights[i] = (float) (weights[i] * factor);
            }
        }
        var kernelName = normalisation.output(0) + "/kernel";
        var biasName = normalisation.output(0) + "/bias";
        initialisers.put(kernelName, Tensor.floats(weights, kernel.get().type().toArray()));
        initialisers.put(biasName, Tensor.floats(bias, bias.length));
        return Optional.of(convolution.with(
                List.of(convolution.input(0), kernelName, biasName), List.of(normalisation.output(0))));
    }

    private static Optional<Tensor> readable(Map<String, Tensor> initialisers, String name) {
        return Optional.ofNullable(initialisers.get(name))
                .filter(tensor -> tensor.external().isEmpty())
                .filter(tensor -> tensor.type().type() == ElementType.FLOAT);
    }

    private static float[] floats(Map<String, Tensor> initialisers, Node node, int input) {
        return readable(initialisers, node.input(input)).orElseThrow().toFloats();
    }
}
