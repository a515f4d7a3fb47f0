package stir.backend.onnx.rewrite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.StaticGraph;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/**
 * A removal of positions that no output depends on. A vision transformer whose representation is
 * its class token needs the other tokens only up to the keys and values of its last block; the
 * backward pass becomes as short.
 */
public final class Narrowing {
    private final Graph graph;
    private final Map<String, TensorType> types;
    private final Positions positions;
    private final Map<String, AxisRange> needed = new HashMap<>();
    private final Set<String> neededWhole = new HashSet<>();

    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> initialisers;
    private final Map<String, TensorType> newTypes;
    private final Set<String> slices = new HashSet<>();

    private Narrowing(StaticGraph original) {
        this.graph = original.graph();
        this.types = original.types();
        this.positions = new Positions(types, graph.initialisers());
        this.initialisers = new LinkedHashMap<>(graph.initialisers());
        this.newTypes = new HashMap<>(types);
    }

    /** Narrows a graph; tensors keep their names, but inner ones may have fewer positions. */
    public static StaticGraph narrow(StaticGraph original) {
        var narrowing = new Narrowing(original);
        narrowing.collect();
        if (narrowing.needed.keySet().stream().noneMatch(narrowing::isNarrowed)) {
            return original;
        }
        narrowing.graph.nodes().forEach(narrowing::write);
        var graph = original.graph().with(narrowing.nodes, narrowing.initialisers);
        return new StaticGraph(original.model().with(graph.cut(graph.outputs())), narrowing.newTypes);
    }

