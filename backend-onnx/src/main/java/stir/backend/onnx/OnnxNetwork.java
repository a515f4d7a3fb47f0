package stir.backend.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.support.GraphAnalysis;
import stir.api.support.Words;
import stir.backend.onnx.gradient.Differentiation;
import stir.backend.onnx.gradient.NoGradientException;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.StaticGraph;
import stir.backend.onnx.graph.TensorType;

/**
 * An ONNX model without functions, of one operator set and in single precision.
 *
 * @param model the model, with operators of one version; its first input is searched
 * @param sides the other inputs
 * @param input the specification of the first input, as {@link #spec} returns it
 */
record OnnxNetwork(
        Path file,
        Sessions sessions,
        OnnxModel model,
        Sides sides,
        InputSpec input,
        NamedLayers names,
        Map<String, String> origin)
        implements Model {
    /** A number of rows that hardly any other dimension of a network equals. */
    private static final int UNUSUAL_ROWS = 7;

    /** The types of token ids. */
    private static final Set<ElementType> WHOLE_NUMBERS = Set.of(ElementType.INT32, ElementType.INT64);

    /**
     * Returns the specification of a model's first input.
     *
     * @throws DataException if there is none that can be searched
     */
    static InputSpec spec(Path file, OnnxModel model) {
        var searched = model.graph().inputs().entrySet().stream()
                .findFirst()
                .orElseThrow(() -> new DataException("%s has no input: export it with one.".formatted(file)));
        var name = searched.getKey();
        var type = searched.getValue();
        if (type.type() != ElementType.FLOAT && !WHOLE_NUMBERS.contains(type.type())) {
            throw new DataException(
                    "%s takes inputs of type %s, but Stir feeds floating-point numbers, or int32 and int64: export it with a float input."
                            .formatted(file, Words.of(type.type())));
        }
        if (type.ranked() && type.dims().size() < 2) {
            throw new DataException(
                    "%s takes '%s' as %s, without a batch dimension: export it with one.".formatted(file, name, type));
        }
        var oneByOne = scalesOverBatch(model.graph()) ? OptionalInt.of(1) : OptionalInt.empty();
        if (!type.ranked()) {
            return new InputSpec(name, Shape.of(), Layout.FLAT, oneByOne);
        }
        var row = type.dims().subList(1, type.dims().size()).stream()
                .mapToInt(dim -> dim > 0 ? Math.toIntExact(dim) : Shape.UNKNOWN)
                .toArray();
        long batch = type.dims().get(0);
        var shape = Shape.of(row);
        return new InputSpec(
                name,
                shape,
                layout(model.graph(), name, shape),
                batch > 0 ? OptionalInt.of(Math.toIntExact(batch)) : oneByOne);
    }

    /**
     * Returns whether a network scales values over all rows of a pass, so that it is a function of
     * its input in passes of one row alone.
     */
    private static boolean scalesOverBatch(Graph graph) {
        return graph.nodes().stream().anyMatch(node -> node.is("DynamicQuantizeLinear"));
    }

    /**
     * Returns an image's layout, determined by a transposition of the input, or else by the
     * position of a dimension of 1 or 3.
     */
    private static Layout layout(Graph graph, String input, Shape shape) {
        if (shape.rank() != 3) {
            return Layout.FLAT;
        }
        int[] toFront = {0, 3, 1, 2};
        boolean moved = graph.nodes().stream()
                .anyMatch(node -> node.is("Transpose")
                        && node.input(0).equals(input)
                        && Arrays.equals(node.integers("perm"), toFront));
        int last = shape.dimension(2);
        boolean channelsFirst = shape.dimension(0) == 1 || shape.dimension(0) == 3;
        return moved || (!channelsFirst && (last == 1 || last == 3)) ? Layout.CHANNELS_LAST : Layout.CHANNELS_FIRST;
    }

    @Override
    public boolean takesWholeNumbers() {
        return !model.graph().inputs().values().iterator().next().type().isReal();
    }

    @Override
    public List<Layer> layers(Shape shape) {
        checkFits(shape);
        int rows = input.batch().orElse(UNUSUAL_ROWS);
        return OnnxFile.namingFile(
                file, () -> layers(new CutModel(file, sessions, model, sides, shape).specialise(rows), rows));
    }

    private List<Layer> layers(StaticGraph graph, int rows) {
        var differentiation = new Differentiation(graph, Map.of());
        var obstacles = takesWholeNumbers() ? ofWholeNumbers(graph) : differentiation.obstacles();
        var active = differentiation.active();
        var layers = new ArrayList<Layer>();
        var measured = measured();
        for (var node : graph.graph().nodes()) {
            for (var tensor : node.writes().toList()) {
                var row = row(graph.types().get(tensor), rows);
                if (row.isEmpty()) {
                    continue;
                }
                var shape = row.get();
                for (var module : names.refusedNear(tensor)) {
                    layers.add(Layer.refused(module, node.kind(), shape, names.obstacle(module)));
                }
                if (active.contains(tensor) || obstacles.containsKey(tensor)) {
                    var obstacle = Optional.ofNullable(obstacles.get(tensor)).map(reason -> reason + ".");
                    measured.filter(layer -> layer.getKey().equals(tensor))
                            .map(Map.Entry::getValue)
                            .map(List::of)
                            .filter(name -> name.get(0).endsWith("@in"))
                            .orElseGet(() -> names.of(tensor))
                            .forEach(name -> layers.add(new Layer(name, node.kind(), shape, obstacle)));
                }
            }
        }
        return layers;
    }

    /** Returns the obstacle of all tensors that depend on token ids. */
    private Map<String, String> ofWholeNumbers(StaticGraph graph) {
        var reason = "The input '%s' requires integers".formatted(input.name());
        return new OnnxOperators(graph.graph())
                .dependent().stream().collect(Collectors.toMap(tensor -> tensor, tensor -> reason));
    }

    /** Returns the shape of one row of a tensor, if it has one row of numbers per input. */
    private static Optional<Shape> row(@Nullable TensorType type, int rows) {
        return type != null
                        && type.isStatic()
                        && type.type() == ElementType.FLOAT
                        && type.dims().size() > 1
                        && type.dims().get(0) == rows
                        && type.dims().stream().allMatch(dim -> dim > 0)
                ? Optional.of(CutModel.rowShape(type))
                : Optional.empty();
    }

    @Override
    public Optional<String> defaultLayer() {
        return measured().map(Map.Entry::getValue);
    }

    /** Returns the tensor that is measured by default, and its name; empty if there is none. */
    private Optional<Map.Entry<String, String>> measured() {
        var operators = new OnnxOperators(model.graph());
        return operators
                .measured()
                .map(GraphAnalysis.Measured::value)
                .map(tensor -> Map.entry(
                        tensor,
                        new GraphAnalysis<>(operators)
                                .name(tensor, names::module)
                                .or(() -> names.input(tensor))
                                .orElse(tensor)));
    }

    @Override
    public LayerHook hook(String layer, HookOptions options) {
        checkFits(options.input());
        return OnnxFile.namingFile(file, () -> cutAt(layer, options));
    }

    private LayerHook cutAt(String layer, HookOptions options) {
        if (options.gradients() && takesWholeNumbers()) {
            throw new DataException(
                    "%s requires integers as '%s', so '%s' has no gradient: use pairs of inputs, or export the network from its embeddings on."
                            .formatted(file, input.name(), layer));
        }
        var tensor = names.tensor(layer);
        var wanted = Map.of(tensor, TensorType.unranked(ElementType.FLOAT));
        var part = model.graph().cut(wanted);
        OnnxFile.refuseNaN(file, part);
        if (!part.inputs().containsKey(input.name())) {
            throw new UsageException("'%s' of %s does not depend on the searched input '%s': choose another layer."
                    .formatted(layer, file, input.name()));
        }
        var cut = new CutModel(file, sessions, model.with(part), sides, options.input());
        int rows = input.batch().orElse(UNUSUAL_ROWS);
        var graph = cut.simplify(rows);
        var type = graph.types().get(tensor);
        var row = row(type, rows);
        if (row.isEmpty()) {
            throw new UsageException(
                    "'%s' of %s can't be measured, because it does not have one row of numbers per input (%s): choose another layer."
                            .formatted(layer, file, type == null ? "its shape is unknown" : type));
        }
        var place = new Layer(layer, kind(tensor), row.get());
        var open = new GraphAnalysis<>(new OnnxOperators(graph.graph())).relu(tensor, options.fakeRelu());
        var relu = open.filter(openRelu -> openRelu.mean().isEmpty())
                .map(openRelu -> Map.of(openRelu.value(), openRelu.share()))
                .orElse(Map.of());
        try {
            boolean extended = open.flatMap(GraphAnalysis.OpenRelu::mean).isPresent()
                    && ExtendedRelu.find(graph).isPresent();
            return OnnxHook.of(cut, place, input, relu, extended, options.gradients());
        } catch (NoGradientException e) {
            throw new DataException(
                    "The layer '%s' of %s has no gradient, because %s: %s."
                            .formatted(layer, file, e.getMessage(), advice(graph, rows)),
                    e,
                    Remedy.ESTIMATE_GRADIENT);
        }
    }

    /** Returns advice that names the last layer with a gradient. */
    private String advice(StaticGraph graph, int rows) {
        var usable = layers(graph, rows).stream()
                .filter(other -> other.obstacle().isEmpty())
                .toList();
        return usable.isEmpty()
                ? "no layer before it has one; estimate the gradient"
                : "layers have one up to '%s'; use one of them, or estimate the gradient"
                        .formatted(usable.get(usable.size() - 1).name());
    }

    private String kind(String tensor) {
        var node = model.graph().producers().get(tensor);
        return node == null ? "" : node.kind();
    }

    private void checkFits(Shape shape) {
        if (!shape.isKnown() || shape.rank() == 0) {
            throw new UsageException(
                    shape.rank() == 0
                            ? "%s does not specify the shape of its inputs: specify it, such as 3x224x224."
                                    .formatted(file)
                            : "%s takes inputs of shape %s, dynamic at ?: specify the shape, such as %s."
                                    .formatted(file, shape, example(shape)),
                    Remedy.GIVE_SHAPE);
        }
        if (input.shape().rank() > 0 && !input.shape().admits(shape)) {
            throw new DataException("%s takes inputs of shape %s, not %s: use inputs of that shape."
                    .formatted(file, input.shape(), shape));
        }
    }

    /** Returns the shape with unknown sizes replaced by those of a typical image. */
    private static Shape example(Shape shape) {
        var sizes = shape.dimensions();
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == Shape.UNKNOWN) {
                sizes[i] = i == 0 && sizes.length > 1 ? 3 : 224;
            }
        }
        return Shape.of(sizes);
    }

    @Override
    public Map<String, String> runtime() {
        return sessions.runtime();
    }

    /** Does nothing, since the hooks own all native memory. */
    @Override
    public void close() {}
}
