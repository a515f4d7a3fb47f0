package stir.backend.onnx.rewrite;

import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxFormatException;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.Tensor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** Checks of nodes before the runtime receives them. */
public final class NodeCheck {
    /** The version from which batch normalisation states its mode. */
    private static final int TRAINING_MODE = 14;

    /**
     * Attributes that operators divide by. ONNX Runtime divides by them when it infers shapes,
     * without a check, so a zero would end the process.
     */
    private static final Set<String> DIVISORS =
            Set.of(
                    "strides",
                    "dilations",
                    "kernel_shape",
                    "group",
                    "num_groups",
                    "num_heads",
                    "num_outputs",
                    "blocksize");

    private final int opset;

    private NodeCheck(int opset) {
        this.opset = opset;
    }

    /**
     * Checks a model without functions, with its subgraphs.
     *
     * @throws OnnxFormatException if a divisor is not positive, or if a node is in training mode
     */
    public static void check(OnnxModel model) {
        new NodeCheck(model.opset()).check(model.graph(), Map.of());
    }

    private void check(Graph graph, Map<String, Tensor> outer) {
        var constants = new HashMap<>(outer);
        constants.putAll(graph.initialisers());
        for (var node : graph.nodes()) {
            if (node.is("Constant")
                    && node.attributes().get("value") instanceof Attribute.OfTensor value) {
                constants.put(node.output(0), value.value());
            }
            node.attributes().forEach((name, value) -> requirePositive(node, name, value));
            requireInference(node, constants);
            node.subgraphs().forEach(inner -> check(inner, constants));
        }
    }

    private static void requirePositive(Node node, String name, Attribute value) {
        if (DIVISORS.contains(name) && numbers(value).anyMatch(n -> n < 1)) {
            throw new OnnxFormatException(
                    "'%s' of its node '%s' (%s) must be positive: export the network again"
                            .formatted(name, node.name(), node.operator()));
        }
    }

    private static LongStream numbers(Attribute attribute) {
        if (attribute instanceof Attribute.OfInts many) {
            return many.values().stream().mapToLong(Long::longValue);
        }
        return attribute instanceof Attribute.OfInt one
                ? LongStream.of(one.value())
                : LongStream.empty();
    }

    private void requireInference(Node node, Map<String, Tensor> constants) {
        boolean training = false;
        if (node.is("BatchNormalization")) {
            training =
                    opset < TRAINING_MODE
                            ? node.outputs().stream().skip(1).anyMatch(name -> !name.isEmpty())
                            : node.integer("training_mode", 0) != 0;
        } else if (node.is("Dropout")) {
            var mode = constants.get(node.input(2));
            training = mode != null && List.of(1L).equals(values(mode));
        }
        if (training) {
            throw new OnnxFormatException(
                    "its node %s is in training mode: call model.eval() and export it again"
                            .formatted(node));
        }
    }

    private static List<Long> values(Tensor tensor) {
        return LongStream.of(tensor.toLongs()).boxed().toList();
    }
}
