package stir.backend.onnx.rewrite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;

/**
 * A rewriting of the scaling of columns with which exports of scikit-learn begin, as a subtraction
 * and a product: the runtime does not report the shape of a {@code Scaler}'s result.
 */
public final class ScalerRewrite {
    private static final long FLOAT = 1;

    private static final Map<String, Attribute> NONE = Map.of();

    private ScalerRewrite() {}

    /** Rewrites a model without functions. */
    public static OnnxModel rewrite(OnnxModel model) {
        var graph = model.graph();
        var initialisers = new LinkedHashMap<>(graph.initialisers());
        var nodes = new ArrayList<Node>();
        for (var node : graph.nodes()) {
            if (node.kind().equals("ai.onnx.ml:Scaler")
                    && node.attributes().get("offset") instanceof Attribute.OfFloats offset
                    && node.attributes().get("scale") instanceof Attribute.OfFloats scale) {
                var y = node.output(0);
                initialisers.put(y + "/offset", offset.toTensor());
                initialisers.put(y + "/scale", scale.toTensor());
                var x = node.input(0);
                var type = graph.inputs().get(x);
                if (type == null || type.type() != ElementType.FLOAT) {
                    var to = Map.<String, Attribute>of("to", new Attribute.OfInt(FLOAT));
                    nodes.add(Node.of("Cast", "", List.of(x), List.of(y + "/float"), to));
                    x = y + "/float";
                }
                var centred = y + "/centred";
                nodes.add(Node.of("Sub", "", List.of(x, y + "/offset"), List.of(centred), NONE));
                var factors = List.of(centred, y + "/scale");
                nodes.add(Node.of("Mul", node.name(), factors, List.of(y), NONE));
            } else {
                nodes.add(node);
            }
        }
        return model.with(graph.with(nodes, initialisers));
    }
}
