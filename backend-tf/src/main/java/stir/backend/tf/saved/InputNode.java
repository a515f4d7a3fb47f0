package stir.backend.tf.saved;

import java.util.ArrayList;
import java.util.Locale;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import stir.api.DataException;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.NodeBuilders;
import stir.backend.tf.graph.OpRegistry;
import stir.backend.tf.graph.TensorName;

/**
 * The replacement of the fed node by a placeholder of single-precision floats, converted if the
 * model takes floats of another precision.
 */
public final class InputNode {
    private static final String CONVERTED = "/stir_converted";

    private InputNode() {}

    /**
     * Returns the graph with a placeholder as its input.
     *
     * @throws DataException if the model does not accept floating-point numbers
     */
    public static FlatGraph place(FlatGraph graph, TensorName input, TensorFlowFile file) {
        var type = file.inputType();
        if (!OpRegistry.isFloating(type) || input.index() != 0) {
            throw new DataException(
                    "The input '%s' takes %s, but Stir feeds floating-point images: export the model with a float input and without decoding."
                            .formatted(file.inputName(), words(type)));
        }
        var placeholder = NodeBuilders.node("Placeholder", input.node())
                .putAttr("dtype", NodeBuilders.type(DataType.DT_FLOAT))
                .putAttr("shape", NodeBuilders.shape(file.inputShape()))
                .build();
        boolean converts = type != DataType.DT_FLOAT;
        var nodes = new ArrayList<NodeDef>();
        for (NodeDef node : graph.nodes().values()) {
            if (!node.getName().equals(input.node())) {
                nodes.add(converts ? withInput(node, input) : node);
            } else {
                nodes.add(placeholder);
                if (converts) {
                    nodes.add(conversion(input, type));
                }
            }
        }
        return graph.with(nodes);
    }

    private static String words(DataType type) {
        return switch (type) {
            case DT_STRING -> "strings";
            case DT_INVALID -> "values of an unknown type";
            default -> type.name().substring("DT_".length()).toLowerCase(Locale.ROOT) + " values";
        };
    }

    private static NodeDef conversion(TensorName input, DataType type) {
        return NodeBuilders.cast(input.node() + CONVERTED, DataType.DT_FLOAT, type, input.node())
                .build();
    }

    private static NodeDef withInput(NodeDef node, TensorName input) {
        var builder = node.toBuilder().clearInput();
        for (String reference : node.getInputList()) {
            builder.addInput(TensorName.parse(reference).equals(input) ? input.node() + CONVERTED : reference);
        }
        return builder.build();
    }
}
