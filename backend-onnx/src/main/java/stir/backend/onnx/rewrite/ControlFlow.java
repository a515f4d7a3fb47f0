package stir.backend.onnx.rewrite;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.ModelLimits;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/**
 * An unfolding of branches with a constant condition, and of loops and scans with a constant number
 * of rounds.
 */
final class ControlFlow {
    private final OnnxModel model;
    private final Map<String, TensorType> types;
    private final GraphRuntime evaluator;
    private final List<Node> nodes = new ArrayList<>();
    private final ModelLimits limits = new ModelLimits();
    private final Map<String, Tensor> initialisers;

    private ControlFlow(OnnxModel model, Map<String, TensorType> types, GraphRuntime evaluator) {
        this.model = model;
        this.types = types;
        this.evaluator = evaluator;
        this.initialisers = new LinkedHashMap<>(model.graph().initialisers());
    }

    /**
     * Unfolds one level of control flow; the caller then evaluates the constants inside.
     *
     * @param types the tensors' types, where known
     */
    static Graph resolve(OnnxModel model, Map<String, TensorType> types, GraphRuntime evaluator) {
        var flow = new ControlFlow(model, types, evaluator);
        var graph = model.graph();
        for (var node : graph.nodes()) {
            flow.limits.count(node);
            if (!flow.unfolded(node)) {
                flow.nodes.add(node);
            }
        }
        return graph.with(flow.nodes, flow.initialisers);
    }

    private boolean unfolded(Node node) {
        return (node.is("If") && branch(node)) || (node.is("Loop") && loop(node)) || (node.is("Scan") && scan(node));
    }

    private boolean branch(Node node) {
        var condition = initialisers.get(node.input(0));
        if (condition == null) {
            return false;
        }
        var chosen = condition.toLongs()[0] != 0 ? "then_branch" : "else_branch";
        if (!(node.attributes().get(chosen) instanceof Attribute.OfGraph branch)) {
            return false;
        }
        var renamed = captured(branch.value());
        connect(inline(branch.value(), node.output(0), renamed), node.outputs());
        return true;
    }

    /** Unfolds a loop if its number of rounds is constant; returns whether it did. */
    private boolean loop(Node node) {
        if (!(node.attributes().get("body") instanceof Attribute.OfGraph body)) {
            return false;
        }
        var length = LoopLength.of(node, body.value(), model, ModelLimits.ROUNDS, evaluator);
        if (length.isEmpty()) {
            return false;
        }
        int count = length.getAsInt();
        var formal = List.copyOf(body.value().inputs().keySet());
        var state = new ArrayList<>(node.inputs().subList(2, node.inputs().size()));
        int collected = body.value().outputs().size() - 1 - state.size();
        var rounds = new ArrayList<List<String>>();
        for (int i = 0; i < collected; i++) {
            rounds.add(new ArrayList<>());
        }
        for (int round = 0; round < count; round++) {
            var prefix = node.output(0) + "/" + round;
            var renamed = captured(body.value());
            renamed.put(formal.get(0), constant(prefix + "/round", Tensor.scalar(round)));
            renamed.put(formal.get(1), prefix + "/on");
            initialisers.put(prefix + "/on", on());
            for (int i = 0; i < state.size(); i++) {
                renamed.put(formal.get(2 + i), state.get(i));
            }
            var results = inline(body.value(), prefix, renamed);
            for (int i = 0; i < state.size(); i++) {
                state.set(i, results.get(1 + i));
            }
            for (int i = 0; i < collected; i++) {
                rounds.get(i).add(unsqueeze(results.get(1 + state.size() + i), 0));
            }
        }
        if (count == 0 && collected > 0) {
            return false; // the shape of a concatenation of nothing is unknown
        }
        connect(state, node.outputs().subList(0, state.size()));
        for (int i = 0; i < collected; i++) {
            join(rounds.get(i), node.output(state.size() + i), 0);
        }
        return true;
    }

    private void join(List<String> parts, String output, int axis) {
        if (!output.isEmpty()) {
            var along = Map.<String, Attribute>of("axis", new Attribute.OfInt(axis));
            nodes.add(Node.of("Concat", output, parts, along));
        }
    }

