package stir.backend.tf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.TensorShapeProto;
import stir.api.DataException;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.support.BatchPool;
import stir.api.support.GraphAnalysis;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.GraphOperators;
import stir.backend.tf.graph.LayerShapes;
import stir.backend.tf.graph.NodeBuilders;
import stir.backend.tf.graph.TensorFlowMessages;
import stir.backend.tf.graph.TensorName;
import stir.backend.tf.rewrite.FakeReluRewrite;
import stir.backend.tf.saved.HookCatalogue;
import stir.backend.tf.saved.TensorFlowFile;

/** An open model; each hook has a native graph of its own. */
final class TfModel implements Model {
    private static final int MAX_WORKING_LAYERS = 8;

    private final PreparedModel model;
    private final Device device;
    private final ConfigProto config;
    private final InputSpec input;

    /**
     * Opens a prepared model.
     *
     * @param config the settings of sessions
     */
    TfModel(PreparedModel model, ModelOptions options, ConfigProto config) {
        this.model = model;
        this.device = options.device();
        this.config = config;
        this.input = spec(model.file());
    }

    private static InputSpec spec(TensorFlowFile file) {
        TensorShapeProto shape = file.inputShape();
        if (shape.getUnknownRank() || shape.getDimCount() == 0) {
            return new InputSpec(file.inputName(), Shape.of(), Layout.FLAT, OptionalInt.empty());
        }
        var sizes = shape.getDimList().stream()
                .mapToLong(TensorShapeProto.Dim::getSize)
                .toArray();
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

    /** Returns an image's layout, determined by a dimension of one, three or four channels. */
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
        return naming(() -> layersOf(shapes(model.graph(), inputShape)));
    }

    private List<Layer> layersOf(LayerShapes shapes) {
        var layers = new ArrayList<Layer>();
        for (HookCatalogue.NamedHook hook : model.catalogue().listed()) {
            var obstacle = model.values().obstacle(hook.node());
            shapes.row(new TensorName(hook.node(), 0))
                    .map(row -> new Layer(hook.name(), hook.kind(), row, obstacle))
                    .ifPresent(layers::add);
        }
        return layers;
    }

    private LayerShapes shapes(FlatGraph part, Shape row) {
        if (input.shape().rank() > 0 && !input.shape().admits(row)) {
            throw new DataException("The model '%s' takes inputs of %s, not of %s: use inputs of that shape."
                    .formatted(model.file().path(), input.shape(), row));
        }
        return new LayerShapes(part, batch -> inputShapes(batch, row), input.batch());
    }

    /** Returns the shapes of all placeholders for a number of rows, -1 where it is free. */
    private Map<String, TensorShapeProto> inputShapes(int batch, Shape row) {
        var shapes = new LinkedHashMap<String, TensorShapeProto>();
        shapes.put(model.inputNode(), NodeBuilders.rowsOf(batch, row));
        for (var side : model.sides()) {
            var dims = Arrays.stream(side.dims(batch, row)).asLongStream().toArray();
            shapes.put(side.tensor().node(), NodeBuilders.shapeOf(dims));
        }
        return shapes;
    }

    @Override
    public Optional<String> defaultLayer() {
        if (input.shape().rank() == 0) {
            return Optional.empty();
        }
        return naming(this::measured);
    }

    private Optional<String> measured() {
        var analysis = new GraphAnalysis<>(new GraphOperators(model.graph()));
        return model.measured()
                .filter(tensor -> model.values().contains(tensor.node()))
                .map(tensor ->
                        analysis.name(tensor, model.catalogue()::layerEndingAt).orElseGet(tensor::toString));
    }

    @Override
    public LayerHook hook(String layer, HookOptions options) {
        return naming(() -> open(layer, options));
    }

    private TfLayerHook open(String layer, HookOptions options) {
        var hook = model.catalogue().find(layer);
        var tensor = new TensorName(hook.node(), 0);
        if (options.gradients()) {
            var obstacle = model.values().obstacle(hook.node());
            if (obstacle.isPresent()) {
                throw new DataException(
                        "The layer '%s' can't be hooked: %s Layers with gradients are %s: use one of them, or estimate the gradient."
                                .formatted(layer, obstacle.get(), working()),
                        Remedy.ESTIMATE_GRADIENT);
            }
        }
        var relu = FakeReluRewrite.find(model.graph(), hook.node(), options.fakeRelu());
        var cut = model.graph().cut(hook.node(), model.inputNode());
        requireNoTable(layer, cut);
        if (relu.isPresent()) {
            cut = relu.get().apply(cut, model.ops());
        }
        var row = shapes(cut, options.input())
                .row(tensor)
                .orElseThrow(() -> new DataException(
                        "The layer '%s' does not have one row per input: choose another layer.".formatted(layer)));
        int batch = input.batch().orElse(-1);
        var nativeGraph = new HookGraph(
                new Cut(
                        LayerShapes.withInputs(cut, inputShapes(batch, options.input())),
                        model.inputNode(),
                        model.sides(),
                        tensor,
                        options.input(),
                        row,
                        input.batch()),
                model.weights(),
                config,
                options.gradients());
        return new TfLayerHook(
                nativeGraph,
                new Layer(hook.name(), hook.kind(), nativeGraph.row()),
                options.input(),
                relu.isPresent(),
                input.batch(),
                new BatchPool(nativeGraph.row()));
    }

    /**
     * Checks that a layer reads no table: only an initialiser, which does not run, fills tables.
     */
    private static void requireNoTable(String layer, FlatGraph cut) {
        for (var node : cut.nodes().values()) {
            if (node.getOp().startsWith("LookupTable")) {
                throw new DataException(
                        "The layer '%s' depends on a lookup table (%s), which Stir does not support: choose an earlier layer, or export the network without the table."
                                .formatted(layer, node.getName()));
            }
        }
    }

    private <T> T naming(Supplier<T> work) {
        return TensorFlowMessages.namingFile(model.file().path(), work);
    }

    /** Returns the names of the last layers with a gradient, for messages. */
    private String working() {
        var names = model.catalogue().listed().stream()
                .filter(hook -> model.values().obstacle(hook.node()).isEmpty())
                .map(HookCatalogue.NamedHook::name)
                .toList();
        if (names.isEmpty()) {
            return "none";
        }
        int first = Math.max(0, names.size() - MAX_WORKING_LAYERS);
        return names.subList(first, names.size()).stream()
                .collect(Collectors.joining(", ", first > 0 ? "..., " : "", ""));
    }

    @Override
    public Map<String, String> runtime() {
        return TfRuntime.facts(device);
    }

    @Override
    public Map<String, String> origin() {
        var facts = new LinkedHashMap<String, String>();
        var file = model.file();
        facts.put("format", file.tags().isEmpty() ? "frozen TensorFlow graph" : "SavedModel");
        if (!file.writer().isEmpty()) {
            facts.put("exporter", "TensorFlow " + file.writer());
        }
        return facts;
    }

    /** Does nothing, since the hooks own all native memory. */
    @Override
    public void close() {}
}
