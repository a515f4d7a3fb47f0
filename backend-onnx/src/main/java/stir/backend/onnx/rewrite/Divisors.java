package stir.backend.onnx.rewrite;

import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxFormatException;

import java.util.Set;
import java.util.stream.LongStream;

/**
 * Attributes that operators divide by. ONNX Runtime divides by them when it infers shapes, without
 * a check, so a zero would end the process.
 */
public final class Divisors {
    private static final Set<String> NAMES =
            Set.of(
                    "strides",
                    "dilations",
                    "kernel_shape",
                    "group",
                    "num_groups",
                    "num_heads",
                    "num_outputs",
                    "blocksize");

    private Divisors() {}

    /**
     * Checks a graph and its subgraphs.
     *
     * @throws OnnxFormatException if a divisor is not positive
     */
    public static void requirePositive(Graph graph) {
        for (var node : graph.nodes()) {
            node.attributes()
                    .forEach(
                            (name, value) -> {
                                if (NAMES.contains(name) && numbers(value).anyMatch(n -> n < 1)) {
                                    throw notPositive(node, name);
                                }
                            });
            node.subgraphs().forEach(Divisors::requirePositive);
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

    private static OnnxFormatException notPositive(Node node, String name) {
        return new OnnxFormatException(
                "'%s' of its node '%s' (%s) must be positive: export the network again"
                        .formatted(name, node.name(), node.operator()));
    }
}
