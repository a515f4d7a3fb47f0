package stir.backend.tf;

import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.TensorShapeProto;

import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Scope;
import stir.api.Shape;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** A model whose graph is flat and has its gradients; each hook has a native graph of its own. */
final class TfModel implements Model {
    private static final int WORKING_LAYERS_SHOWN = 8;

    private final ModelFile file;
    private final OpRegistry ops;
    private final ConfigProto config;
    private final InputSpec input;
    private final String inputNode;
    private final FlatGraph graph;
    private final Weights weights;
    private final ValuePath values;
    private final HookCatalogue catalogue;
    private final Set<TfLayerHook> hooks = new LinkedHashSet<>();
    private boolean closed;

    /** Prepares a model; TensorFlow is loaded. */
    TfModel(ModelFile file, ModelOptions options, OpRegistry ops) {
        this.file = file;
        this.ops = ops;
        this.config = TfDevices.config(options.device(), options.threads());
        var flattener = new GraphFlattener(file.graph(), boundInputs(file), ops);
        var flatInput = flattener.flat(file.input());
        this.inputNode = flatInput.node();
        var flat = DeadBranches.resolve(flattener.flatten(file.outputs()));
        if (!flat.contains(inputNode)) {
            throw new DataException(
                    "The outputs of '%s' do not depend on its input '%s': choose another signature."
                            .formatted(file.path(), file.inputName()));
        }
        var objectNodes = flattener.variables();
        var bound = Weights.bind(file, InputNode.place(flat, flatInput, file), objectNodes, config);
        this.weights = bound.weights();
        this.graph = GradientRewrites.apply(bound.graph(), inputNode, ops);
        this.values = new ValuePath(graph, inputNode, ops);
        this.catalogue = new HookCatalogue(graph, values, readVariables(objectNodes), ops);
        this.input = spec(file);
    }

    private static Map<String, List<Integer>> boundInputs(ModelFile file) {
        var objects = file.objects();
        var bound = new HashMap<String, List<Integer>>();
        if (objects != null) {
            objects.getConcreteFunctionsMap()
                    .forEach((name, function) -> bound.put(name, function.getBoundInputsList()));
        }
        return bound;
    }

    /** For each node that reads a variable, the name that its author gave the variable. */
    private Map<String, String> readVariables(Map<String, Integer> objectNodes) {
        SavedObjectGraph objects = file.objects();
        var reads = new HashMap<String, String>();
        if (objects == null) {
            return reads;
        }
        for (NodeDef node : graph.nodes().values()) {
            var object =
                    node.getOp().equals("ReadVariableOp")
                            ? objectNodes.get(TensorName.parse(node.getInput(0)).node())
                            : null;
            if (object != null) {
                reads.put(node.getName(), objects.getNodes(object).getVariable().getName());
            }
        }
        return reads;
    }