    /** Unfolds a scan along axes of known length; returns whether it did. */
    private boolean scan(Node node) {
        int scanned = (int) node.integer("num_scan_inputs", 0);
        int states = node.inputs().size() - scanned;
        var axes = node.integers("scan_input_axes", new int[scanned]);
        int rounds = length(node.input(states), axes);
        if (rounds < 1
                || rounds > ModelLimits.ROUNDS
                || !(node.attributes().get("body") instanceof Attribute.OfGraph body)) {
            return false;
        }
        var formal = List.copyOf(body.value().inputs().keySet());
        int collected = body.value().outputs().size() - states;
        var backwards = node.integers("scan_input_directions", new int[scanned]);
        var backwardsOut = node.integers("scan_output_directions", new int[collected]);
        var axesOut = node.integers("scan_output_axes", new int[collected]);
        var state = new ArrayList<>(node.inputs().subList(0, states));
        var parts = new ArrayList<ArrayDeque<String>>();
        for (int i = 0; i < collected; i++) {
            parts.add(new ArrayDeque<>());
        }
        for (int round = 0; round < rounds; round++) {
            var prefix = node.output(0) + "/" + round;
            var renamed = captured(body.value());
            for (int i = 0; i < states; i++) {
                renamed.put(formal.get(i), state.get(i));
            }
            for (int i = 0; i < scanned; i++) {
                int at = backwards[i] == 0 ? round : rounds - 1 - round;
                var part = prefix + "/scanned" + i;
                gather(node.input(states + i), axes[i], at, part);
                renamed.put(formal.get(states + i), part);
            }
            var results = inline(body.value(), prefix, renamed);
            state = new ArrayList<>(results.subList(0, states));
            for (int i = 0; i < collected; i++) {
                var part = unsqueeze(results.get(states + i), axesOut[i]);
                if (backwardsOut[i] == 0) {
                    parts.get(i).addLast(part);
                } else {
                    parts.get(i).addFirst(part);
                }
            }
        }
        connect(state, node.outputs().subList(0, states));
        for (int i = 0; i < collected; i++) {
            join(List.copyOf(parts.get(i)), node.output(states + i), axesOut[i]);
        }
        return true;
    }

    /** Returns the number of rounds of a scan, or -1 if it is unknown. */
    private int length(String scanned, int... axes) {
        var type = types.get(scanned);
        if (axes.length == 0 || type == null || !type.isStatic()) {
            return -1;
        }
        int axis = axes[0] < 0 ? axes[0] + type.dims().size() : axes[0];
        return type.toArray()[axis];
    }

    private void gather(String from, int axis, int at, String to) {
        var index = constant(to + "/at", Tensor.scalar(at));
        var along = Map.<String, Attribute>of("axis", new Attribute.OfInt(axis));
        nodes.add(Node.of("Gather", to, List.of(from, index), along));
    }

    private String unsqueeze(String tensor, int axis) {
        var name = tensor + "/row";
        var axes = constant(name + "/axis", Tensor.vector(axis));
        nodes.add(Node.of("Unsqueeze", name, List.of(tensor, axes), Map.of()));
        return name;
    }

    private String constant(String name, Tensor value) {
        initialisers.put(name, value);
        return name;
    }

    private static Tensor on() {
        var data = ByteBuffer.allocate(1).put(0, (byte) 1);
        return Tensor.of(TensorType.of(ElementType.BOOL), data);
    }

    private static Map<String, String> captured(Graph graph) {
        var renamed = new HashMap<String, String>();
        graph.captured().forEach(name -> renamed.put(name, name));
        return renamed;
    }

    /** Adds a subgraph's nodes and returns the new names of its outputs. */
    private List<String> inline(Graph graph, String prefix, Map<String, String> renamed) {
        var names = new Names(prefix, renamed);
        graph.nodes().forEach(limits::count);
        graph.nodes().forEach(node -> nodes.add(names.rename(node)));
        initialisers.putAll(names.keys(graph.initialisers()));
        return names.all(List.copyOf(graph.outputs().keySet()));
    }

    private void connect(List<String> from, List<String> to) {
        for (int i = 0; i < to.size(); i++) {
            if (!to.get(i).isEmpty()) {
                nodes.add(Node.of("Identity", to.get(i), List.of(from.get(i)), Map.of()));
            }
        }
    }
}
