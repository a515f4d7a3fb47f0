package stir.backend.onnx.rewrite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.Tensor;

/**
 * A rewriting of weight standardisation, which is exported as a batch normalisation of weights in
 * training mode, whether the network is in training or not. Of one row, that is an instance
 * normalisation, which the runtime computes at inference too.
 */
public final class StandardisedWeights {
    private StandardisedWeights() {}

    /** Rewrites a model without functions; normalisations of anything but weights stay. */
    public static OnnxModel rewrite(OnnxModel model) {
        var graph = model.graph();
        var constants = new HashSet<>(graph.initialisers().keySet());
        var tensors = new HashMap<>(graph.initialisers());
        var producers = graph.producers();
        var nodes = new ArrayList<Node>();
        for (var node : graph.nodes()) {
            if (node.is("Constant") && node.attributes().get("value") instanceof Attribute.OfTensor value) {
                tensors.put(node.output(0), value.value());
            }
            boolean constant = node.reads().allMatch(constants::contains);
            if (constant) {
                node.writes().forEach(constants::add);
            }
            boolean rewritten = constant
                    && NodeCheck.isTraining(node, model.opset())
                    && rows(node.input(0), producers, tensors).orElse(0) == 1;
            nodes.add(rewritten ? instances(node) : node);
        }
        return model.with(graph.withNodes(nodes));
    }

    private static Node instances(Node node) {
        var kept = new HashMap<>(node.attributes());
        kept.keySet().retainAll(List.of("epsilon"));
        return new Node(
                "",
                "InstanceNormalization",
                node.name(),
                node.inputs().subList(0, Math.min(3, node.inputs().size())),
                List.of(node.output(0)),
                kept,
                node.metadata());
    }

    /** Returns the first size of a weight, of one that is given another shape too. */
    private static OptionalLong rows(String name, Map<String, Node> producers, Map<String, Tensor> tensors) {
        var tensor = tensors.get(name);
        if (tensor != null) {
            return tensor.type().dims().stream().mapToLong(Long::longValue).findFirst();
        }
        var node = producers.get(name);
        var shape = node != null && node.is("Reshape") ? tensors.get(node.input(1)) : null;
        if (shape == null || shape.external().isPresent() || shape.type().type() != ElementType.INT64) {
            return OptionalLong.empty();
        }
        return Arrays.stream(shape.toLongs()).findFirst();
    }
}