    private static InputSpec spec(ModelFile file) {
        TensorShapeProto shape = file.inputShape();
        if (shape.getUnknownRank() || shape.getDimCount() == 0) {
            return new InputSpec(file.inputName(), Shape.of(), Layout.FLAT, OptionalInt.empty());
        }
        var sizes = shape.getDimList().stream().mapToLong(TensorShapeProto.Dim::getSize).toArray();
        var row = new int[sizes.length - 1];
        for (int i = 0; i < row.length; i++) {
            row[i] = sizes[i + 1] < 1 ? Shape.UNKNOWN : Math.toIntExact(sizes[i + 1]);
        }
        return new InputSpec(
                file.inputName(),
                Shape.of(row),
                layout(row),
                sizes[0] < 1 ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(sizes[0])));
    }

    /** Channels are few: one, three, or four with transparency. */
    private static Layout layout(int[] row) {
        var channels = Set.of(1, 3, 4);
        if (row.length == 3 && channels.contains(row[2])) {
            return Layout.CHANNELS_LAST;
        }
        return row.length == 3 && channels.contains(row[0]) ? Layout.CHANNELS_FIRST : Layout.FLAT;
    }

    @Override
    public InputSpec input() {
        return input;
    }

    @Override
    public List<Layer> layers(Shape inputShape) {
        requireOpen();
        return layersOf(shapes(graph, inputShape));
    }

    private List<Layer> layersOf(LayerShapes shapes) {
        var layers = new ArrayList<Layer>();
        for (HookCatalogue.Hook hook : catalogue.listed()) {
            shapes.row(new TensorName(hook.node(), 0))
                    .ifPresent(
                            row ->
                                    layers.add(
                                            new Layer(
                                                    hook.name(),
                                                    hook.kind(),
                                                    row,
                                                    values.obstacle(hook.node()))));
        }
        return layers;
    }

    private LayerShapes shapes(FlatGraph part, Shape row) {
        if (input.shape().rank() > 0 && !input.shape().admits(row)) {
            throw new DataException(
                    "The model '%s' takes inputs of %s, not of %s: give inputs of that shape."
                            .formatted(file.path(), input.shape(), row));
        }
        return new LayerShapes(part, inputNode, row, input.batch());
    }

    @Override
    public Optional<String> defaultLayer() {
        requireOpen();
        if (input.shape().rank() == 0) {
            return Optional.empty();
        }
        var vectors =
                layersOf(shapes(graph, input.shape())).stream()
                        .filter(layer -> layer.shape().rank() == 1 && layer.obstacle().isEmpty())
                        .map(Layer::name)
                        .toList();
        return DefaultLayer.choose(graph, vectors, name -> catalogue.find(name).node());
    }

    @Override
    public LayerHook hook(String layer, HookOptions options) {
        requireOpen();
        var hook = catalogue.find(layer);
        var tensor = new TensorName(hook.node(), 0);
        if (options.gradients()) {
            values.obstacle(hook.node())
                    .ifPresent(
                            obstacle -> {
                                throw new DataException(
                                        "The layer '%s' can't be hooked: %s Layers with gradients are %s."
                                                .formatted(layer, obstacle, working()));
                            });
        }
        var relu =
                options.fakeRelu() ? FakeRelu.find(graph, hook.node()) : Optional.<String>empty();
        var cut = graph.cut(hook.node(), inputNode);
        if (relu.isPresent()) {
            cut = FakeRelu.apply(cut, relu.get(), ops);
        }
        var row =
                shapes(cut, options.input())
                        .row(tensor)
                        .orElseThrow(
                                () ->
                                        new DataException(
                                                "The layer '%s' does not have one row for each input: choose another one."
                                                        .formatted(layer)));
        long batch = input.batch().orElse(-1);
        var nativeGraph =
                new HookGraph(
                        new Cut(
                                LayerShapes.withInput(cut, inputNode, batch, options.input()),
                                inputNode,
                                tensor,
                                options.input(),
                                row,
                                input.batch()),
                        weights,
                        config,
                        options.gradients());
        var opened =
                new TfLayerHook(
                        nativeGraph,
                        new Layer(hook.name(), hook.kind(), nativeGraph.row()),
                        options.input(),
                        relu.isPresent(),
                        input.batch(),
                        this::forget);
        synchronized (hooks) {
            hooks.add(opened);
        }
        return opened;
    }

    /** The last layers that have a gradient, for messages. */
    private String working() {
        var names =
                catalogue.listed().stream()
                        .filter(hook -> values.obstacle(hook.node()).isEmpty())
                        .map(HookCatalogue.Hook::name)
                        .toList();
        if (names.isEmpty()) {
            return "none";
        }
        int first = Math.max(0, names.size() - WORKING_LAYERS_SHOWN);
        return names.subList(first, names.size()).stream()
                .collect(Collectors.joining(", ", first > 0 ? "..., " : "", ""));
    }

    private void forget(TfLayerHook hook) {
        synchronized (hooks) {
            hooks.remove(hook);
        }
    }

    private void requireOpen() {
        synchronized (hooks) {
            if (closed) {
                throw new IllegalStateException("The model " + file.path() + " is closed");
            }
        }
    }

    @Override
    public void close() {
        try (var scope = new Scope()) {
            synchronized (hooks) {
                closed = true;
                hooks.forEach(scope::own);
            }
        }
    }
}
