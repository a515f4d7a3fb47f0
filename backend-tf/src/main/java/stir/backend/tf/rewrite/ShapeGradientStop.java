package stir.backend.tf.rewrite;

import static stir.backend.tf.graph.NodeBuilders.typed;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.OpRegistry;
import stir.backend.tf.graph.TensorName;
import stir.backend.tf.graph.ValuePath;

/**
 * A rewrite that stops gradients where values that depend only on the input's shape (a tiled class
 * token, a random mask) join those that depend on its values. The C++ library would otherwise
 * require the gradients of their operations.
 */
final class ShapeGradientStop {
    private ShapeGradientStop() {}

    /** Returns the graph with gradients stopped at such values. */
    static FlatGraph apply(FlatGraph graph, String input, OpRegistry ops) {
        var values = new ValuePath(graph, input, ops);
        Set<String> byShape = new HashSet<>(Set.of(input));
        Set<String> shields = new HashSet<>();
        var nodes = new ArrayList<NodeDef>();
        for (NodeDef node : graph.nodes().values()) {
            if (FlatGraph.inputs(node).stream().anyMatch(p -> byShape.contains(p.node()))) {
                byShape.add(node.getName());
            }
            if (!values.contains(node.getName())) {
                nodes.add(node);
                continue;
            }
            var builder = node.toBuilder().clearInput();
            for (String reference : node.getInputList()) {
                var tensor = TensorName.parse(reference);
                boolean isConstant =
                        !tensor.isControl() && byShape.contains(tensor.node()) && !values.contains(tensor.node());
                var type = isConstant ? ops.outputType(graph.node(tensor.node()), tensor.index()) : DataType.DT_INVALID;
                if (!OpRegistry.isFloating(type)) {
                    builder.addInput(reference);
                    continue;
                }
                var shield = tensor.node() + "/stir_shield_" + tensor.index();
                if (shields.add(shield)) {
                    nodes.add(typed("StopGradient", shield, type, reference).build());
                }
                builder.addInput(shield);
            }
            nodes.add(builder.build());
        }
        return graph.with(nodes);
    }
}
