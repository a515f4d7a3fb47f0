package stir.backend.onnx;

import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.support.BatchPool;
import stir.backend.onnx.gradient.NoGradientException;
import stir.backend.onnx.gradient.PassGraph;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** A network cut at one tensor, with programs that are built on demand. */
final class OnnxHook implements LayerHook {
    private final CutNetwork network;
    private final Layer layer;
    private final InputSpec input;
    private final Map<String, Float> fakeRelu;
    private final boolean extended;
    private final Programs programs;
    private final BatchPool scratch;

    /**
     * Creates a hook and checks that there is a gradient if one is needed; opens nothing in the
     * runtime yet.
     *
     * @param fakeRelu the output of the ReLU that is to pass gradients, with the share that it
     *     passes; empty if there is none
     * @param extended whether the network has an {@link ExtendedRelu} that is to be extended
     * @param gradients whether gradients are needed
     * @throws NoGradientException if an operator has no gradient
     */
    OnnxHook(
            CutNetwork network,
            Layer layer,
            InputSpec input,
            Map<String, Float> fakeRelu,
            boolean extended,
            boolean gradients) {
        this.network = network;
        this.layer = layer;
        this.input = input;
        this.fakeRelu = fakeRelu;
        this.extended = extended;
        this.programs = new Programs(network.sessions(), this::graphOfPasses);
        this.scratch = new BatchPool(layer.shape());
        if (gradients) {
            graphOfPasses(input.batch().orElse(1)).pullback();
        }
    }

    private PassGraph graphOfPasses(int rows) {
        var graph = network.simplify(rows);
        var passed = extended ? ExtendedRelu.find(graph).orElseThrow().apply(graph) : graph;
        return new PassGraph(passed, fakeRelu);
    }

    @Override
    public Layer layer() {
        return layer;
    }

    @Override
    public Shape inputShape() {
        return network.input();
    }

    @Override
    public boolean fakeRelu() {
        return extended || !fakeRelu.isEmpty();
    }

    @Override
    public OptionalInt batch() {
        return input.batch();
    }

    @Override
    public void represent(Batch inputs, Batch representations) {
        Programs.run(
                programs.forward(),
                given(inputs),
                Map.of(PassGraph.REPRESENTATION, representations));
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
        scratch.lend(
                inputs.rows(),
                chosen -> programs.run(given(inputs), rule, representations, chosen, gradients));
    }

    @Override
    public void distance(
            Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        var found = Batch.allocate(inputs.rows(), Shape.of(1));
        Programs.run(
                programs.distance(norm.p()),
                given(inputs, PassGraph.TARGET, targets),
                Map.of(PassGraph.DISTANCE, found, PassGraph.GRADIENT, gradients));
        for (int row = 0; row < inputs.rows(); row++) {
            distances[row] = found.get(row, 0);
        }
    }

    /** Returns the rows of all inputs of the graph, by name. */
    private Map<String, Batch> given(Batch inputs) {
        var given = new HashMap<>(inputs.side());
        given.put(input.name(), inputs);
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
