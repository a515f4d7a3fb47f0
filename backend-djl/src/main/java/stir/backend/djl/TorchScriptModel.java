package stir.backend.djl;

import ai.djl.engine.EngineException;

import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.Shape;
import stir.backend.djl.torchscript.HookedSource;
import stir.backend.djl.torchscript.TorchScriptArchive;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** A network in a TorchScript archive. Each hook loads its own copy into libtorch. */
final class TorchScriptModel implements Model {
    private static final int IMAGE_RANK = 3;

    private final PyTorch pyTorch;
    private final ai.djl.Device device;
    private final TorchScriptArchive archive;
    private final Map<Shape, LayerTable> tables = new ConcurrentHashMap<>();

    TorchScriptModel(PyTorch pyTorch, ai.djl.Device device, TorchScriptArchive archive) {
        this.pyTorch = pyTorch;
        this.device = device;
        this.archive = archive;
    }

    @Override
    public InputSpec input() {
        var shape = archive.inputShape();
        return new InputSpec(
                archive.network().inputName(),
                shape,
                shape.rank() == IMAGE_RANK ? Layout.CHANNELS_FIRST : Layout.FLAT,
                fixedBatch(shape));
    }

    /** Returns the number of inputs if tracing has fixed it, by running the network. */
    private OptionalInt fixedBatch(Shape shape) {
        if (archive.tracedInput().isEmpty() || !shape.isKnown()) {
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
        return archive.network().layers().stream()
                .map(layer -> new Layer(layer.name(), layer.kind(), Shape.of()))
                .toList();
    }

    private LayerTable table(Shape input) {
        return tables.computeIfAbsent(
                input,
                shape -> {
                    try (var listing = load(archive.network().listing(), "the list of layers")) {
                        return LayerTable.measure(archive, listing, shape);
                    }
                });
    }

    private ScriptComputation load(HookedSource source, String what) {
        try {
            return ScriptComputation.load(pyTorch, device, archive, source);
        } catch (EngineException e) {
            throw Failures.ofLoad(e, archive.file().toString(), what);
        }
    }

    @Override
    public Optional<String> defaultLayer() {
        return archive.network().classifierInput();
    }

    @Override
    public LayerHook hook(String layer, HookOptions options) {
        var network = archive.network();
        var source = network.hook(layer, options.fakeRelu());
        var request =
                new HookProbe.Request(
                        archive.file().toString(),
                        layer,
                        network.kind(layer),
                        options.input(),
                        source.fakeRelu(),
                        network.hasFusedAttention(),
                        tracedRows(),
                        options.gradients());
        return HookProbe.open(load(source, layer), request);
    }

    private OptionalInt tracedRows() {
        return archive.tracedInput().isPresent()
                ? OptionalInt.of(Math.toIntExact(archive.tracedInput().get().get(0)))
                : OptionalInt.empty();
    }

    @Override
    public Map<String, String> runtime() {
        return PyTorch.runtime(pyTorch.djl(), device);
    }

    @Override
    public Map<String, String> origin() {
        var facts = new LinkedHashMap<String, String>();
        facts.put("format", "TorchScript");
        if (archive.tracedInput().isPresent()) {
            facts.put("exporter", "torch.jit.trace");
        }
        return facts;
    }

    /** Does nothing, since the hooks own all native memory. */
    @Override
    public void close() {}

    /** Returns the archive of the network. */
    TorchScriptArchive archive() {
        return archive;
    }

    /** Returns the archive's file, for messages. */
    @Override
    public String toString() {
        return archive.file().toString();
    }
}
