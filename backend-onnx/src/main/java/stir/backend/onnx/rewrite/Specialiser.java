package stir.backend.onnx.rewrite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import stir.api.support.TensorSize;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.ModelLimits;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.StaticGraph;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/**
 * A specialisation of a model for one input shape, which evaluates all that is then constant:
 * shapes, and computations and control flow that depend only on shapes and weights. Tensors keep
 * their names.
 *
 * <p>Exporters leave many small nodes that compute shapes; a Swin transformer shrinks to a tenth.
 *
 * @param evaluator the runtime that evaluates operators
 */
public record Specialiser(GraphRuntime evaluator) {
    private static final Set<String> RANDOM =
            Set.of(("RandomNormal RandomNormalLike RandomUniform RandomUniformLike" + " Bernoulli Multinomial")
                    .split(" ", -1));

    /** The maximum size of constants that may determine shapes; larger ones are weights. */
    private static final int WEIGHT_SIZE = 64;

    /** The suffix of the shape tensor that is added to query a tensor's rank. */
    private static final String RANK = "/rank";

    /** Returns whether a node draws random numbers, also in branches and loops. */
    public static boolean drawsRandomNumbers(Graph graph) {
        return graph.nodes().stream()
                .anyMatch(node ->
                        RANDOM.contains(node.operator()) || node.subgraphs().anyMatch(Specialiser::drawsRandomNumbers));
    }

    /**
     * Specialises a model without functions.
     *
     * @param input the type of its first input; others have theirs
     * @throws RefusedGraphException if the model does not accept such inputs
     */
    public StaticGraph specialise(OnnxModel model, TensorType input) {
        var inputs = new LinkedHashMap<>(model.graph().inputs());
        inputs.keySet().stream().findFirst().ifPresent(name -> inputs.put(name, input));
        var current = model.with(withoutConstantNodes(model.graph().withInputs(inputs)));
        while (true) {
            var types = types(current);
            var graph = withKnownShapes(current.graph(), types);
            graph = fold(current.with(graph));
            graph = withoutConstantNodes(ControlFlow.resolve(current.with(graph), types, evaluator));
            ModelLimits.requireFewSteps(graph);
            if (graph.nodes().equals(current.graph().nodes())) {
                return new StaticGraph(current, types);
            }
            current = current.with(graph.cut(graph.outputs()));
        }
    }

    /** Returns the types of all tensors, without passing the weights to the runtime. */
    private Map<String, TensorType> types(OnnxModel model) {
        var graph = model.graph();
        var inputs = new LinkedHashMap<>(graph.inputs());
        var small = new LinkedHashMap<String, Tensor>();
        var types = new HashMap<>(graph.inputs());
        for (var initialiser : graph.initialisers().entrySet()) {
            var tensor = initialiser.getValue();
            types.put(initialiser.getKey(), tensor.type());
            if (tensor.type().type().isReal() && tensor.size() > WEIGHT_SIZE) {
                inputs.put(initialiser.getKey(), tensor.type());
            } else {
                small.put(initialiser.getKey(), tensor);
            }
        }
        var outputs = new LinkedHashMap<String, TensorType>();
        for (var node : graph.nodes()) {
            node.writes().forEach(name -> outputs.put(name, TensorType.unranked(ElementType.UNDEFINED)));
        }
        var nodes = graph.nodes().stream().map(Specialiser::withReportedType).toList();
        var whole = model.with(new Graph(nodes, small, inputs, outputs));
        types.putAll(withRanks(whole, evaluator.types(whole)));
        requireSizes(graph, types);
        return types;
    }

    /** Checks the sizes of tensors before they are computed. */
    private static void requireSizes(Graph graph, Map<String, TensorType> types) {
        var dependent = new HashSet<>(graph.inputs().keySet());
        double total = 0;
        for (var node : graph.nodes()) {
            boolean constant = node.reads().noneMatch(dependent::contains);
            var first = types.get(node.input(0));
            if (node.is("InstanceNormalization")
                    && first != null
                    && first.dims().contains(0L)) {
                throw new RefusedGraphException(
                        "InstanceNormalization that computes '%s' has an empty input, which would end the process"
                                .formatted(node.output(0)));
            }
            for (var name : node.writes().toList()) {
                if (constant) {
                    requireSize("constant", name, types.get(name), TensorSize.MAX_CONSTANT);
                    var type = types.get(name);
                    total += type == null || !type.isStatic() ? 0 : type.size();
                    if (total > TensorSize.MAX) {
                        throw new RefusedGraphException(
                                "its constants have more than %d values".formatted(TensorSize.MAX));
                    }
                } else {
                    dependent.add(name);
                    requireSize("tensor", name, types.get(name), TensorSize.MAX);
                }
            }
        }
    }

    /** Checks the size of a tensor before it is computed. */
    private static void requireSize(String kind, String name, @Nullable TensorType type, int limit) {
        if (type != null && type.isStatic() && TensorSize.exceeds(type.dims(), limit)) {
            throw new RefusedGraphException(
                    "the %s '%s' is %s, which exceeds the limit of %d values".formatted(kind, name, type, limit));
        }
    }

