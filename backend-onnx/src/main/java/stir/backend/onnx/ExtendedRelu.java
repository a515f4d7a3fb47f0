package stir.backend.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import stir.api.FakeRelu;
import stir.api.support.GraphAnalysis;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.StaticGraph;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/**
 * A ReLU or ReLU6 whose mean over all positions is the output of a graph: {@link
 * stir.api.FakeRelu#EXTENDED}.
 *
 * @param relu the ReLU or ReLU6
 * @param mean the mean that reads it
 * @param type the type of the ReLU's values
 * @param axes the axes of the positions
 */
record ExtendedRelu(Node relu, Node mean, TensorType type, Tensor axes) {
    /** Returns the ReLU of a graph, if there is one. */
    static Optional<ExtendedRelu> find(StaticGraph graph) {
        var operators = new OnnxOperators(graph.graph());
        var output = graph.graph().outputs().keySet().iterator().next();
        var openRelu = new GraphAnalysis<>(operators).relu(output, FakeRelu.EXTENDED);
        return openRelu.flatMap(open ->
                open.mean().flatMap(mean -> of(graph, operators.node(open.value()), operators.node(mean))));
    }

    private static Optional<ExtendedRelu> of(StaticGraph graph, Node relu, Node mean) {
        return Optional.ofNullable(graph.types().get(relu.output(0)))
                .flatMap(type -> axes(graph.graph(), mean, type).map(axes -> new ExtendedRelu(relu, mean, type, axes)));
    }

    /** Returns the axes that a node takes the mean of; empty if it is another node. */
    private static Optional<Tensor> axes(Graph graph, Node node, TensorType type) {
        if (node.is("GlobalAveragePool")) {
            return Optional.of(
                    Tensor.vector(LongStream.range(2, type.dims().size()).toArray()));
        }
        return node.is("ReduceMean") ? Optional.ofNullable(graph.initialisers().get(node.input(1))) : Optional.empty();
    }

    /** Returns the graph in which the mean reads the largest input where all are at most 0. */
    StaticGraph apply(StaticGraph graph) {
        var prefix = relu.output(0) + "/stir_";
        var nodes = new ArrayList<>(graph.graph().nodes());
        int at = nodes.indexOf(mean);
        var reads = new ArrayList<>(mean.inputs());
        reads.set(0, prefix + "extended");
        nodes.set(at, mean.with(reads, mean.outputs()));
        var input = relu.input(0);
        var largest = prefix + "largest";
        var keeps = Map.<String, Attribute>of("keepdims", new Attribute.OfInt(1));
        var bounds = List.of(largest, prefix + "zero");
        var conditions = List.of(prefix + "off", prefix + "at");
        var choice = List.of(prefix + "passed", input, relu.output(0));
        nodes.addAll(
                at,
                List.of(
                        Node.of("ReduceMax", largest, List.of(input, prefix + "axes"), keeps),
                        Node.of("LessOrEqual", prefix + "off", bounds, Map.of()),
                        Node.of("Equal", prefix + "at", List.of(input, largest), Map.of()),
                        Node.of("And", prefix + "passed", conditions, Map.of()),
                        Node.of("Where", prefix + "extended", choice, Map.of())));
        var constants = new LinkedHashMap<>(graph.graph().initialisers());
        constants.put(prefix + "axes", axes);
        constants.put(prefix + "zero", Tensor.floats(new float[] {0}));
        var kept = type.toLongs();
        for (long axis : axes.toLongs()) {
            kept[Math.floorMod(axis, kept.length)] = 1;
        }
        var types = new HashMap<>(graph.types());
        types.put(largest, TensorType.of(type.type(), kept));
        types.put(prefix + "off", TensorType.of(ElementType.BOOL, kept));
        types.put(prefix + "at", TensorType.of(ElementType.BOOL, type.toLongs()));
        types.put(prefix + "passed", TensorType.of(ElementType.BOOL, type.toLongs()));
        types.put(prefix + "extended", type);
        return new StaticGraph(graph.model().with(graph.graph().with(nodes, constants)), types);
    }
}
