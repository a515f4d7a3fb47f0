package stir.backend.onnx.rewrite;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/** A conversion of models to single precision. */
public final class SinglePrecision {
    /** The attributes that hold an element type. */
    private static final Set<String> TYPES = Set.of("to", "dtype", "stash_type", "output_dtype");

    /** Operators that only move elements, of any type. */
    private static final String[] MOVES = ("Identity Transpose Reshape Flatten Squeeze Unsqueeze Slice Split"
                    + " Gather DepthToSpace SpaceToDepth")
            .split(" ", -1);

    private SinglePrecision() {}

    /** Returns the precision of most of a model's weights, if it is not single precision. */
    public static Optional<ElementType> other(OnnxModel model) {
        var values = new EnumMap<ElementType, Double>(ElementType.class);
        for (var tensor : model.graph().initialisers().values()) {
            var type = tensor.type();
            if (type.type().isReal()) {
                values.merge(type.type(), type.size(), Double::sum);
            }
        }
        return values.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .filter(SinglePrecision::isOther);
    }

    /** Returns a copy of this model with all real numbers in single precision. */
    public static OnnxModel convert(OnnxModel model) {
        return model.with(realInput(convert(model.graph())));
    }

    private static boolean isOther(ElementType type) {
        return type.isReal() && type != ElementType.FLOAT;
    }

    private static Graph convert(Graph graph) {
        var initialisers = new LinkedHashMap<String, Tensor>();
        graph.initialisers().forEach((name, tensor) -> initialisers.put(name, convert(tensor)));
        return new Graph(
                graph.nodes().stream().map(SinglePrecision::convert).toList(),
                initialisers,
                convert(graph.inputs()),
                convert(graph.outputs()));
    }

    private static Map<String, TensorType> convert(Map<String, TensorType> types) {
        var converted = new LinkedHashMap<String, TensorType>();
        for (var one : types.entrySet()) {
            var type = one.getValue();
            var real = new TensorType(ElementType.FLOAT, type.dims(), type.ranked());
            converted.put(one.getKey(), isOther(type.type()) ? real : type);
        }
        return converted;
    }

    private static Tensor convert(Tensor tensor) {
        return isOther(tensor.type().type())
                ? Tensor.floats(tensor.toFloats(), tensor.type().toArray())
                : tensor;
    }

    private static Node convert(Node node) {
        var attributes = new LinkedHashMap<>(node.attributes());
        attributes.replaceAll(SinglePrecision::convert);
        return node.withAttributes(attributes);
    }

    private static Attribute convert(String name, Attribute attribute) {
        if (attribute instanceof Attribute.OfTensor tensor) {
            return new Attribute.OfTensor(convert(tensor.value()));
        } else if (attribute instanceof Attribute.OfGraph graph) {
            return new Attribute.OfGraph(convert(graph.value()));
        } else if (attribute instanceof Attribute.OfInt integer
                && TYPES.contains(name)
                && ElementType.of(integer.value())
                        .filter(SinglePrecision::isOther)
                        .isPresent()) {
            return new Attribute.OfInt(ElementType.FLOAT.code());
        }
        return attribute;
    }

    /**
     * Makes integer inputs real if they are converted to real numbers immediately, or after
     * operators that only move elements.
     */
    private static Graph realInput(Graph graph) {
        var inputs = new LinkedHashMap<>(graph.inputs());
        inputs.replaceAll((name, type) ->
                isConvertedToReal(graph, name) ? new TensorType(ElementType.FLOAT, type.dims(), type.ranked()) : type);
        return graph.withInputs(inputs);
    }

    private static boolean isConvertedToReal(Graph graph, String tensor) {
        var readers = graph.nodes().stream()
                .filter(node -> node.reads().anyMatch(tensor::equals))
                .filter(node -> !node.is("Shape"))
                .toList();
        return !readers.isEmpty()
                && !graph.outputs().containsKey(tensor)
                && readers.stream().allMatch(node -> isConversionToReal(node, tensor, graph));
    }

    private static boolean isConversionToReal(Node node, String tensor, Graph graph) {
        return node.is("Cast")
                ? node.integer("to", 0) == ElementType.FLOAT.code()
                : node.is(MOVES)
                        && node.input(0).equals(tensor)
                        && node.writes().allMatch(moved -> isConvertedToReal(graph, moved));
    }
}
