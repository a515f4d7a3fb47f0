package stir.backend.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.Device;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.support.BatchPool;
import stir.backend.onnx.gradient.NoGradientException;
import stir.backend.onnx.gradient.PassGraph;
import stir.backend.onnx.rewrite.Specialiser;

/**
 * A network cut at one tensor, with programs that are built on demand.
 *
 * @param inputName the name of the searched input
 * @param scratch memory for cotangents
 */
record OnnxHook(
        String inputName,
        Layer layer,
        Shape inputShape,
        boolean fakeRelu,
        boolean drawsRandomNumbers,
        OptionalInt batch,
        Programs programs,
        BatchPool scratch)
        implements LayerHook {
    /**
     * Creates a hook and checks that there is a gradient if one is needed; opens nothing in the
     * runtime yet.
     *
     * @param relu the output of the ReLU that is to pass gradients, with the share that it passes;
     *     empty if there is none
     * @param extended whether the network has an {@link ExtendedRelu} that is to be extended
     * @param gradients whether gradients are needed
     * @throws NoGradientException if an operator has no gradient
     */
    static OnnxHook of(
            CutModel network,
            Layer layer,
            InputSpec input,
            Map<String, Float> relu,
            boolean extended,
            boolean gradients) {
        IntFunction<PassGraph> passes = rows -> {
            var graph = network.simplify(rows);
            return new PassGraph(
                    extended ? ExtendedRelu.find(graph).orElseThrow().apply(graph) : graph, relu);
        };
        if (gradients) {
            passes.apply(input.batch().orElse(1)).pullback();
        }
        return new OnnxHook(
                input.name(),
                layer,
                network.input(),
                extended || !relu.isEmpty(),
                Specialiser.drawsRandomNumbers(network.model().graph()),
                input.batch(),
                new Programs(
                        network.sessions(), passes, network.sessions().device().kind() == Device.Kind.CUDA),
                new BatchPool(layer.shape()));
    }

    @Override
    public void represent(Batch inputs, Batch representations) {
        Programs.run(programs.forward(), given(inputs), Map.of(PassGraph.REPRESENTATION, representations));
    }

    @Override
    public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        Programs.run(
                programs.pullback(),
                given(inputs, PassGraph.COTANGENT, cotangents),
                Map.of(PassGraph.GRADIENT, gradients));
    }

    @Override
    public void pullback(Batch inputs, CotangentRule rule, Batch representations, Batch gradients) {
        scratch.lend(inputs.rows(), chosen -> programs.run(given(inputs), rule, representations, chosen, gradients));
    }

    @Override
    public void distance(Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        var rowDistances = Batch.allocate(inputs.rows(), Shape.of(1));
        Programs.run(
                programs.distance(norm.p()),
                given(inputs, PassGraph.TARGET, targets),
                Map.of(PassGraph.DISTANCE, rowDistances, PassGraph.GRADIENT, gradients));
        for (int row = 0; row < inputs.rows(); row++) {
            distances[row] = rowDistances.get(row, 0);
        }
    }

    /** Returns the rows of all inputs of the graph, by name. */
    private Map<String, Batch> given(Batch inputs) {
        var given = new HashMap<>(inputs.side());
        given.put(inputName, inputs);
        return given;
    }

    private Map<String, Batch> given(Batch inputs, String name, Batch more) {
        var given = given(inputs);
        given.put(name, more);
        return given;
    }

    @Override
    public void close() {
        programs.close();
    }
}
