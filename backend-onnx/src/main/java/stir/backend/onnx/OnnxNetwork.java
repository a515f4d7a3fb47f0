package stir.backend.onnx;

import org.jspecify.annotations.Nullable;

import stir.api.BackendException;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.Shape;
import stir.api.UsageException;
import stir.backend.onnx.gradient.Differentiation;
import stir.backend.onnx.gradient.GradientRules;
import stir.backend.onnx.gradient.NoGradientException;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.TensorType;
import stir.backend.onnx.rewrite.StaticGraph;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** An ONNX model, unfolded into one graph of operators of one version, in single precision. */
final class OnnxNetwork implements Model {
    /** A number of rows that hardly any other dimension of a network has. */
    private static final int UNUSUAL_ROWS = 7;

    private final Path file;
    private final Sessions sessions;
    private final OnnxModel model;
    private final InputSpec input;
    private final LayerNames names;
    private final Set<OnnxHook> hooks = new HashSet<>();
    private boolean closed;

    OnnxNetwork(Path file, Sessions sessions, OnnxModel model) {
        this.file = file;
        this.sessions = sessions;
        this.model = model;
        this.input = spec(file, model);
        this.names = new LayerNames(model.graph().nodes());
    }

    private static InputSpec spec(Path file, OnnxModel model) {
        var inputs = model.graph().inputs();
        if (inputs.size() != 1) {
            throw new DataException(
                    "%s has %d inputs (%s), and a network with one is needed: export it with one."
                            .formatted(file, inputs.size(), String.join(", ", inputs.keySet())));
        }
        var only = inputs.entrySet().iterator().next();
        var name = only.getKey();
        var type = only.getValue();
        if (type.type() != ElementType.FLOAT) {
            throw new DataException(
                    "%s takes inputs of type %s, and floating-point ones are needed: export it with these."
                            .formatted(file, ModelFile.words(type.type())));
        }
        if (type.ranked() && type.dims().size() < 2) {
            throw new DataException(
                    "%s takes '%s' as %s, and rows of numbers are needed, one for each input: export it with a batch dimension."
                            .formatted(file, name, type));
        }
        if (!type.ranked()) {
            return new InputSpec(name, Shape.of(), Layout.FLAT, OptionalInt.empty());
        }
        var row =
                type.dims().subList(1, type.dims().size()).stream()
                        .mapToInt(dim -> dim > 0 ? Math.toIntExact(dim) : Shape.UNKNOWN)
                        .toArray();
        long batch = type.dims().get(0);
        var shape = Shape.of(row);
        return new InputSpec(
                name,
                shape,
                GraphReading.layout(model.graph(), name, shape),
                batch > 0 ? OptionalInt.of(Math.toIntExact(batch)) : OptionalInt.empty());
    }

    @Override
    public InputSpec input() {
        return input;
    }

    @Override
    public synchronized List<Layer> layers(Shape shape) {
        checkOpen();
        checkFits(shape);
        int rows = input.batch().orElse(UNUSUAL_ROWS);
        var graph = new CutNetwork(file, sessions, model, shape).specialise(rows);
        return layers(graph, rows);
    }

    private List<Layer> layers(StaticGraph graph, int rows) {
        var differentiation = new Differentiation(graph, GradientRules.standard(), Set.of());
        var obstacles = differentiation.obstacles();
        var layers = new ArrayList<Layer>();
        for (var node : graph.graph().nodes()) {
            node.writes()
                    .filter(tensor -> isLayer(graph.types().get(tensor), rows))
                    .filter(
                            tensor ->
                                    differentiation.active().contains(tensor)
                                            || obstacles.containsKey(tensor))
                    .forEach(
                            tensor ->
                                    layers.add(
                                            layer(
                                                    tensor,
                                                    node.kind(),
                                                    graph.types(),
                                                    Optional.ofNullable(obstacles.get(tensor)))));
        }
        return layers;
    }

    private static boolean isLayer(@Nullable TensorType type, int rows) {
        return type != null
                && type.isStatic()
                && type.type() == ElementType.FLOAT
                && type.dims().size() > 1
                && type.dims().get(0) == rows
                && type.dims().stream().allMatch(dim -> dim > 0);
    }

    private Layer layer(
            String tensor,
            String operator,
            Map<String, TensorType> types,
            Optional<String> obstacle) {
        var kind = names.module(tensor).map(module -> operator + " (" + module + ")");
        var type = types.get(tensor);
        var shape = type == null ? Shape.of() : CutNetwork.rowShape(type);
        return new Layer(
                tensor, kind.orElse(operator), shape, obstacle.map(reason -> reason + "."));
    }

    @Override
    public Optional<String> defaultLayer() {
        return GraphReading.classifierInput(model.graph());
    }

    @Override
    public synchronized LayerHook hook(String layer, HookOptions options) {
        checkOpen();
        checkFits(options.input());
        var tensor = names.tensor(layer);
        var made = model.graph().producers().keySet();
        if (!made.contains(tensor)) {
            throw names.unknown(layer, made);
        }
        var wanted = Map.of(tensor, TensorType.unranked(ElementType.FLOAT));
        var part = model.graph().cut(wanted);
        WeightCheck.refuseNaN(file, part);
        var cut = new CutNetwork(file, sessions, model.with(part), options.input());
        int rows = input.batch().orElse(UNUSUAL_ROWS);
        var graph = cut.simplify(rows);
        var type = graph.types().get(tensor);
        if (!isLayer(type, rows)) {
            throw new UsageException(
                    "'%s' of %s can't be measured, since it is not one row of numbers for each input (%s): choose another layer."
                            .formatted(layer, file, type));
        }
        var found = layer(tensor, kind(tensor), graph.types(), Optional.empty());
        var relu =
                options.fakeRelu()
                        ? GraphReading.lastRelu(graph.graph(), tensor)
                        : Optional.<String>empty();
        try {
            var hook = new OnnxHook(cut, found, input, relu, options.gradients(), this::forget);
            hooks.add(hook);
            return hook;
        } catch (NoGradientException e) {
            throw new DataException(
                    "The layer '%s' of %s has no gradient, since %s: %s."
                            .formatted(layer, file, e.getMessage(), advice(graph, rows)),
                    e);
        }
    }

    /** The last layer that does have a gradient. */
    private String advice(StaticGraph graph, int rows) {
        var usable =
                layers(graph, rows).stream().filter(other -> other.obstacle().isEmpty()).toList();
        return usable.isEmpty()
                ? "no layer before it has one"
                : "layers have one up to '%s'".formatted(usable.get(usable.size() - 1).name());
    }

    private String kind(String tensor) {
        var node = model.graph().producers().get(tensor);
        return node == null ? "" : node.kind();
    }

    private void checkFits(Shape shape) {
        if (input.shape().rank() > 0 && !input.shape().admits(shape)) {
            throw new DataException(
                    "%s takes inputs of shape %s, not %s: give it inputs of its shape."
                            .formatted(file, input.shape(), shape));
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The model " + file + " is closed");
        }
    }

    private synchronized void forget(OnnxHook hook) {
        hooks.remove(hook);
    }

    @Override
    public synchronized void close() {
        closed = true;
        BackendException failure = null;
        for (var hook : List.copyOf(hooks)) {
            try {
                hook.close();
            } catch (BackendException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
