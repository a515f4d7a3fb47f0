package stir.backend.onnx.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.StaticGraph;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/** A graph under construction, to which nodes are appended. Not thread-safe. */
public final class Tape {
    /** The maximum number of elements of constants that are reused if they are equal. */
    private static final int SMALL = 64;

    private final StaticGraph start;
    private final List<Node> nodes;
    private final Map<String, Tensor> initialisers;
    private final Map<String, TensorType> inputs;
    private final Map<String, TensorType> types;
    private final Map<String, Value> constants = new HashMap<>();
    private final Set<String> taken;

    /** Creates a tape that begins with the nodes of a graph. */
    public Tape(StaticGraph start) {
        this.start = start;
        this.nodes = new ArrayList<>(start.graph().nodes());
        this.initialisers = new LinkedHashMap<>(start.graph().initialisers());
        this.inputs = new LinkedHashMap<>(start.graph().inputs());
        this.types = new HashMap<>(start.types());
        this.taken = start.graph().names();
    }

    /**
     * Returns a tensor of the graph.
     *
     * @throws NoGradientException if its shape is unknown until the graph runs
     */
    public Value value(String name) {
        var initialiser = initialisers.get(name);
        var type = initialiser != null ? initialiser.type() : types.get(name);
        if (type == null || !type.isStatic()) {
            throw new NoGradientException("the shape of '" + name + "' depends on the values of the input");
        }
        return new Value(this, name, type.type(), type.toArray());
    }

    /** Adds an input of floats. */
    public Value input(String name, int... dims) {
        var type = TensorType.of(ElementType.FLOAT, dims);
        inputs.put(name, type);
        types.put(name, type);
        taken.add(name);
        return new Value(this, name, ElementType.FLOAT, dims);
    }

    /** Adds a constant, or reuses an equal small one. */
    public Value constant(Tensor tensor) {
        if (tensor.size() > SMALL) {
            return add(tensor);
        }
        var data = new byte[tensor.data().remaining()];
        tensor.data().get(data);
        return constants.computeIfAbsent(tensor + Arrays.toString(data), content -> add(tensor));
    }

    private Value add(Tensor tensor) {
        var name = fresh("constant");
        initialisers.put(name, tensor);
        return new Value(this, name, tensor.type().type(), tensor.type().toArray());
    }

    /** Returns a constant scalar of one float. */
    public Value scalar(double value) {
        return constant(Tensor.floats(new float[] {(float) value}));
    }

    /** Returns a constant vector of integers, such as a shape or axes. */
    public Value integers(int... values) {
        return constant(Tensor.vector(Dims.longs(values)));
    }

    /** Returns a tensor of zeros, created when the graph runs. */
    public Value zeros(int... dims) {
        return scalar(0).expand(dims);
    }

    /**
     * Returns a tensor's value if it is a constant; empty otherwise, and for constants in external
     * files.
     */
    Optional<Tensor> constant(String name) {
        return Optional.ofNullable(initialisers.get(name))
                .filter(tensor -> tensor.external().isEmpty());
    }

    /** Adds a node with one output and returns that output, whose shape the caller states. */
    public Value emit(
            String operator, List<Value> operands, Map<String, Attribute> attributes, ElementType type, int... dims) {
        var name = fresh(operator);
        types.put(name, TensorType.of(type, dims));
        nodes.add(Node.of(operator, name, operands.stream().map(Value::name).toList(), attributes));
        return new Value(this, name, type, dims);
    }

    /** Adds a node with one output of floats and returns that output. */
    public Value emit(String operator, List<Value> operands, Map<String, Attribute> attributes, int... dims) {
        return emit(operator, operands, attributes, ElementType.FLOAT, dims);
    }

    /** Returns an optional output of a node, and adds it to the node if it was omitted. */
    Value extraOutput(Node node, int index, ElementType type, int... dims) {
        int at = indexOf(node);
        var current = nodes.get(at);
        if (!current.output(index).isEmpty()) {
            types.put(current.output(index), TensorType.of(type, dims));
            return new Value(this, current.output(index), type, dims);
        }
        var outputs = new ArrayList<>(current.outputs());
        while (outputs.size() <= index) {
            outputs.add("");
        }
        outputs.set(index, fresh(node.operator()));
        nodes.set(at, current.with(current.inputs(), outputs));
        types.put(outputs.get(index), TensorType.of(type, dims));
        return new Value(this, outputs.get(index), type, dims);
    }

    private int indexOf(Node node) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).output(0).equals(node.output(0))) {
                return i;
            }
        }
        throw new IllegalStateException(node + " does not belong to this graph");
    }

    private String fresh(String hint) {
        var name = "gradient/" + hint;
        for (int i = 1; !taken.add(name); i++) {
            name = "gradient/" + hint + "_" + (taken.size() + i);
        }
        return name;
    }

    /**
     * Returns the graph so far, without the nodes that these outputs do not need.
     *
     * @param outputs the outputs by their new names
     */
    public StaticGraph finish(Map<String, Value> outputs) {
        var renamed = new ArrayList<>(nodes);
        var wanted = new LinkedHashMap<String, TensorType>();
        outputs.forEach((name, value) -> {
            renamed.add(Node.of("Identity", name, List.of(value.name()), Map.of()));
            var type = TensorType.of(value.type(), value.dims());
            wanted.put(name, type);
            types.put(name, type);
        });
        var graph = new Graph(renamed, initialisers, inputs, wanted).cut(wanted);
        return new StaticGraph(start.model().with(graph), types);
    }
}