    /**
     * Corrects the types of scalars. The runtime reports the same type for a scalar and for a
     * tensor of unknown rank; only the inferred length of the tensor's shape tells them apart.
     */
    private Map<String, TensorType> withRanks(OnnxModel model, Map<String, TensorType> types) {
        var nodes = new ArrayList<>(model.graph().nodes());
        var queried = new LinkedHashMap<String, TensorType>();
        types.forEach((name, type) -> {
            if (type.ranked() && type.dims().isEmpty()) {
                var shape = name + RANK;
                nodes.add(Node.of("Shape", shape, List.of(name), Map.of()));
                queried.put(shape, TensorType.unranked(ElementType.INT64));
            }
        });
        if (queried.isEmpty()) {
            return types;
        }
        var answers = evaluator.types(model.with(model.graph().withNodes(nodes).cut(queried)));
        var ranked = new HashMap<>(types);
        for (var shape : queried.keySet()) {
            var answer = answers.get(shape);
            if (answer == null || !answer.dims().equals(List.of(0L))) {
                ranked.computeIfPresent(
                        shape.substring(0, shape.length() - RANK.length()),
                        (name, type) -> TensorType.unranked(type.type()));
            }
        }
        return ranked;
    }

    /**
     * Replaces a node whose type the runtime does not report, because it expands the node first, by
     * one with the same type.
     */
    private static Node withReportedType(Node node) {
        return node.is("GroupNormalization", "MeanVarianceNormalization")
                ? Node.of("Identity", node.name(), node.inputs().subList(0, 1), node.outputs(), Map.of())
                : node;
    }

    private static Graph withoutConstantNodes(Graph graph) {
        var nodes = new ArrayList<Node>();
        var initialisers = new LinkedHashMap<>(graph.initialisers());
        for (var node : graph.nodes()) {
            var value = node.is("Constant") ? value(node) : Optional.<Tensor>empty();
            if (value.isPresent()) {
                initialisers.put(node.output(0), value.get());
            } else {
                nodes.add(node);
            }
        }
        return graph.with(nodes, initialisers);
    }

    /** Returns the value of a node {@code Constant}; empty if it is a text. */
    static Optional<Tensor> value(Node constant) {
        for (var attribute : constant.attributes().values()) {
            if (attribute instanceof Attribute.OfTensor tensor) {
                return Optional.of(tensor.value());
            } else if (attribute instanceof Attribute.OfInt integer) {
                return Optional.of(Tensor.scalar(integer.value()));
            } else if (attribute instanceof Attribute.OfFloat real) {
                return Optional.of(Tensor.floats(new float[] {real.value()}));
            } else if (attribute instanceof Attribute.OfInts integers) {
                return Optional.of(integers.toTensor());
            } else if (attribute instanceof Attribute.OfFloats reals) {
                return Optional.of(reals.toTensor());
            }
        }
        return Optional.empty();
    }

    /** Replaces nodes that read a known shape by constants. */
    private static Graph withKnownShapes(Graph graph, Map<String, TensorType> types) {
        var nodes = new ArrayList<Node>();
        var initialisers = new LinkedHashMap<>(graph.initialisers());
        for (var node : graph.nodes()) {
            var type = types.get(node.input(0));
            if (node.is("Shape", "Size") && type != null && type.isStatic()) {
                initialisers.put(node.output(0), node.is("Size") ? size(type) : shape(node, type));
            } else {
                nodes.add(node);
            }
        }
        return graph.with(nodes, initialisers);
    }

    private static Tensor size(TensorType type) {
        return Tensor.scalar(type.dims().stream().reduce(1L, Math::multiplyExact));
    }

    private static Tensor shape(Node node, TensorType type) {
        int rank = type.dims().size();
        int start = bound(node.integer("start", 0), rank);
        int end = Math.max(start, bound(node.integer("end", rank), rank));
        return Tensor.vector(Arrays.copyOfRange(type.toLongs(), start, end));
    }

    private static int bound(long index, int rank) {
        return (int) Math.max(0, Math.min(rank, index < 0 ? index + rank : index));
    }

    /** Evaluates the nodes whose inputs are all constant. */
    private Graph fold(OnnxModel model) {
        var graph = model.graph();
        var known = new HashSet<>(graph.initialisers().keySet());
        var folded = new ArrayList<Node>();
        var left = new ArrayList<Node>();
        for (var node : graph.nodes()) {
            if (!RANDOM.contains(node.operator()) && node.reads().allMatch(known::contains)) {
                folded.add(node);
                node.writes().forEach(known::add);
            } else {
                left.add(node);
            }
        }
        if (folded.isEmpty()) {
            return graph;
        }
        var wanted = new LinkedHashSet<String>();
        left.forEach(node -> node.reads().forEach(wanted::add));
        wanted.addAll(graph.outputs().keySet());
        var results = new LinkedHashMap<String, TensorType>();
        for (var node : folded) {
            node.writes()
                    .filter(wanted::contains)
                    .forEach(name -> results.put(name, TensorType.unranked(ElementType.UNDEFINED)));
        }
        var initialisers = new LinkedHashMap<>(graph.initialisers());
        if (!results.isEmpty()) {
            var constant = new Graph(folded, graph.initialisers(), Map.of(), Map.of());
            initialisers.putAll(evaluator.evaluate(model.with(constant.cut(results))));
        }
        return graph.with(left, initialisers);
    }
}