    private void collect() {
        neededWhole.addAll(graph.outputs().keySet());
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            collect(graph.nodes().get(i));
        }
        // tensors that no node computes stay unchanged
        var producers = graph.producers().keySet();
        needed.keySet().retainAll(producers);
    }

    private void collect(Node node) {
        var selected = selection(node);
        var ranges =
                selected.isEmpty() && isNarrowed(node) ? ranges(node) : Optional.<List<Optional<AxisRange>>>empty();
        if (ranges.isEmpty()) {
            node.writes().forEach(neededWhole::add);
            node.reads().skip(selected.isPresent() ? 1 : 0).forEach(neededWhole::add);
            selected.ifPresent(range -> need(node.input(0), range));
            return;
        }
        for (int i = 0; i < node.inputs().size(); i++) {
            var name = node.input(i);
            ranges.get().get(i).ifPresentOrElse(r -> need(name, r), () -> neededWhole.add(name));
        }
    }

    private Optional<List<Optional<AxisRange>>> ranges(Node node) {
        return Optional.ofNullable(needed.get(node.output(0))).flatMap(range -> positions.of(node, range));
    }

    private boolean isNarrowed(Node node) {
        return node.writes().count() == 1 && isNarrowed(node.output(0));
    }

    private boolean isNarrowed(String tensor) {
        var range = needed.get(tensor);
        var type = types.get(tensor);
        return range != null
                && type != null
                && type.isStatic()
                && !neededWhole.contains(tensor)
                && !range.isAllOf(type);
    }

    private void need(String tensor, AxisRange range) {
        var before = needed.get(tensor);
        if (before != null && before.axis() != range.axis()) {
            neededWhole.add(tensor);
        } else {
            needed.put(tensor, before == null ? range : before.hull(range));
        }
    }

    /** Returns the range that a node selects from its input, if it does nothing else. */
    private Optional<AxisRange> selection(Node node) {
        var type = types.get(node.input(0));
        if (type == null || !type.isStatic() || graph.initialisers().containsKey(node.input(0))) {
            return Optional.empty();
        }
        int rank = type.dims().size();
        if (node.is("Gather")) {
            int axis = inside(node.integer("axis", 0), rank);
            return constant(node.input(1))
                    .filter(index -> index.length == 1)
                    .map(index -> inside(index[0], Math.toIntExact(type.dims().get(axis))))
                    .map(index -> new AxisRange(axis, index, index + 1));
        } else if (node.is("Slice")) {
            return slice(node, type);
        }
        return Optional.empty();
    }

    private Optional<AxisRange> slice(Node node, TensorType type) {
        var from = constant(node.input(1));
        var to = constant(node.input(2));
        var axes = constant(node.input(3));
        var steps = node.input(4).isEmpty() ? Optional.of(new long[] {1}) : constant(node.input(4));
        if (from.isEmpty() || to.isEmpty() || axes.isEmpty() || steps.isEmpty()) {
            return Optional.empty();
        }
        if (axes.get().length != 1 || steps.get()[0] != 1) {
            return Optional.empty();
        }
        int axis = inside(axes.get()[0], type.dims().size());
        long length = type.dims().get(axis);
        var range = new AxisRange(axis, bound(from.get()[0], length), bound(to.get()[0], length));
        return Optional.of(range).filter(r -> r.from() < r.to());
    }

    private Optional<long[]> constant(String name) {
        return Optional.ofNullable(initialisers.get(name))
                .filter(tensor -> tensor.external().isEmpty())
                .map(Tensor::toLongs);
    }

    private static int inside(long index, int length) {
        return (int) (index < 0 ? index + length : index);
    }

    private static int bound(long index, long length) {
        return (int) Math.max(0, Math.min(length, index < 0 ? index + length : index));
    }

    private void write(Node node) {
        if (selection(node).isPresent() && isNarrowed(node.input(0))) {
            var part = part(node.input(0), selection(node).orElseThrow());
            nodes.add(reshape(part, node.output(0), type(node.output(0))));
            return;
        }
        var ranges = isNarrowed(node) ? ranges(node) : Optional.<List<Optional<AxisRange>>>empty();
        if (ranges.isEmpty()) {
            nodes.add(node);
            return;
        }
        var inputs = new ArrayList<String>();
        for (int i = 0; i < node.inputs().size(); i++) {
            var name = node.input(i);
            inputs.add(ranges.get().get(i).map(range -> part(name, range)).orElse(name));
        }
        var output = node.output(0);
        var type = narrowed(output);
        newTypes.put(output, type);
        nodes.add(
                node.is("Reshape", "Flatten", "Squeeze", "Unsqueeze")
                        ? reshape(inputs.get(0), output, type)
                        : node.with(inputs, node.outputs()));
    }

    private TensorType narrowed(String tensor) {
        return needed(tensor).of(type(tensor));
    }

    private AxisRange needed(String tensor) {
        return Objects.requireNonNull(needed.get(tensor), tensor);
    }

    private TensorType type(String tensor) {
        var initialiser = graph.initialisers().get(tensor);
        return initialiser != null ? initialiser.type() : Objects.requireNonNull(types.get(tensor), tensor);
    }

    /** Returns the name of a tensor with a range of positions, counted in the original tensor. */
    private String part(String tensor, AxisRange range) {
        boolean isNarrowed = isNarrowed(tensor);
        var type = isNarrowed ? narrowed(tensor) : type(tensor);
        int shift = isNarrowed ? needed(tensor).from() : 0;
        var local = new AxisRange(range.axis(), range.from() - shift, range.to() - shift);
        if (local.isAllOf(type)) {
            return tensor;
        }
        var name = "%s/%d:%d-%d".formatted(tensor, local.axis(), local.from(), local.to());
        if (slices.add(name)) {
            var bounds = List.of(
                    tensor,
                    integers(name + "/from", local.from()),
                    integers(name + "/to", local.to()),
                    integers(name + "/axis", local.axis()));
            nodes.add(Node.of("Slice", name, bounds, Map.of()));
            newTypes.put(name, local.of(type));
        }
        return name;
    }

    private Node reshape(String from, String to, TensorType type) {
        var shape = integers(to + "/shape", type.toLongs());
        return Node.of("Reshape", to, List.of(from, shape), Map.of());
    }

    private String integers(String name, long... values) {
        initialisers.put(name, Tensor.vector(values));
        return name;
    }
}
