package stir.backend.onnx.rewrite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.Function;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.ModelLimits;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxFormatException;
import stir.backend.onnx.graph.OnnxModel;

/** An inliner of a model's own functions. */
public final class FunctionInliner {
    private final Map<String, Function> functions = new HashMap<>();
    private final Set<String> prefixes = new HashSet<>();
    private final ModelLimits limits = new ModelLimits();

    private FunctionInliner(List<Function> functions) {
        functions.forEach(f -> this.functions.put(f.domain() + ":" + f.name(), f));
    }

    /**
     * Returns the model without functions.
     *
     * @throws OnnxFormatException if a function calls itself, or if the model exceeds a limit
     */
    public static OnnxModel inline(OnnxModel model) {
        var inliner = new FunctionInliner(model.functions());
        return new OnnxModel(inliner.inline(model.graph(), 0), model.opsets(), List.of(), "");
    }

    private Graph inline(Graph graph, int depth) {
        return graph.withNodes(inline(graph.nodes(), depth));
    }

    private List<Node> inline(List<Node> nodes, int depth) {
        if (depth > ModelLimits.DEPTH) {
            throw new OnnxFormatException("one of its functions calls itself");
        }
        var result = new ArrayList<Node>();
        for (var node : nodes) {
            limits.count(node); // calls too: a function without nodes costs time as well
            var function = functions.get(node.domain() + ":" + node.operator());
            if (function == null) {
                result.add(node.withSubgraphs(graph -> inline(graph, depth)));
            } else {
                result.addAll(inline(body(function, node), depth + 1));
            }
        }
        return result;
    }

    private List<Node> body(Function function, Node call) {
        var renamed = new HashMap<String, String>();
        for (int i = 0; i < function.inputs().size(); i++) {
            renamed.put(function.inputs().get(i), call.input(i));
        }
        for (int i = 0; i < function.outputs().size(); i++) {
            if (!call.output(i).isEmpty()) {
                renamed.put(function.outputs().get(i), call.output(i));
            }
        }
        var names = new Names(unusedPrefix(call.output(0)), renamed);
        var values = new HashMap<>(function.defaults());
        values.putAll(call.attributes());
        return function.nodes().stream()
                .map(node -> names.rename(bind(node, values)))
                .map(node -> node.metadata().isEmpty() ? node.withMetadata(call.metadata()) : node)
                .toList();
    }

    /** Returns a prefix of a call's own: a function's result may be that of a call within it. */
    private String unusedPrefix(String result) {
        var prefix = result;
        for (int i = 2; !prefixes.add(prefix); i++) {
            prefix = result + "/" + i;
        }
        return prefix;
    }

    /** Replaces references to attributes by the call's values, or removes missing ones. */
    private static Node bind(Node node, Map<String, Attribute> values) {
        var attributes = new LinkedHashMap<String, Attribute>();
        for (var attribute : node.attributes().entrySet()) {
            var value = bind(attribute.getValue(), values);
            if (value != null) {
                attributes.put(attribute.getKey(), value);
            }
        }
        return node.withAttributes(attributes);
    }

    private static @Nullable Attribute bind(Attribute attribute, Map<String, Attribute> values) {
        if (attribute instanceof Attribute.Reference reference) {
            return values.get(reference.name());
        } else if (attribute instanceof Attribute.OfGraph graph) {
            var nodes = graph.value().nodes().stream()
                    .map(node -> bind(node, values))
                    .toList();
            return new Attribute.OfGraph(graph.value().withNodes(nodes));
        }
        return attribute;
    }
}
