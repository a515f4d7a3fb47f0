package stir.backend.djl;

import ai.djl.engine.EngineException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.Shape;
import stir.backend.djl.libtorch.HookedSource;

/** A network in a file. Hooks at the same layer share a copy of it in libtorch. */
final class TorchScriptModel implements Model {
    private static final int IMAGE_RANK = 3;

    private final PyTorch pyTorch;
    private final ai.djl.Device device;
    private final NetworkFile file;
    private final Map<Shape, LayerTable> tables = new ConcurrentHashMap<>();
    private final SharedComputations computations = new SharedComputations();

    /** Creates a model. */
    TorchScriptModel(PyTorch pyTorch, ai.djl.Device device, NetworkFile file) {
        this.pyTorch = pyTorch;
        this.device = device;
        this.file = file;
    }

    @Override
    public InputSpec input() {
        var shape = file.input();
        return new InputSpec(
                file.arguments().searched(),
                shape,
                shape.rank() == IMAGE_RANK ? Layout.CHANNELS_FIRST : Layout.FLAT,
                fixedBatch(shape));
    }

    /** Returns the number of inputs if tracing has fixed it, by running the network. */
    private OptionalInt fixedBatch(Shape shape) {
        if (file.rows().isEmpty() || !shape.isKnown()) {
            return OptionalInt.empty();
        }
        try {
            return table(shape).fixedRows();
        } catch (DataException e) {
            return OptionalInt.empty(); // opening a hook reports it
        }
    }

    @Override
    public List<Layer> layers(Shape input) {
        return input.isKnown() ? table(input).layers() : unmeasuredLayers();
    }

    private List<Layer> unmeasuredLayers() {
        return file.layers().stream()
                .map(layer -> new Layer(layer.name(), layer.kind(), Shape.of()))
                .toList();
    }

    private LayerTable table(Shape input) {
        return tables.computeIfAbsent(input, shape -> {
            try (var listing = load(file.listing(), "the list of layers")) {
                return LayerTable.measure(file, listing, shape);
            }
        });
    }

    private ScriptComputation load(HookedSource source, String purpose) {
        try {
            return ScriptComputation.load(pyTorch, device, file, source);
        } catch (EngineException e) {
            throw LibtorchFailures.ofLoad(e, toString(), purpose);
        }
    }

    @Override
    public Optional<String> defaultLayer() {
        return file.defaultLayer();
    }

    @Override
    public LayerHook hook(String layer, HookOptions options) {
        var source = file.hook(layer, options.fakeRelu());
        var request = new LayerProbe.Request(
                toString(),
                layer,
                file.kind(layer),
                options.input(),
                source.fakeRelu(),
                file.hasFusedAttention(),
                file.rows(),
                options.gradients());
        return computations.hook(source, request, () -> load(source, layer));
    }

    @Override
    public Map<String, String> runtime() {
        return PyTorch.runtime(pyTorch.djl(), device);
    }

    @Override
    public Map<String, String> origin() {
        return file.origin();
    }

    /** Does nothing, since the hooks own all native memory. */
    @Override
    public void close() {}

    /** Returns the file, for messages. */
    @Override
    public String toString() {
        return file.file().toString();
    }
}
