package stir.backend.onnx.rewrite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxFormatException;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.Tensor;

/**
 * A conversion of ONNX's own operators to version 18, so that later steps handle one form per
 * operator: former attributes as inputs, and renamed operators. Source: <a
 * href="https://github.com/onnx/onnx/blob/main/docs/Changelog.md">ONNX Operator Changelog</a>.
 */
public final class OpsetRaiser {
    /** The oldest version that can be raised. */
    public static final int OLDEST = 7;

    /** The version to which older models are raised. */
    public static final int TARGET = 18;

    private static final Set<String> REDUCTIONS = Set.of(("ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2"
                    + " ReduceLogSum ReduceLogSumExp ReduceSumSquare")
            .split(" ", -1));

    private final int version;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> initialisers;

    private OpsetRaiser(int version, Graph graph) {
        this.version = version;
        this.initialisers = new LinkedHashMap<>(graph.initialisers());
    }

    /**
     * Raises a model without functions, unless it is new enough.
     *
     * @throws OnnxFormatException if it is too old
     */
    public static OnnxModel raise(OnnxModel model) {
        int version = model.opset();
        if (version >= TARGET) {
            return model;
        }
        if (version < OLDEST) {
            throw new OnnxFormatException(
                    "it uses ONNX's operators of version %d, and the oldest supported version is %d: export it again"
                            .formatted(version, OLDEST));
        }
        var opsets = new HashMap<>(model.opsets());
        opsets.put("", TARGET);
        return new OnnxModel(raise(version, model.graph()), opsets, model.functions(), "");
    }

    private static Graph raise(int version, Graph graph) {
        var raiser = new OpsetRaiser(version, graph);
        for (var node : graph.nodes()) {
            raiser.raise(node.withSubgraphs(inner -> raise(version, inner)));
        }
        return graph.with(raiser.nodes, raiser.initialisers);
    }

    private void raise(Node node) {
        if (!node.domain().isEmpty()) {
            nodes.add(node);
        } else if (REDUCTIONS.contains(node.operator())
                || (version < 13 && node.is("Squeeze", "Unsqueeze", "ReduceSum"))) {
            nodes.add(inputs(node, "axes"));
        } else if (node.is("Split")) {
            var raised = version < 13 ? inputs(node, "split") : node;
            nodes.add(
                    raised.inputs().size() > 1
                            ? raised
                            : raised.with(
                                    "num_outputs",
                                    new Attribute.OfInt(node.outputs().size())));
        } else if (version < 13 && node.is("Softmax", "LogSoftmax", "Hardmax")) {
            flattened(node);
        } else if (version < 12 && node.is("Dropout")) {
            nodes.add(renamed(node, "Identity", node.inputs().subList(0, 1), Map.of()));
        } else if (version < 11 && node.is("Scatter")) {
            nodes.add(renamed(node, "ScatterElements", node.inputs(), node.attributes()));
        } else if (version < 11 && node.is("Pad")) {
            nodes.add(inputs(node, "pads", "value"));
        } else if (version < 11 && node.is("Clip")) {
            nodes.add(inputs(node, "min", "max"));
        } else if (version < 10 && node.is("Slice")) {
            nodes.add(inputs(node, "starts", "ends", "axes"));
        } else if (version < 11 && node.is("Upsample", "Resize")) {
            nodes.add(resize(node));
        } else if (version < 14 && node.is("BatchNormalization")) {
            nodes.add(normalisation(node));
        } else {
            nodes.add(node);
        }
    }

    private static Node renamed(Node node, String operator, List<String> inputs, Map<String, Attribute> attributes) {
        return Node.of(operator, node.name(), inputs, node.outputs().subList(0, 1), attributes);
    }

    /** Turns attributes into inputs after the existing ones. */
    private Node inputs(Node node, String... attributes) {
        var inputs = new ArrayList<>(node.inputs());
        for (var name : attributes) {
            if (node.attributes().get(name) instanceof Attribute.OfInts ofInts) {
                inputs.add(constant(node, name, ofInts.toTensor()));
            } else if (node.attributes().get(name) instanceof Attribute.OfFloat ofFloat) {
                inputs.add(constant(node, name, Tensor.floats(new float[] {ofFloat.value()})));
            } else {
                inputs.add("");
            }
        }
        while (inputs.get(inputs.size() - 1).isEmpty()) {
            inputs.remove(inputs.size() - 1);
        }
        return node.with(inputs, node.outputs()).without(attributes);
    }

    private String constant(Node node, String name, Tensor value) {
        var full = node.output(0) + "/" + name;
        initialisers.put(full, value);
        return full;
    }

    /** Rewrites a softmax before version 13, over all axes from the given one on. */
    private void flattened(Node node) {
        long axis = node.integer("axis", 1);
        var last = new Attribute.OfInt(-1);
        if (axis == -1) {
            nodes.add(node.with("axis", last));
            return;
        }
        var x = node.input(0);
        var y = node.output(0);
        var flat = y + "/flat";
        var done = y + "/done";
        var shape = y + "/shape";
        var at = Map.<String, Attribute>of("axis", new Attribute.OfInt(axis));
        nodes.add(Node.of("Flatten", flat, List.of(x), at));
        nodes.add(Node.of(node.operator(), node.name(), List.of(flat), List.of(done), Map.of("axis", last)));
        nodes.add(Node.of("Shape", shape, List.of(x), Map.of()));
        nodes.add(Node.of("Reshape", y, List.of(done, shape), Map.of()));
    }

    private Node resize(Node node) {
        String scales;
        if (node.attributes().get("scales") instanceof Attribute.OfFloats given) {
            scales = constant(node, "scales", given.toTensor());
        } else {
            scales = node.input(1);
        }
        var mode = node.text("mode", "nearest");
        var attributes = new LinkedHashMap<String, Attribute>();
        attributes.put("mode", new Attribute.OfText(mode.equals("bilinear") ? "linear" : mode));
        attributes.put("coordinate_transformation_mode", new Attribute.OfText("asymmetric"));
        if (mode.equals("nearest")) {
            attributes.put("nearest_mode", new Attribute.OfText("floor"));
        }
        return renamed(node, "Resize", List.of(node.input(0), "", scales), attributes);
    }

    private static Node normalisation(Node node) {
        if (node.integer("spatial", 1) != 1) {
            throw new OnnxFormatException(
                    "%s normalises each position separately, which only old operators do: export it again"
                            .formatted(node));
        }
        return node.with(node.inputs(), node.outputs().subList(0, 1))
                .without("spatial", "training_mode", "is_test", "consumed_inputs");
    }
}
